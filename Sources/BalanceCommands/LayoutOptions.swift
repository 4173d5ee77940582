import ArgumentParser
import BalanceCore
import BalanceDatasets
import Foundation

/// What in a file's path names its class, group and role, where the folders alone do not say it.
struct LayoutOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Which folder below DATASET, or below its train, val and test, names the class: 1 for those "
        + "in it, 2 for those in them.", valueName: "n"))
  var classDepth: Int?

  @Option(
    help: ArgumentHelp(
      "Take images whose paths match, such as '{class}/photos/*.jpg' or "
        + "'{split}/**/{class}/{group}_*.png'. May be repeated.", valueName: "pattern"))
  var pattern: [String] = []

  @Option(
    help: ArgumentHelp(
      "Leave out what matches, such as '**/*_mask.png'. May be repeated.", valueName: "pattern"))
  var except: [String] = []

  @Option(
    help: ArgumentHelp(
      "What in the path names the patient, lesion, … that must not be split: '*/{group}_*.png'.",
      valueName: "pattern"))
  var groupPattern: String?

  var isGiven: Bool {
    classDepth != nil || !pattern.isEmpty || !except.isEmpty || groupPattern != nil
  }

  /// Options that need each other, or exclude each other.
  func validate() throws {
    if !except.isEmpty, pattern.isEmpty {
      throw ValidationError("--except needs --pattern, such as --pattern '{class}/**'.")
    }
    if !pattern.isEmpty, classDepth != nil {
      throw ValidationError("--pattern says where the class is: leave --class-depth out.")
    }
  }

  /// Nil where the options choose none.
  func source(root: URL) throws(BalanceError) -> DatasetSource? {
    guard pattern.isEmpty else {
      return try .pattern(
        Self.patterns(pattern, "--pattern"), except: Self.patterns(except, "--except"))
    }
    guard let classDepth else { return nil }
    return try DatasetSource.detect(root: root, classDepth: classDepth)
  }

  func groups() throws(BalanceError) -> PathPattern? {
    try Self.patterns(groupPattern.map { [$0] } ?? [], "--group-pattern").first
  }

  private static func patterns(_ texts: [String], _ option: String) throws(BalanceError)
    -> [PathPattern]
  {
    var patterns: [PathPattern] = []
    for text in texts {
      do { patterns.append(try PathPattern(text)) } catch {
        throw error.located(at: "\(option) '\(text)'")
      }
    }
    return patterns
  }
}
