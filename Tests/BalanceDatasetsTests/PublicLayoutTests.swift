import BalanceCore
import BalanceDatasets
import BalanceImageFixtures
import Foundation
import Testing

/// Public datasets as they are downloaded, rebuilt small: each gets from its folder to an index
/// that can be trained on in one call.
@Suite struct PublicLayoutTests {
  /// A dataset's files, how it is read, and what must come of it.
  struct Layout: Sendable, CustomTestStringConvertible {
    let name: String
    /// PNG, or PPM by their ending.
    var images: [String] = []
    /// Files of another format than their ending says, with the format's id.
    var samples: [String: String] = [:]
    var texts: [String: String] = [:]
    var source: @Sendable () throws -> DatasetSource? = { nil }
    var groups: String?
    /// Images of each class.
    let classes: [String: Int]
    var groupCount = 0
    /// Images for training, validation and test, where it brings a split.
    var split: [Int]?
    var problems: [ProblemKind] = []

    var testDescription: String { name }
  }

  static let layouts: [Layout] = [
    Layout(
      name: "photographs in class folders, and a file that is none",
      images: paths("PetImages/Cat", 4) + paths("PetImages/Dog", 5),
      texts: ["PetImages/Cat/Thumbs.db": "x", "PetImages/Dog/11702.png": ""],
      classes: ["Cat": 4, "Dog": 5], problems: [.empty]),
    Layout(
      name: "class folders with a table in each, names of tracks in the files",
      images: (0..<3).flatMap { label in
        (0..<2).flatMap { track in
          (0..<2).map { "0000\(label)/0000\(track)_0000\($0).ppm" }
        }
      },
      texts: ["00000/GT-00000.csv": "Filename;Width;ClassId\n00000_00000.ppm;29;0\n"],
      groups: "{group}/{group}_*.ppm",
      classes: ["00000": 4, "00001": 4, "00002": 4], groupCount: 6),
    Layout(
      name: "the class in the grandparent, photographs and masks of one name side by side",
      images: ["Blowhole", "Crack", "Free"].flatMap { name in
        paths("MT_\(name)/Imgs", 3) + (0..<3).map { "MT_\(name)/Imgs/\($0)_mask.png" }
      },
      source: {
        try .pattern([PathPattern("MT_{class}/Imgs/*.png")], except: [PathPattern("**/*_mask.png")])
      },
      classes: ["Blowhole": 3, "Crack": 3, "Free": 3]),
    Layout(
      name: "split folders, wrapped, with their own names",
      images: ["Training", "Testing"].flatMap { part in
        ["glioma", "notumor"].flatMap { paths("archive/\(part)/\($0)", part == "Training" ? 4 : 2) }
      },
      classes: ["glioma": 6, "notumor": 6], split: [8, 0, 4]),
    Layout(
      name: "lists for training and test without a header beside folders three deep",
      images: ["train", "test"].flatMap {
        paths("\($0)/Fruit/Apple/Golden", 3) + paths("\($0)/Packages/Juice/Red", 2)
      },
      texts: ["train", "test"].reduce(into: [:]) { texts, part in
        let rows =
          (0..<3).map { "\(part)/Fruit/Apple/Golden/\($0).png, 0, 7\n" }
          + (0..<2).map { "\(part)/Packages/Juice/Red/\($0).png, 1, 9\n" }
        texts["\(part).txt"] = rows.joined()
      },
      source: {
        .csv(
          CSVSource(
            file: "train.txt", moreFiles: ["test.txt"], columns: ["path", "fine", "coarse"],
            imageColumn: "path", labelColumns: ["coarse"]))
      },
      classes: ["7": 6, "9": 4], split: [5, 0, 5]),
    Layout(
      name: "a list without a header, blanks between, names without ending",
      images: paths("images", 6),
      texts: ["annotations/list.txt": (0..<6).map { "\($0) \($0 % 2 + 1)  1 1\n" }.joined()],
      source: {
        .csv(
          CSVSource(
            file: "annotations/list.txt", columns: ["name", "breed", "species", "id"],
            imageColumn: "name", imageRoots: ["images"], imageSuffix: ".png",
            labelColumns: ["breed"]))
      },
      classes: ["1": 3, "2": 3]),
    Layout(
      name: "JPEGs among WebP with wrong endings",
      images: ["a/3.png", "b/2.png"],
      samples: ["a/1.jpg": "webp", "a/2.webp": "jpeg", "b/1.jpeg": "webp"],
      classes: ["a": 3, "b": 2], problems: [.wrongEnding, .wrongEnding, .wrongEnding]),
    Layout(
      name: "one table with groups, images in two folders",
      images: ["part_1/i0.png", "part_1/i1.png", "part_2/i2.png", "part_2/i3.png"],
      texts: ["meta.csv": "lesion,image,dx\nl,i0,nv\nl,i1,nv\nm,i2,mel\nn,i3,nv\n"],
      source: {
        .csv(
          CSVSource(
            file: "meta.csv", imageColumn: "image", imageRoots: ["part_1", "part_2"],
            imageSuffix: ".png", labelColumns: ["dx"], groupColumn: "lesion"))
      },
      classes: ["mel": 1, "nv": 3], groupCount: 3),
  ]

