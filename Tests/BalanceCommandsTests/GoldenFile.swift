import Foundation
import Testing

/// Texts in Tests/Goldens that a test compares with what the program says, and writes again when
/// `BALANCE_WRITE_GOLDENS` is set, so that a change of them is seen in a diff.
enum GoldenFile {
  /// The project's folder.
  static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static let writes = ProcessInfo.processInfo.environment["BALANCE_WRITE_GOLDENS"] != nil

  static func expect(
    _ text: String, at path: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let place = project.appendingPathComponent(path)
    if writes { try Data(text.utf8).write(to: place) }
    let expected = try? String(contentsOf: place, encoding: .utf8)
    #expect(
      text == expected,
      "\(path): set BALANCE_WRITE_GOLDENS=1 to write it again, and look at the diff",
      sourceLocation: sourceLocation)
  }
}
