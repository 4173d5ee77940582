import BalanceDatasets
import BalanceImageFixtures
import BalanceImages
import Foundation
import Testing

/// A format of the table is found by its endings, its content or both, for an index and for
/// `predict`.
@Suite struct ImageEndingTests {
  @Test(arguments: ImageFormat.all)
  func itsFilesAreFound(_ format: ImageFormat) throws {
    let data = try TemporaryDataset()
    let file = try SampleImage.of(format.id).file
    let endings = format.endings + format.endings.map { $0.uppercased() }
    for (number, ending) in endings.enumerated() { try data.write(file, "a/\(number).\(ending)") }
    let (index, summary) = try data.index()
    #expect(summary.images == endings.count && summary.ignored == 0)
    #expect(try index.problems().isEmpty)
    #expect(try ImageFolder(data.root.path).images == index.images().map(\.path))
  }

  @Test(arguments: ImageFormat.all)
  func anotherEndingIsSaid(_ format: ImageFormat) throws {
    let data = try TemporaryDataset()
    let file = try SampleImage.of(format.id).file
    try data.write(file, "a/none")
    try data.write(file, format == .png ? "a/other.jpg" : "a/other.png")
    let (index, summary) = try data.index()
    #expect(summary.images == 2)
    #expect(
      try index.problems().allSatisfy {
        $0.kind == .wrongEnding
          && $0.message == "holds a \(format.name) image, which its ending does not say"
      })
  }

  @Test(arguments: UnreadFormat.endings)
  func anUnreadFormatIsNamed(_ ending: String) throws {
    let data = try TemporaryDataset()
    try data.addClass("a", count: 1)
    try data.write("x", "a/x.\(ending)")
    let (index, _) = try data.index()
    let problem = try #require(try index.problems().first)
    #expect(problem.kind == .unsupported && problem.remedy == "convert it to \(ImageFormat.names)")
  }
}
