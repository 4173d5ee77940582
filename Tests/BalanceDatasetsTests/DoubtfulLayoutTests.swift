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
      "training_set/training_set/cats/1.png", "training_set/training_set/dogs/1.png",
      "test_set/test_set/cats/2.png", "test_set/test_set/dogs/2.png",
    ])
    #expect(found.map(\.kind) == [.classesLikeParts, .foldersOnly])
    #expect(found[0].message.contains("'test_set' and 'training_set'"))
    #expect(found[0].remedy.contains("--split-column") && !found[0].isSkipped)
    #expect(found[1].message.contains("'test_set' with 'test_set'"))
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
      found[0].message.contains("'images' and 'masks'") && found[0].remedy.contains("'labels.csv'"))
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

  @Test(arguments: [
    // Each class numbers its own.
    (0..<5).flatMap { ["cat/\($0).png", "dog/\($0).png"] },
    // A vehicle, and things that are named after others.
    ["train/1.png", "bus/2.png", "car/3.png"],
    ["test_tube/1.png", "train_station/2.png", "x/3.png"],
    ["label/1.png", "stamp/2.png"],
    ["train/cat/1.png", "test/cat/1.png", "train/dog/2.png", "test/dog/2.png"],
  ])
  func classesThatAreClasses(_ paths: [String]) throws {
    #expect(try doubts(paths).isEmpty)
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
