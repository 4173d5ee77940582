public import BalanceComparisons
public import BalanceCore
public import Foundation

/// Writes a comparison for people and for programs.
public enum ReportWriter {
  /// The files of a report.
  public static let fileNames = ["html", "md", "csv", "json"].map { "report.\($0)" }

  /// The name of a file that would be replaced by a report's and belongs to none: where one of
  /// them is without its page, which is written first. Nil where there is none.
  package static func foreignFile(in folder: URL) -> String? {
    let standing = fileNames.filter {
      FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path)
    }
    guard let first = standing.first else { return nil }
    let page = try? MappedFile(folder.appendingPathComponent(fileNames[0]))
    return page?.starts(with: HTMLReport.head.utf8) == true ? nil : first
  }

  /// Writes `report.html`, `report.md`, `report.csv` and `report.json` into `folder`, which is
  /// made if it is not there. Each file appears whole or not at all.
  ///
  /// - Returns: the files, the HTML first.
  /// - Throws: `BalanceError` (`cannotCreate`) naming the place that cannot be written.
  @discardableResult
  public static func write(_ comparison: Comparison, title: String, to folder: URL)
    throws(BalanceError) -> [URL]
  {
    let json: Data
    do {
      json = try CanonicalJSON.encode(comparison)
    } catch {
      throw BalanceError(.software, "the comparison cannot be encoded: \(error)")
    }
    let contents = [
      Data(try html(comparison, title: title).utf8),
      Data(markdown(comparison, title: title).utf8), Data(csv(comparison).utf8), json,
    ]
    try AtomicFile.makeFolder(folder)
    var written: [URL] = []
    for (name, data) in zip(fileNames, contents) {
      let url = folder.appendingPathComponent(name)
      try AtomicFile.write(data, to: url)
      written.append(url)
    }
    return written
  }

  /// The self-contained page.
  public static func html(_ comparison: Comparison, title: String) throws(BalanceError) -> String {
    try HTMLReport(comparison, title: title).render()
  }

  /// The main tables as GitHub-flavoured Markdown.
  public static func markdown(_ comparison: Comparison, title: String) -> String {
    MarkdownReport(comparison, title: title).text
  }

  /// One row an arm, level, item and metric (RFC 4180).
  public static func csv(_ comparison: Comparison) -> String { CSVReport(comparison).text }
}
