import BalanceCore
import BalanceDatasets
import Foundation
import Testing

/// What a pattern takes and leaves, seen at the index that it makes.
@Suite struct PathPatternTests {
  /// A pattern, the paths it finds with `class split group` of each, and paths that it passes over.
  static let cases: [(pattern: String, found: [String: String], others: [String])] = [
    (
      "MT_{class}/Imgs/*.png", ["MT_Blowhole/Imgs/1.png": "Blowhole - -"],
      ["MT_Free/1.png", "MT_Free/Imgs/x/1.png", "mt_Free/Imgs/1.png", "x/MT_Free/Imgs/1.png"]
    ),
    (
      "{split}/{class}/{group}_*.png",
      ["train/cat/p1_2.png": "cat train p1", "Testing/cat/p_1_2.png": "cat test p_1"],
      ["train/cat/p1.png"]
    ),
    // As much as it can, from the left.
    (
      "{class}_*.png",
      ["american_bulldog_10.png": "american_bulldog - -", "Abyssinian_1.png": "Abyssinian - -"],
      ["x/Abyssinian_1.png", "_1.png"]
    ),
    ("{class}_{group}.png", ["a_b_c.png": "a_b - c"], []),
    (
      "**/{class}/*.png",
      ["a/1.png": "a - -", "x/a/1.png": "a - -", "x/y/a/1.png": "a - -"], ["1.png"]
    ),
    ("{class}/**", ["a/1.png": "a - -", "a/x/y/1.png": "a - -"], ["1.png"]),
    (
      "a/**/{class}-*.png", ["a/b-1.png": "b - -", "a/x/b-1.png": "b - -"],
      ["b-1.png", "x/b-1.png"]
    ),
    ("{class}/*.{png,jpeg}", ["a/1.png": "a - -"], ["a/1.PNG"]),
    ("*/{class}{,_x}.png", ["d/a_x.png": "a_x - -", "d/b.png": "b - -"], []),
    ("{group}/{class}/{group}.png", ["s/a/1.png": "a - s/1"], []),
    ("\\{{class}\\}/*", ["{a}/1.png": "a - -"], ["a/1.png"]),
    ("{class}/é*.png", ["ä/é1.png": "ä - -"], ["ä/e1.png"]),
  ]

