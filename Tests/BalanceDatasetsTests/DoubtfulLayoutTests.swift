import BalanceCore
import BalanceDatasets
import Foundation
import Testing

/// Folders that hardly are classes are said to be doubtful; those that are, are not.
@Suite struct DoubtfulLayoutTests {
  private func doubts(_ paths: [String], table: Bool = false) throws -> [ProblemRecord] {
    let data = try TemporaryDataset()
    for (key, path) in paths.enumerated() { try data.addImage(path, key: key + 1) }
    if table { try data.write("id,label\n1,a\n", "labels.csv") }
    let index = try DatasetIndex.open(root: data.root)
    try index.update(
      source: try DatasetSource.detect(root: data.root), threads: 1, progress: SilentProgress())
    return try index.problems()
  }

  @Test func partsOfASplit() throws {
    let found = try doubts([
      "my_training/cats/1.png", "my_training/dogs/1.png", "my_test/other/2.png",
    ])
    #expect(found.map(\.kind) == [.classesLikeParts, .foldersOnly])
    #expect(found[0].message.contains("'my_test' and 'my_training'"))
    #expect(found[0].remedy.contains("--split-column") && !found[0].isSkipped)
    #expect(found[1].message.contains("'my_test' with 'other'"))
    #expect(found[1].remedy.hasSuffix("give --class-depth 2"))
    for paths in [
      ["seg_train/1.png", "seg_test/2.png"], ["a2017val/1.png", "a2017train/2.png", "x/3.png"],
    ] {
      #expect(try doubts(paths).map(\.kind) == [.classesLikeParts])
    }
  }

