import BalanceComparisons
public import BalanceCore
public import Foundation
import Mustache

/// Images with what a model says of them, as one HTML file that needs nothing else: by predicted
/// class, the least sure first, since those are worth a look.
public struct ContactSheet {
  public struct Picture: Sendable {
    public let path: String
    public let predicted: String
    /// Of the predicted class.
    public let probability: Double
    /// A PNG.
    public let thumbnail: Data

    public init(path: String, predicted: String, probability: Double, thumbnail: Data) {
      self.path = path
      self.predicted = predicted
      self.probability = probability
      self.thumbnail = thumbnail
    }
  }

  private struct Group {
    let name: String
    let count: String
    let cells: [Cell]
  }

  private struct Cell {
    let source: String
    let path: String
    let name: String
    let percent: String
  }

  private let title: String
  private let summary: String
  private let groups: [Group]
  private let style = ReportStyle.text + Self.cellStyle

  /// - Parameters:
  ///   - title: what predicted, such as the run's name.
  ///   - pictures: those to be shown.
  ///   - counts: how many images each class was predicted for, shown or not.
  ///   - unreadable: how many files are no images.
  public init(title: String, pictures: [Picture], counts: [String: Int], unreadable: Int) {
    self.title = title
    let total = counts.values.reduce(0, +)
    var summary = Figures.counted(total, "image") + " classified"
    if pictures.count < total { summary += ", the \(pictures.count) least sure shown" }
    if unreadable > 0 { summary += "; \(Figures.counted(unreadable, "file")) could not be read" }
    self.summary = summary + "."
    let byClass = Dictionary(grouping: pictures, by: \.predicted)
    groups = byClass.sorted { $0.key < $1.key }.map { name, pictures in
      let ordered = pictures.sorted { ($0.probability, $0.path) < ($1.probability, $1.path) }
      return Group(
        name: name, count: Figures.counted(counts[name] ?? pictures.count, "image"),
        cells: ordered.map(Self.cell))
    }
  }

  private static func cell(_ picture: Picture) -> Cell {
    Cell(
      source: "data:image/png;base64," + picture.thumbnail.base64EncodedString(),
      path: picture.path,
      name: URL(fileURLWithPath: picture.path).lastPathComponent,
      percent: Figures.fixed(100 * picture.probability, digits: 1) + " %")
  }

  /// - Throws: `BalanceError` (`software`) if the template of this program is malformed.
  public func html() throws(BalanceError) -> String {
    ScalarHTML.register
    do {
      return try MustacheTemplate(string: "{{%CONTENT_TYPE:\(ScalarHTML.name)}}" + Self.page)
        .render(self)
    } catch {
      throw BalanceError(.software, "the contact sheet's template is malformed: \(error)")
    }
  }

  private static let cellStyle = """
    .cells{display:grid;grid-template-columns:repeat(auto-fill,minmax(128px,1fr));gap:14px 12px;\
    list-style:none;margin:12px 0;padding:0}
    .cells img{display:block;width:100%;aspect-ratio:1;object-fit:contain;background:var(--soft);\
    image-rendering:auto}
    .cells b{font-variant-numeric:tabular-nums}
    .cells span{display:block;font-size:.8rem;color:var(--muted);overflow:hidden;\
    text-overflow:ellipsis;white-space:nowrap}
    """

  private static let page = """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width,initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
    style-src 'unsafe-inline'">
    <title>{{title}}</title><style>{{{style}}}</style></head><body>
    <header><h1>{{title}}</h1><p class="muted">{{summary}} Within a class the least sure come \
    first; the figure is the probability of the predicted class.</p></header>
    <main>{{#groups}}<section><h2>{{name}} <small>{{count}}</small></h2><ul class="cells">
    {{#cells}}<li><img src="{{{source}}}" alt="{{name}}" loading="lazy"><b>{{percent}}</b>\
    <span title="{{path}}">{{name}}</span></li>
    {{/cells}}</ul></section>{{/groups}}</main></body></html>

    """
}
