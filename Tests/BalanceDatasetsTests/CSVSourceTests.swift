import BalanceCore
import BalanceDatasets
import Foundation
import Testing

@Suite struct CSVSourceTests {
  static func table(
    labels: [String] = ["kind"], group: String? = nil, split: String? = nil
  ) -> CSVSource {
    CSVSource(
      file: "table.csv", imageColumn: "name", imageRoots: ["images"], imageSuffix: ".png",
      labelColumns: labels, groupColumn: group, splitColumn: split)
  }

  @Test func columnsMakeClassesGroupsAndSplits() throws {
    let data = try TemporaryDataset()
    for key in 0..<4 { try data.addImage("images/\(key).png", key: key + 1) }
    try data.write(
      """
      name,kind,side,patient,part
      0,nv,"left, upper",p1,train
      1,mel,right,p1,Validation
      2,nv,right,,TEST
      3,nv,right,p2,
      """, "table.csv")
    let (index, _) = try data.index(
      .csv(Self.table(labels: ["kind", "side"], group: "patient", split: "part")))
    #expect(try index.classNames() == ["mel+right", "nv+left, upper", "nv+right"])
    #expect(try index.images().map(\.group) == ["p1", "p1", nil, "p2"])
    #expect(try index.groupCount() == 2)
    #expect(try index.images(role: .val).map(\.path) == ["images/1.png"])
    let split = try #require(try index.splits().first)
    #expect(split.origin == .column && split.outside == 1)
    #expect(try index.problems().isEmpty)
    #expect(try index.leaks().map(\.key) == ["p1"])

    // New columns change what is known of the same files; none is read again.
    let (_, summary) = try data.index(.csv(Self.table()))
    #expect(summary.read == 0 && summary.images == 4)
    #expect(try index.counts() == ClassCounts(names: ["mel", "nv"], counts: [1, 3]))
    #expect(try index.groupCount() == 0)
    #expect(try index.splits().isEmpty)
  }

  @Test func aColumnThatIsNotThere() throws {
    let data = try TemporaryDataset()
    try data.addImage("images/0.png", key: 1)
    try data.write("name,kind\n0,nv\n", "table.csv")
    let error = message { _ = try data.index(.csv(Self.table(labels: ["kinds"]))) }
    #expect(
      error == "table.csv: there is no column 'kinds': did you mean 'kind'?; "
        + "the columns are: name, kind")
    #expect(
      message { _ = try data.index(.csv(Self.table(group: "patient"))) }.contains("'patient'"))
  }

  @Test func badRowsAreRecorded() throws {
    let data = try TemporaryDataset()
    for key in 0..<4 { try data.addImage("images/\(key).png", key: key + 1) }
    try data.write(
      Data(
        """
        name,kind
        0,nv
        1
        ,nv
        2,
        gone,nv
        0,nv
        3,nv
        3,mel
        1,n
        """.utf8) + Data([0xE9, 0x0A]), "table.csv")
    let (index, summary) = try data.index(.csv(Self.table()))
    #expect(summary.images == 1)
    let problems = try index.problems().map { "\($0.path) \($0.kind.rawValue)" }
    #expect(
      problems == [
        "images/0.png repeated-row", "images/3.png conflicting-rows", "images/gone.png missing",
        "table.csv:10 bad-encoding", "table.csv:3 ragged-row", "table.csv:4 missing-value",
        "table.csv:5 missing-value",
      ])
  }

  @Test func tablesCannotReachOutside() throws {
    let outside = try TemporaryDataset()
    try outside.addImage("secret.png", key: 9)
    let data = try TemporaryDataset()
    try data.addImage("images/0.png", key: 1)
    try FileManager.default.createSymbolicLink(
      at: data.url("images/out"), withDestinationURL: outside.root)
    try FileManager.default.createSymbolicLink(
      at: data.url("images/link.png"), withDestinationURL: outside.url("secret.png"))
    let folder = outside.root.lastPathComponent
    try data.write(
      "name,kind\n0,a\n../../\(folder)/secret,a\nout/secret,a\nlink,a\n", "table.csv")
    let (index, _) = try data.index(.csv(Self.table()))
    #expect(try index.images().map(\.path) == ["images/0.png"])
    #expect(try index.problems().map(\.kind) == [.outsideRoot, .outsideRoot, .outsideRoot])

    var absolute = Self.table()
    absolute.imageRoots = []
    try data.write("name,kind\nimages/0,a\n\(outside.root.path)/secret,b\n", "table.csv")
    #expect(try data.index(.csv(absolute)).1.images == 1)
    let (allowed, _) = try data.index(.csv(absolute), outside: true)
    let images = try allowed.images()
    #expect(images.count == 2)
    for image in images {
      #expect(FileManager.default.isReadableFile(atPath: image.url(root: allowed.root).path))
    }
  }

  @Test func nothingFoundSaysWhatWasLookedFor() throws {
    let data = try TemporaryDataset()
    try data.addImage("images/0.png", key: 1)
    try data.write("name,kind\n0,nv\n", "table.csv")
    var wrong = Self.table()
    wrong.imageSuffix = ".jpg"
    let error = message { _ = try data.index(.csv(wrong)) }
    #expect(error.contains("images/0.jpg") && error.contains("--image-suffix"), "\(error)")
  }

  @Test func detectionAsksForColumns() throws {
    let data = try TemporaryDataset()
    try data.addImage("images/0.png", key: 1)
    try data.write("name,kind\n0,nv\n", "table.csv")
    let error = message { _ = try DatasetSource.detect(root: data.root) }
    #expect(
      error.contains(
        "--csv table.csv --image-column name --image-root images --image-suffix .png "
          + "--label-column kind; its columns are: name, kind"), "\(error)")
    try data.write("lesion_id,image_id,dx\nl,0,nv\n", "HAM10000_metadata.csv")
    try FileManager.default.removeItem(at: data.url("table.csv"))
    try data.write(TemporaryDataset.jpeg, "images/0.jpg")
    let source = try #require(try DatasetSource.detect(root: data.root).csv)
    #expect(source.labelColumns == ["dx"] && source.groupColumn == "lesion_id")
    #expect(source.imageRoots == ["images"] && source.imageSuffix == ".jpg")
  }
}
