public import BalanceCore
public import BalanceDatasets
public import Foundation

extension ExperimentManifest.DataSection {
  /// What the section chooses; nil where it leaves it to the index, or to what is found.
  ///
  /// - Throws: as `DatasetSource.detect(root:classDepth:)`, where a depth is said.
  public func source(in root: URL) throws(BalanceError) -> DatasetSource? {
    guard let classDepth else { return source }
    return try DatasetSource.detect(root: root, classDepth: classDepth)
  }
}

extension YAMLMapping {
  static let sourceKeys = ["csv", "pattern", "except", "class-depth", "group-pattern"]
  private static let tableKeys = [
    "file", "columns", "delimiter", "image-column", "image-root", "image-suffix", "label-columns",
    "group-column", "split-column",
  ]

  /// How the images' classes and groups are said.
  func readSource(into data: inout ExperimentManifest.DataSection) throws(BalanceError) {
    let given = ["csv", "pattern", "class-depth"].filter(has)
    guard given.count <= 1 else {
      throw BalanceError(
        .usage, "'\(given[0])' and '\(given[1])' both say what the classes are",
        at: place(given[1]), remedy: "leave one out")
    }
    data.classDepth = try number("class-depth", Int.self)
    data.groups = try patterns("group-pattern").first
    if let table = try mapping("csv", keys: Self.tableKeys) {
      var files = try table.list("file") ?? []
      if files.isEmpty { files.append(try table.required("file")) }
      data.source = .csv(
        CSVSource(
          file: files[0],
          moreFiles: files.count > 1 ? Array(files.dropFirst()) : nil,
          columns: try table.list("columns"), delimiter: try table.delimiter(),
          imageColumn: try table.required("image-column"),
          imageRoots: try table.list("image-root") ?? [],
          imageSuffix: try table.text("image-suffix"),
          labelColumns: try table.list("label-columns") ?? [],
          groupColumn: try table.text("group-column"),
          splitColumn: try table.text("split-column")))
    }
    guard has("pattern") else {
      guard !has("except") else {
        throw BalanceError(
          .usage, "'except' needs 'pattern'", at: place("except"),
          remedy: "add pattern: '{class}/**', or another")
      }
      return
    }
    let (taken, left) = (try patterns("pattern"), try patterns("except"))
    do { data.source = try .pattern(taken, except: left) } catch {
      throw error.located(at: place("pattern"))
    }
  }

  private func delimiter() throws(BalanceError) -> TableDelimiter? {
    guard let text = try text("delimiter") else { return nil }
    do { return try TableDelimiter(text) } catch { throw error.located(at: place("delimiter")) }
  }

  private func patterns(_ key: String) throws(BalanceError) -> [PathPattern] {
    var patterns: [PathPattern] = []
    for text in try list(key) ?? [] {
      do { patterns.append(try PathPattern(text)) } catch { throw error.located(at: place(key)) }
    }
    return patterns
  }
}
