import BalanceCore
import BalanceDatasets
import Foundation
import Testing

/// Tables without a header, with other delimiters, and with images in several folders.
@Suite struct TableFormTests {
  private func data(_ table: String, _ name: String = "list.txt") throws -> TemporaryDataset {
    let data = try TemporaryDataset()
    for (key, path) in ["a/1.png", "a/2.png", "b/1.png", "b/3.png"].enumerated() {
      try data.addImage(path, key: key + 1)
    }
    try data.write(table, name)
    return data
  }

  private func table(_ columns: String? = "file,kind", delimiter: TableDelimiter? = nil)
    -> CSVSource
  {
    CSVSource(
      file: "list.txt", columns: columns?.split(separator: ",").map(String.init),
      delimiter: delimiter, imageColumn: "file", labelColumns: ["kind"])
  }

  @Test(arguments: [
    "a/1.png,x\nb/1.png,y\n", "a/1.png, x\nb/1.png, y", "a/1.png;x\nb/1.png;y\n",
    "a/1.png|x\nb/1.png|y\n", "a/1.png\tx\nb/1.png\ty\n", "a/1.png x\nb/1.png   y  \n",
    "  a/1.png \t x\n\n   \nb/1.png y\r\n", " a/1.png , x\n b/1.png , y\n",
  ])
  func withoutAHeader(_ text: String) throws {
    let index = try data(text).index(.csv(table())).0
    #expect(try index.images().map(\.path) == ["a/1.png", "b/1.png"])
    #expect(try index.classNames() == ["x", "y"] && index.problems().isEmpty)
  }

  @Test(arguments: ["file;kind\na/1.png;x\n", "file kind\na/1.png x\n", "file|kind\na/1.png|x\n"])
  func delimitersOfTablesWithAHeader(_ text: String) throws {
    #expect(try data(text).index(.csv(table(nil))).0.classNames() == ["x"])
  }

  @Test func aDelimiterThatIsChosen() throws {
    let data = try data("a/1.png;x,y\nb/1.png;z,w\n")
    #expect(try data.index(.csv(table(delimiter: .semicolon))).0.classNames() == ["x,y", "z,w"])
    let wrong = message { _ = try data.index(.csv(table(delimiter: .pipe))) }
    #expect(wrong.contains("2 fields expected, as in --columns, 1 found"), "\(wrong)")
    #expect(wrong.contains("check --delimiter"), "\(wrong)")
    #expect(try TableDelimiter(";") == .semicolon && TableDelimiter("\\t") == .tab)
    let unknown = message { _ = try TableDelimiter("coma") }
    #expect(unknown.contains("unknown delimiter 'coma': did you mean 'comma'?"), "\(unknown)")
  }

  @Test func aMissingHeaderIsSeen() throws {
    let error = message { _ = try data("a/1.png,x\n").index(.csv(table(nil))) }
    #expect(error.contains("where these are no names, give them with --columns"), "\(error)")
  }

  @Test func imagesInSeveralFolders() throws {
    let data = try data("file,kind\n2,x\n3,y\n1,x\n4,x\n", "list.txt")
    var source = table(nil)
    source.imageRoots = ["a", "b"]
    source.imageSuffix = ".png"
    let (index, _) = try data.index(.csv(source))
    #expect(try index.images().map(\.path) == ["a/2.png", "b/3.png"])
    let problems = try index.problems()
    #expect(problems.map(\.path) == ["list.txt:4", "list.txt:5"])
    #expect(problems.map(\.kind) == [.ambiguousFile, .missing])
    #expect(problems[0].message == "'1.png' is in 2 of the folders 'a', 'b'")
    // The stored form of one folder is that of earlier versions.
    source.imageRoots = ["a"]
    let text = String(decoding: try CanonicalJSON.encode(DatasetSource.csv(source)), as: UTF8.self)
    #expect(text.contains("\"imageRoot\" : \"a\""), "\(text)")
    source.imageRoots = ["a", "b"]
    let stored = try CanonicalJSON.encode(DatasetSource.csv(source))
    #expect(try CanonicalJSON.decode(DatasetSource.self, from: stored) == .csv(source))
  }

  @Test func severalTables() throws {
    let data = try data("file,kind\na/1.png,x\nb/1.png,y\n", "train_list.csv")
    try data.write("kind;file\nx;a/2.png\ny;b/1.png\n", "test_list.csv")
    try data.write("file,kind\nb/3.png,y\nb/3.png,y\n", "more.csv")
    var source = table(nil)
    source.file = "train_list.csv"
    source.moreFiles = ["test_list.csv"]
    let index = try data.index(.csv(source)).0
    #expect(try index.images(role: .train).map(\.path) == ["a/1.png"])
    #expect(try index.images(role: .test).map(\.path) == ["a/2.png"])
    #expect(
      try index.problems().map(\.message) == [
        "lines 3 of test_list.csv and lines 3 of train_list.csv name the same file with different "
          + "classes, groups or splits"
      ])
    #expect(
      try index.source()?.summary
        == "train_list.csv, test_list.csv, which are the split, classes from kind")
    // Names that say no split.
    source.moreFiles = ["more.csv"]
    #expect(try data.index(.csv(source)).0.splits().isEmpty)
    source.moreFiles = ["gone.csv"]
    #expect(message { _ = try data.index(.csv(source)) }.hasPrefix("gone.csv: "))
  }

  @Test func imagesOfHAM10000InItsTwoFolders() throws {
    let data = try TemporaryDataset()
    for part in [1, 2] {
      try data.write(TemporaryDataset.jpeg, "HAM10000_images_part_\(part)/i\(part).jpg")
    }
    try data.write("lesion_id,image_id,dx\nl,i1,nv\nm,i2,mel\n", "HAM10000_metadata.csv")
    let index = try DatasetIndex.prepare(root: data.root, threads: 1, progress: SilentProgress())
    #expect(try index.classNames() == ["mel", "nv"] && index.groupCount() == 2)
  }
}
