import BalanceCore
import BalanceDatasets
import Foundation
import Testing

/// A dataset's files are inside its root, by their bytes and with links resolved.
@Suite struct PathTests {
  private static let source = DatasetSource.csv(
    CSVSource(file: "table.csv", imageColumn: "name", labelColumns: ["kind"]))

  private func kinds(_ index: DatasetIndex) throws -> [String] {
    try index.problems().map { "\($0.path) \($0.kind)" }
  }

  /// A dataset in a folder of its own, so that there is something outside.
  private func withDataset(_ body: (_ outer: TemporaryDataset, _ root: URL) throws -> Void) throws {
    let outer = try TemporaryDataset()
    try outer.addImage("data/img/a.png", key: 1)
    try outer.addImage("data/img/b.png", key: 2)
    try body(outer, outer.url("data"))
  }

  private func index(_ outer: TemporaryDataset, _ rows: [String]) throws -> DatasetIndex {
    try outer.write("name,kind\n" + rows.joined(separator: "\n"), "data/table.csv")
    let index = try DatasetIndex.open(root: outer.url("data"))
    try index.update(source: Self.source, threads: 1, progress: SilentProgress())
    return index
  }

  @Test func aMarkBehindASlashHidesNothing() throws {
    try withDataset { outer, _ in
      try outer.addImage("\u{301}x.png", key: 3)
      let folder = outer.root.path
      let index = try index(
        outer, ["img/a.png,a", "../\u{301}x.png,b", "\(folder)/\u{301}x.png,b"])
      #expect(try index.images().map(\.path) == ["img/a.png"])
      #expect(try index.problems().map(\.kind) == [.outsideRoot, .outsideRoot])
    }
  }

  @Test func absolutePathsInsideAreInside() throws {
    try withDataset { outer, root in
      try outer.addImage("out.png", key: 3)
      try FileManager.default.createSymbolicLink(
        atPath: outer.url("link").path, withDestinationPath: "data")
      let real = try #require(realpath(root.path, nil))
      defer { free(real) }
      let index = try index(
        outer,
        [
          "\(String(cString: real))/img/a.png,a", "\(outer.url("link").path)/img/b.png,b",
          "img/../img/a.png,a", "\(outer.url("out.png").path),a", "img/../../out.png,a",
          "nowhere/../img/a.png,a",
        ])
      #expect(try index.images().map(\.path) == ["img/a.png", "img/b.png"])
      #expect(
        try kinds(index) == [
          "\(outer.url("out.png").path) outsideRoot", "img/../../out.png outsideRoot",
          "img/a.png repeatedRow", "nowhere/../img/a.png missing",
        ])
    }
  }

  @Test func theDatasetItselfIsNoImage() throws {
    try withDataset { outer, _ in
      let index = try index(outer, ["img/a.png,a", ".,a", "img/..,a", "img,a"])
      #expect(
        try kinds(index) == ["img notAFile", "table.csv:3 notAFile", "table.csv:4 notAFile"])
    }
  }

  /// Two folders that Swift takes for one name: the second leads out.
  @Test func foldersAreToldApartByTheirBytes() throws {
    try withDataset { outer, root in
      try outer.addImage("data/caf\u{E9}/a.png", key: 3)
      try outer.addImage("secret/a.png", key: 4)
      try FileManager.default.createSymbolicLink(
        atPath: root.path + "/cafe\u{301}", withDestinationPath: "../secret")
      let index = try index(outer, ["caf\u{E9}/a.png,a", "cafe\u{301}/a.png,b"])
      #expect(try index.images().count == 1)
      #expect(try index.problems().map(\.kind) == [.outsideRoot])
    }
  }

  @Test func aLinkToAPlaceWithoutAReadableNameLeadsOut() throws {
    try withDataset { outer, root in
      let folder = (outer.root.path + "/k").utf8.map { CChar(bitPattern: $0) } + [-127]
      let file: [CChar] = folder + "/s.png".utf8.map { CChar(bitPattern: $0) } + [0]
      mkdir(folder + [0], 0o755)
      try outer.addImage("s.png", key: 9)
      rename(outer.url("s.png").path, file)
      symlink(file, root.path + "/img/link.png")
      let index = try index(outer, ["img/a.png,a", "img/link.png,b"])
      #expect(try index.images().map(\.path) == ["img/a.png"])
      #expect(try kinds(index) == ["img/link.png outsideRoot"])
    }
  }
}