  @Test(arguments: cases)
  func matches(_ example: (pattern: String, found: [String: String], others: [String])) throws {
    let data = try TemporaryDataset()
    let paths = example.found.keys + example.others
    for (key, path) in paths.enumerated() { try data.addImage(path, key: key + 1) }
    let index = try data.index(.pattern([PathPattern(example.pattern)])).0
    let hasSplit = try !index.splits().isEmpty
    let found = try index.images().map { image in
      let role =
        try hasSplit
        ? SplitRole.allCases.first {
          try index.images(role: $0).contains { $0.path == image.path }
        } : nil
      let name = try index.classNames()[image.label]
      return (image.path, "\(name) \(role?.rawValue ?? "-") \(image.group ?? "-")")
    }
    #expect(Dictionary(uniqueKeysWithValues: found) == example.found, "\(example.pattern)")
    let ignored = try index.ignored()
    #expect(
      ignored.map(\.count).reduce(0, +) == example.others.count
        && ignored.allSatisfy { $0.category == "matching no pattern (images)" }, "\(ignored)")
  }

  @Test(arguments: [
    ("", "is empty"), ("/a/{class}/*", "begins with /"), ("a//{class}", "a name that is empty"),
    ("../{class}/*", "'.' or '..'"), ("{class}/", "a name that is empty"),
    ("{clas}/*", "the unknown placeholder '{clas}': did you mean '{class}'?; there are: {class}"),
    ("{}/*", "the unknown placeholder '{}'"), ("{class/*", "is never closed"),
    ("{class}{group}/*", "'{class}' and '{group}' side by side, so that nothing tells them apart"),
    ("{class}*.png", "'{class}' and '*' side by side"), ("*{class}", "'*' and '{class}'"),
    ("{class}{x,}{group}", "'{class}' and '{group}' side by side"),
    ("{class}/{class}_*", "'{class}' more than once"), ("a**/{class}", "'**' beside other text"),
    ("a\\b\\{class}", "write the folders with / between"), ("{a,{class}}/*", "plain texts"),
  ])
  func refuses(_ pattern: String, _ words: String) throws {
    let error = message { _ = try PathPattern(pattern) }
    #expect(error.hasPrefix("the pattern '\(pattern)': ") && error.contains(words), "\(error)")
  }

  @Test func aPatternNeedsAClass() throws {
    let error = message { _ = try DatasetSource.pattern([PathPattern("{group}/*.png")]) }
    #expect(error.hasPrefix("--pattern '{group}/*.png': has no {class}"), "\(error)")
    let exception = message {
      _ = try DatasetSource.pattern([PathPattern("{class}/*")], except: [PathPattern("{class}/x")])
    }
    #expect(exception.contains("--except '{class}/x'"), "\(exception)")
  }

  /// Tried one after the other, the readings of this pattern would outlast any patience.
  @Test func manyReadingsTakeNoLonger() throws {
    let data = try TemporaryDataset()
    let name = String(repeating: "a", count: 200)
    try data.addImage("\(name)/\(name).png", key: 1)
    try data.addImage("b/\(name)b.png", key: 2)
    let stars = String(repeating: "*a", count: 60)
    let index = try data.index(.pattern([PathPattern("**/{class}/\(stars)b.png")])).0
    #expect(try index.images().map(\.path) == ["b/\(name)b.png"])
  }

  @Test func theFirstPatternCountsAndExceptionsComeBefore() throws {
    let data = try TemporaryDataset()
    for (key, path) in ["a/1.png", "a/1_mask.png", "b-2.png"].enumerated() {
      try data.addImage(path, key: key + 1)
    }
    try data.write("GIF89a", "a/3.gif")
    try data.write("GIF89a", "x.gif")
    let source = try DatasetSource.pattern(
      [PathPattern("{class}/*"), PathPattern("{class}-*")], except: [PathPattern("**/*_mask*")])
    let index = try data.index(source).0
    #expect(try index.images().map(\.path) == ["a/1.png", "b-2.png"])
    #expect(
      try index.ignored().map(\.description) == ["1 .gif", "1 left out by --except (images)"])
    #expect(try index.problems().map(\.path) == ["a/3.gif"])
    #expect(source.summary == "images that match '{class}/*', '{class}-*', except '**/*_mask*'")
    #expect(try index.source() == source)
  }

  @Test func wordsThatNameNoPart() throws {
    let data = try TemporaryDataset()
    for (key, path) in ["train/a/1.png", "test/a/2.png", "more/b/3.png"].enumerated() {
      try data.addImage(path, key: key + 1)
    }
    let source = try DatasetSource.pattern([PathPattern("{split}/{class}/*")])
    let index = try data.index(source).0
    #expect(try index.classNames() == ["a"])
    #expect(try index.splits().map(\.origin) == [.folders])
    let problem = try #require(try index.problems().first)
    #expect(problem.path == "more/b/3.png" && problem.message.contains("1 image is in 'more'"))
    let other = try DatasetSource.pattern([PathPattern("{class}/{split}/*")])
    let error = message { _ = try data.index(other) }
    #expect(error.contains("stands for {split} names no part of a split: 'a', 'b'"), "\(error)")
  }

  @Test func nothingMatches() throws {
    let data = try TemporaryDataset()
    try data.addImage("a/1.png", key: 1)
    let error = message { _ = try data.index(.pattern([PathPattern("{class}/*.jpg")])) }
    #expect(error.contains("\"a/1.png\" does not match; compare --pattern"), "\(error)")
  }
}
