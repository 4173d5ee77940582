import BalanceCore
import BalanceDatasets
import BalanceExperiments
import Foundation
import Testing

/// What a manifest says of how its dataset is read.
@Suite struct ManifestSourceTests {
  private func data(_ lines: String) throws -> ExperimentManifest.DataSection {
    let inner = lines.split(separator: "\n").map { "  \($0)\n" }.joined()
    return try ExperimentManifest(
      yaml: "data:\n  root: /d\n\(inner)", file: "trial.yaml", variables: [:]
    ).data
  }

  @Test func patternsAndDepths() throws {
    let patterns = try data(
      "pattern: ['{class}/*.jpg', '{class}-*']\nexcept: '**/*_mask*'\ngroup-pattern: '{group}_*'")
    #expect(
      try patterns.source
        == .pattern(
          [PathPattern("{class}/*.jpg"), PathPattern("{class}-*")],
          except: [PathPattern("**/*_mask*")]))
    #expect(try patterns.groups == PathPattern("{group}_*"))
    #expect(try data("class-depth: 2").classDepth == 2)
  }

  @Test func tablesInEveryForm() throws {
    let table = try data(
      """
      csv:
        file: [list.txt, other.txt]
        columns: [name, kind]
        delimiter: space
        image-column: name
        image-root: [a, b]
        label-columns: [kind]
      """)
    #expect(
      table.source
        == .csv(
          CSVSource(
            file: "list.txt", moreFiles: ["other.txt"], columns: ["name", "kind"],
            delimiter: .space, imageColumn: "name",
            imageRoots: ["a", "b"], labelColumns: ["kind"])))
  }

  @Test(arguments: [
    ("pattern: '{clas}/*'", "trial.yaml, line 3: has the unknown placeholder '{clas}'"),
    ("pattern: '*/*'", "trial.yaml, line 3: has no {class}"),
    ("except: 'x'", "trial.yaml, line 3: 'except' needs 'pattern'"),
    ("pattern: '{class}/*'\nclass-depth: 2", "'pattern' and 'class-depth' both say what"),
    (
      "csv: {file: t, image-column: a, delimiter: dash}", "unknown delimiter 'dash'"
    ),
  ])
  func mistakesNameTheLine(_ lines: String, _ words: String) throws {
    let error = try #require(throws: BalanceError.self) { try data(lines) }
    #expect("\(error)".contains(words), "\(error)")
  }
}