  @Test func imagesAndMasks() throws {
    let found = try doubts(["images/7.png", "images/9.png", "masks/8.png"], table: true)
    #expect(found.map(\.kind) == [.classesLikeMasks])
    #expect(
      found[0].message.contains("'images' and 'masks'")
        && found[0].remedy.contains(
          "the table 'labels.csv' with --csv labels.csv --image-column … --label-column …")
    )
  }

  @Test(arguments: [
    ["a/x.png", "a/x_mask.png", "b/y.png"], ["a/x.PNG", "a/x.png", "b/y.png"],
    ["a/x (1).png", "a/x (1)_mask_1.png", "b/y.png"],
    [3, 90, 700].flatMap { ["a/s\($0).png", "b/s\($0).png"] },
  ])
  func twins(_ paths: [String]) throws {
    let found = try doubts(paths)
    #expect(found.map(\.kind) == [.twins])
    #expect(found[0].message.contains("'\(paths[0])' and '\(paths[1])'"), "\(found)")
  }

  /// The remedy for each: the pattern that takes the photographs alone.
  @Test(arguments: [
    (["a/x.jpg", "a/x.png", "b/y.jpg"], "--pattern '{class}/**' --except '**/*.png'"),
    (["a/x.png", "a/x_mask.png", "b/y.png"], "--pattern '{class}/**' --except '**/*_mask*'"),
    (
      ["a/x (1).png", "a/x (1)-seg_1.png", "b/y.png"],
      "--pattern '{class}/**' --except '**/*-seg*'"
    ),
    (
      ["MT_a/Imgs/x.jpg", "MT_a/Imgs/x.png", "MT_b/Imgs/y.jpg"],
      "--pattern '{class}/**' --except '**/*.png'"
    ),
    (
      ["train/a/x.jpg", "train/a/x.png", "test/a/y.jpg"],
      "--pattern '{split}/{class}/**' --except '**/*.png'"
    ),
    (
      ["a/images/x.png", "a/masks/x.png", "b/images/y.png", "b/masks/y.png"],
      "--pattern '{class}/images/**'"
    ),
    (
      ["a/left/x.png", "a/right/z.png", "a/masks/x.png", "b/left/y.png", "b/masks/y.png"],
      "--pattern '{class}/**' --except '**/masks/**'"
    ),
    (
      ["a/x.png", "a/masks/x.png", "b/y.png", "b/masks/z.png"],
      "--pattern '{class}/**' --except '**/masks/**'"
    ),
    // The photograph of a mask may be missing.
    (["a/x.png", "a/x_mask.png", "b/y_mask.png"], "--pattern '{class}/**' --except '**/*_mask*'"),
  ])
  func whatTakesThePhotographsAlone(_ paths: [String], _ options: String) throws {
    let found = try doubts(paths).filter { $0.kind == .twins || $0.kind == .foldersOnly }
    #expect(found.map(\.remedy).contains { $0.hasSuffix(options) }, "\(found)")
  }

  /// A pattern that would leave out images which have no twin is not advised.
  @Test(arguments: [
    ["a/x.jpg", "a/x.png", "a/z.png", "b/y.jpg"], ["a/x.jpg", "a/x.png", "b/1/y.png"],
  ])
  func noAdviceLosesImages(_ paths: [String]) throws {
    let found = try doubts(paths).filter { $0.kind == .twins }
    #expect(found.count == 1 && found[0].remedy.hasPrefix("remove what is no photograph"))
  }

  /// What cannot be used is nobody's twin.
  @Test func damagedFilesAreNoTwins() throws {
    let data = try TemporaryDataset()
    for name in ["a", "b"] { try data.addClass(name, count: 3) }
    for path in ["a/0.jpg", "a/1_mask.png"] { try data.write("broken", path) }
    #expect(try data.index().0.problems().filter { $0.kind == .twins }.isEmpty)
    try data.addImage("a/1_mask.png", key: 77)
    let found = try data.index().0.problems().filter { $0.kind == .twins }
    #expect(found.map { $0.message.hasPrefix("1 image has") } == [true])
  }

  @Test(arguments: [
    // Each class numbers its own.
    (0..<5).flatMap { ["cat/\($0).png", "dog/\($0).png"] },
    // A vehicle, and things that are named after others.
    ["train/1.png", "bus/2.png", "car/3.png"],
    ["test_tube/1.png", "train_station/2.png", "x/3.png"],
    ["label/1.png", "stamp/2.png"],
    // The same folder in each class.
    ["cat/photos/1.png", "dog/photos/2.png", "owl/photos/3.png"],
    ["train/cat/1.png", "test/cat/1.png", "train/dog/2.png", "test/dog/2.png"],
  ])
  func classesThatAreClasses(_ paths: [String]) throws {
    #expect(try doubts(paths).isEmpty)
  }

  @Test func aTableOfWhatIsInTheFolders() throws {
    let data = try TemporaryDataset()
    for key in 0..<4 { try data.addImage("part_\(key / 2)/i\(key).png", key: key + 1) }
    let rows = (0..<4).map { "i\($0),p\($0)" }
    try data.write((["id,kind"] + rows).joined(separator: "\n"), "meta.csv")
    let found = try data.index().0.problems()
    #expect(found.map(\.kind) == [.classesInTable])
    #expect(
      found[0].remedy.hasSuffix(
        "--csv meta.csv --image-column id --image-root part_0 --image-root part_1 "
          + "--image-suffix .png --label-column kind"), "\(found)")
    // One that says the folders' names agrees with them.
    let agreeing = (0..<4).map { "i\($0),Part \($0 / 2)" }
    try data.write((["id,kind"] + agreeing).joined(separator: "\n"), "meta.csv")
    #expect(try data.index().0.problems().isEmpty)
  }

  @Test func flatSplitFoldersWithATableAreRefused() throws {
    let data = try TemporaryDataset()
    for key in 0..<4 { try data.addImage("train/i\(key).png", key: key + 1) }
    try data.addImage("test/i9.png", key: 9)
    try data.write("id,label\ni9,?\n", "sample.csv")
    try data.write("id,the label\ni0,a\ni1,b\n", "train.csv")
    let error = message { _ = try DatasetSource.detect(root: data.root) }
    #expect(error.contains("the table 'train.csv', and split folders (test, train)"), "\(error)")
    #expect(
      error.contains(
        "--csv train.csv --image-column id --image-root train --image-suffix .png "
          + "--label-column 'the label'; its columns are: id, the label"), "\(error)")
  }
}
