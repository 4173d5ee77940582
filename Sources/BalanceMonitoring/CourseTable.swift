import BalanceComparisons
import BalanceCore
import BalanceMetrics
import BalanceReports

/// The classes of a run, worst first, with the course of their F1.
struct CourseTable {
  /// More classes than these are folded behind the worst.
  static let longLimit = 40
  static let worstShown = 20

  struct Row {
    let name: String
    let training: Int
    let trainingText: String
    let images: Int
    let imagesText: String
    let f1: String
    let f1Text: String
    let f1Position: String
    /// F1 on the test images, in a finished run.
    let test: [Test]
    /// Corners of the line of its course; empty without any.
    let path: [String]
    let range: String
  }

  struct Test {
    let value: String
    let text: String
  }

  let id: String
  let rows: [Row]
  let count: Int
  let isFilterable: Bool
  let hasTest: Bool
  /// Whether there were validation images.
  let hasCourse: Bool
  let caption: String

  /// - Parameters:
  ///   - rows: worst first.
  private init(id: String, rows: [Row], hasTest: Bool, hasCourse: Bool, caption: String) {
    self.id = id
    self.rows = rows
    self.hasTest = hasTest
    self.hasCourse = hasCourse
    self.caption = caption
    count = rows.count
    isFilterable = rows.count > ClassLimits.filter
  }

  /// Enough for a list to be searched in rather than read.
  private enum ClassLimits { static let filter = 20 }

  /// All classes, and the worst of them where there are many.
  static func tables(
    counts: ClassCounts, course: ClassCourse, validation: Evaluation?, test: Evaluation?
  ) -> (worst: CourseTable?, all: CourseTable?) {
    guard !course.epochs.isEmpty || test != nil else { return (nil, nil) }
    let points = counts.classCount > 200 ? 24 : 40
    let thinned = CurveChart.thinned(course.epochs, to: points)
    let latest = course.epochs.last?.f1
    let decisive = test?.classes.map(\.f1) ?? latest ?? []
    let support = (test ?? validation)?.classes.map(\.support)
    func isUnseen(_ c: Int) -> Bool { support?[c] == 0 }
    let order = counts.names.indices.sorted { a, b in
      if isUnseen(a) != isUnseen(b) { return isUnseen(b) }
      return (decisive[a], counts.counts[a], counts.names[a])
        < (decisive[b], counts.counts[b], counts.names[b])
    }
    let rows = order.map { c in
      let values = thinned.map { $0.f1[c] }
      let unseen = validation.map { $0.classes[c].support == 0 } ?? false
      let f1 = unseen ? nil : latest?[c]
      return Row(
        name: counts.names[c], training: counts.counts[c],
        trainingText: Figures.count(counts.counts[c]),
        images: validation?.classes[c].support ?? -1,
        imagesText: validation.map { Figures.count($0.classes[c].support) } ?? "",
        f1: Markup.number(f1 ?? -1), f1Text: f1.map { Figures.fixed($0) } ?? "–",
        f1Position: Markup.position(100 * (f1 ?? 0)),
        test: test.map { test in
          let scores = test.classes[c]
          return [
            Test(
              value: Markup.number(scores.support == 0 ? -1 : scores.f1),
              text: scores.support == 0 ? "–" : Figures.fixed(scores.f1))
          ]
        } ?? [],
        path: unseen || values.count < 2 ? [] : [Self.path(values)],
        range: Self.range(course.epochs.map { $0.f1[c] }))
    }
    let images = test == nil ? "validation images" : "test images"
    func table(_ id: String, _ rows: some Collection<Row>) -> CourseTable {
      CourseTable(
        id: id, rows: Array(rows), hasTest: test != nil, hasCourse: !course.epochs.isEmpty,
        caption: "Worst first, by F1 on the \(images)."
          + (course.epochs.isEmpty
            ? ""
            : " The course runs from the first epoch to the latest, on an axis from 0 to 1."))
    }
    guard rows.count > longLimit else { return (nil, table("classes", rows)) }
    return (table("worst", rows.prefix(worstShown)), table("classes", rows))
  }

  /// Steps in whole numbers on a field of 200 by 40, the vertical axis from 0 to 1.
  private static func path(_ values: [Double]) -> String {
    var (x, y) = (0, height(values[0]))
    var path = "M0 \(y)l"
    for (index, value) in values.enumerated().dropFirst() {
      let (nextX, nextY) = (200 * index / (values.count - 1), height(value))
      path += "\(index > 1 ? " " : "")\(nextX - x) \(nextY - y)"
      (x, y) = (nextX, nextY)
    }
    return path
  }

  private static func height(_ value: Double) -> Int {
    Int(saturating: (40 * (1 - min(1, max(0, value)))).rounded())
  }

  /// The lowest and the highest value in words, for those who do not see the line.
  private static func range(_ values: [Double]) -> String {
    guard let low = values.min(), let high = values.max() else { return "" }
    return "\(Figures.fixed(low, digits: 2))–\(Figures.fixed(high, digits: 2))"
  }

  static let template = """
    {{#isFilterable}}<p class="filter" hidden><label>Show classes whose name contains \
    <input type="search" data-filter="{{id}}"></label> <span role="status"></span></p>\
    {{/isFilterable}}<div class="scroll tall" tabindex="0" role="region" aria-label="{{caption}}">\
    <table class="classes course" id="{{id}}" role="table"><caption>{{caption}}</caption>\
    <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader" data-sort="text">\
    Class</th><th scope="col" role="columnheader" class="n" data-sort="num">Training images</th>\
    {{#hasCourse}}<th scope="col" role="columnheader" class="n" data-sort="num">Validation images\
    </th>{{/hasCourse}}\
    {{#hasTest}}<th scope="col" role="columnheader" class="n" data-sort="num">F1, test</th>\
    {{/hasTest}}{{#hasCourse}}<th scope="col" role="columnheader" data-sort="num">F1, validation\
    </th><th scope="col" role="columnheader">Course</th>{{/hasCourse}}</tr></thead>\
    <tbody role="rowgroup">{{#rows}}<tr role="row"><th scope="row" role="rowheader">{{name}}</th>\
    <td class="n" role="cell" data-label="training" data-v="{{training}}">{{trainingText}}</td>\
    {{#hasCourse}}<td class="n" role="cell" data-label="validation" data-v="{{images}}">{{imagesText}}</td>{{/hasCourse}}\
    {{#test}}<td class="n" role="cell" data-label="F1, test" data-v="{{value}}">{{text}}</td>{{/test}}\
    {{#hasCourse}}<td class="db" role="cell" data-v="{{f1}}"><span class="fig">{{f1Text}}</span>\
    <span class="unit"><i class="thick" style="left:0;width:{{f1Position}}%"></i></span></td>\
    <td role="cell">{{#path}}<svg class="spark" viewBox="0 0 200 40" preserveAspectRatio="none">\
    <path d="{{.}}"/></svg>{{/path}} <small>{{range}}</small></td>{{/hasCourse}}</tr>
    {{/rows}}</tbody></table></div>
    """
}
