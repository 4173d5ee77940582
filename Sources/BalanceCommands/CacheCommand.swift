import ArgumentParser
import BalanceCore
import BalanceDatasets
import BalanceLoading
import Foundation

/// `balance cache`
struct CacheCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache",
    abstract: "List what is kept of decoded images, and remove what is of no use any more.",
    discussion: """
      Training keeps images decoded at its size beside the dataset's index, and the features that a \
      frozen network makes of them. Whatever is removed is computed again when it is needed. \
      Without a DATASET, the places of read-only datasets in the user's cache are listed.

      --prune removes pixels of which no image is in the index any more, features, and what \
      earlier versions and killed processes left; --all removes all pixels as well.

      EXAMPLES:
        balance cache photos
        balance cache photos --prune
        balance cache
      """)

  @Argument(help: "The dataset's folder.", completion: .directory)
  var dataset: String?

  @Option(
    help: ArgumentHelp(
      "Where the index is kept, instead of DATASET/.balance/index.sqlite.", valueName: "file"),
    completion: .file(extensions: ["sqlite"]))
  var index: String?

  @Flag(help: "Remove what no training on the images as they are would use.")
  var prune = false

  @Flag(help: "Remove all of it.")
  var all = false

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard dataset != nil || index == nil else {
      throw ValidationError("--index says where a dataset's index is: name the dataset as well.")
    }
  }

  func run() throws {
    let isUnwanted =
      prune || all ? { (file: PixelCacheFolder.File) in all || file.isRemovable } : nil
    let places = try places().map { root, location throws(BalanceError) in
      try CachePlace(root: root, index: location, removing: isUnwanted)
    }
    if json {
      try StandardOutput.write(json: places)
    } else {
      try StandardOutput.write(CacheText(places, removes: prune || all).text)
    }
    let failures = places.flatMap(\.failures)
    guard let first = failures.first else { return }
    throw BalanceError(
      .cannotCreate, "\(failures.count) files cannot be removed (\(first.reason))", at: first.path,
      remedy: "check that you may write to the folder")
  }

  /// The datasets whose caches are looked at, and their indices.
  private func places() throws(BalanceError) -> [(root: URL, location: URL)] {
    guard let dataset else { return DatasetIndex.cachedIndices() }
    let opened = try DatasetIndex.openExisting(
      root: URL(fileURLWithPath: dataset, isDirectory: true),
      at: index.map { URL(fileURLWithPath: $0) })
    return [(opened.root, opened.location)]
  }
}
