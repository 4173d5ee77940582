import BalanceCore
import BalanceDatasets
import BalanceImageFixtures
import Foundation
import GRDB
import Testing

/// Indices as earlier versions left them.
@Suite struct EarlierIndexTests {
  @Test func filesOfUnknownPixelsAreReadAgainOnce() throws {
    let data = try TemporaryDataset()
    try data.addClass("a", count: 3)
    let png = HandmadePNG(width: 2, height: 1, depth: 16, values: [9, 900])
    try data.write(png.data, "a/wide.png")
    try data.write("words", "a/text.png")
    let before = try data.index().0
    try EarlierIndex.forgetPixels(before.location)

    let index = try DatasetIndex.open(root: data.root)
    #expect(try !index.isComplete())
    // Until they are read, they stand for themselves.
    #expect(try index.images().allSatisfy { $0.pixelHash == $0.contentHash && $0.extent == nil })
    #expect(try index.duplicates().isEmpty)
    let (after, summary) = try data.index()
    // The text, too: it might be of a format that was not known then.
    #expect(summary.read == 5 && summary.unchanged == 0)
    #expect(try after.images() == before.images())
    #expect(try after.images().last?.extent == 9...900)
    #expect(try data.index().1.read == 0)
  }

  @Test(arguments: [
    ("{\"folderPerClass\":{}}", DatasetSource.folderPerClass),
    ("{\"splitFolders\":{}}", .splitFolders),
    (
      """
      {"csv":{"_0":{"file":"t.csv","imageColumn":"a","imageRoot":"i","imageSuffix":".jpg",\
      "labelColumns":["b","c"],"groupColumn":"d","splitColumn":"e"}}}
      """,
      .csv(
        CSVSource(
          file: "t.csv", imageColumn: "a", imageRoots: ["i"], imageSuffix: ".jpg",
          labelColumns: ["b", "c"], groupColumn: "d", splitColumn: "e"))
    ),
  ])
  func sourcesAreKeptAsBefore(_ text: String, _ source: DatasetSource) throws {
    #expect(try CanonicalJSON.decode(DatasetSource.self, from: Data(text.utf8)) == source)
    let written = try JSONSerialization.jsonObject(with: CanonicalJSON.encode(source))
    let before = try JSONSerialization.jsonObject(with: Data(text.utf8))
    #expect((written as? NSDictionary) == (before as? NSDictionary))
  }

  /// It may have been left out by a version that knew less of what costs no pixel.
  @Test func aFileThatWasDamagedIsReadAgain() throws {
    let data = try TemporaryDataset()
    try data.addClass("a", count: 2)
    let jpeg = TemporaryDataset.jpeg
    try data.write(jpeg.dropLast(2) + [0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + jpeg.suffix(2), "a/x.jpg")
    let index = try data.index().0
    let queue = try DatabaseQueue(path: index.location.path)
    try queue.write { db in
      try db.execute(
        sql: """
          INSERT OR REPLACE INTO problem
          SELECT path, 'damaged', 'a warning', '', 1, 'content', size, modified, inode, changed
          FROM image
          WHERE path = 'a/x.jpg';
          DELETE FROM image WHERE path = 'a/x.jpg';
          """)
    }
    try queue.close()
    #expect(try data.index().1.read == 0)
    try EarlierIndex.forgetPixels(index.location)
    let (after, summary) = try data.index()
    #expect(summary.images == 3 && summary.skipped == 0)
    #expect(try after.images().map(\.path) == ["a/0.png", "a/1.png", "a/x.jpg"])
  }

  /// The formats that an index names stay; what was of none that was known is read again.
  @Test func formatsAreKept() throws {
    let data = try TemporaryDataset()
    try data.write(EarlierIndex.first(), ".balance/index.sqlite")
    let file = data.url(".balance/index.sqlite").path
    try DatabaseQueue(path: file).write { db in
      try db.execute(
        sql: """
          UPDATE image SET format = 'jpeg' WHERE id = 2;
          INSERT INTO problem
          VALUES ('a/x.png', 'not-an-image', 'is a WebP image', '', 1, 'content', 5, 5);
          """)
    }
    let index = try DatasetIndex.open(root: data.root)
    #expect(try index.problems().isEmpty && !index.isComplete())
    try DatabaseQueue(path: file).write { db in
      #expect(
        try String.fetchAll(db, sql: "SELECT format FROM image ORDER BY id")
          == ["png", "jpeg", "png"])
      // Which formats there are is not for the schema to say.
      try db.execute(sql: "UPDATE image SET format = 'another'")
      #expect(throws: DatabaseError.self) { try db.execute(sql: "UPDATE image SET format = ''") }
    }
  }
}