  private static func paths(_ folder: String, _ count: Int) -> [String] {
    (0..<count).map { "\(folder)/\($0).png" }
  }

  @Test(arguments: layouts)
  func fromFolderToTrainableIndex(_ layout: Layout) throws {
    let data = try TemporaryDataset()
    for (key, path) in layout.images.enumerated() {
      if path.hasSuffix(".ppm") {
        let pixels = (0..<12).map { UInt8(truncatingIfNeeded: 7 * key + $0) }
        try data.write(Data("P6 2 2 255\n".utf8 + pixels), path)
      } else {
        try data.addImage(path, key: key + 1)
      }
    }
    for (path, id) in layout.samples { try data.write(SampleImage.of(id).file, path) }
    for (path, text) in layout.texts { try data.write(text, path) }
    let index = try DatasetIndex.prepare(
      root: data.root, source: layout.source(),
      groups: layout.groups.map { try PathPattern($0) }, threads: 2, progress: SilentProgress())
    try index.requireTrainable()
    let counts = try index.counts()
    #expect(
      Dictionary(uniqueKeysWithValues: zip(counts.names, counts.counts)) == layout.classes)
    #expect(try index.groupCount() == layout.groupCount)
    let split = try index.splits().first
    #expect(
      split.map { split in SplitRole.allCases.map { split.counts($0)?.total ?? 0 } } == layout.split
    )
    let problems = try index.problems()
    #expect(problems.map(\.kind) == layout.problems, "\(problems)")
    // Without a word it is read in the same way again.
    let again = try DatasetIndex.prepare(root: data.root, threads: 1, progress: SilentProgress())
    #expect(try again.counts() == counts && again.groupCount() == layout.groupCount)
    #expect(try again.source() == index.source())
  }

  /// The same picture in two parts of a split that folders make.
  @Test func duplicatesAcrossSplitFoldersAreLeaks() throws {
    let data = try TemporaryDataset()
    for part in ["train", "validation", "test"] {
      for (key, name) in ["a", "b"].enumerated() {
        for number in 0..<3 {
          try data.addImage(
            "data/\(part)/\(name)/\(part)\(number).png",
            key: part == "test" && number == 0
              ? 900 + key : part.utf8.count * 100 + 10 * key + number)
        }
        try data.addImage("data/\(part)/\(name)/same.png", key: 1000 + key)
      }
    }
    let index = try DatasetIndex.prepare(root: data.root, threads: 1, progress: SilentProgress())
    try index.requireTrainable()
    #expect(try index.source() == .splitFolders && index.classNames() == ["a", "b"])
    #expect(try index.leaks().count == 2)
  }
}
