import BalanceCore
import BalanceDatasets
import BalanceImages
import BalanceLoading
import BalanceSampling
import Foundation
import Synchronization
import Testing

/// A folder of small PNG files with their records, removed when the fixture goes.
final class Fixture {
  let folder: URL
  var records: [ImageRecord] = []

  var cacheFolder: URL { folder.appendingPathComponent("cache") }

  init(images: [PixelImage]) throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("balance-loading-\(UUID().uuidString)")
    try AtomicFile.makeFolder(folder)
    for (index, image) in images.enumerated() {
      records.append(try write(image, named: "\(index).png"))
    }
  }

  /// Images of differing sizes, filled with noise keyed by `seed`.
  convenience init(count: Int, channels: Int = 3, seed: UInt64 = 0) throws {
    try self.init(
      images: (0..<count).map {
        noise(width: 6 + $0 % 5, height: 9 - $0 % 4, channels: channels, seed: seed, index: $0)
      })
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Writes the file and gives back a record of it.
  func write(_ image: PixelImage, named name: String) throws -> ImageRecord {
    try write(PNGEncoder.encode(image), named: name)
  }

  func write(
    _ data: Data, named name: String, extent: ClosedRange<Int>? = nil
  ) throws -> ImageRecord {
    try AtomicFile.write(data, to: folder.appendingPathComponent(name))
    let hash = [UInt8](data).withUnsafeBytes { ContentHash(of: $0).hex }
    return ImageRecord(
      id: Int64(records.count), path: name, contentHash: hash, width: 1, height: 1, channels: 3,
      extent: extent, label: records.count % 3, group: nil)
  }

  func cache(
    width: Int = 8, height: Int = 7, channels: Int = 3, range: SampleRange = .full,
    threads: Int = 2, images: [ImageRecord]? = nil,
    progress: any ProgressReporter = SilentProgress()
  ) throws -> PixelCache {
    try PixelCache.build(
      images: images ?? records, root: folder, size: (width, height), channels: channels,
      range: range, at: cacheFolder, threads: threads, progress: progress)
  }

  /// The names of what lies in the cache's folder.
  var cacheFiles: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: cacheFolder.path)) ?? []).sorted()
  }

  /// The first file of the cache.
  func segment() throws -> URL {
    cacheFolder.appendingPathComponent(try #require(cacheFiles.first))
  }
}

/// Keeps what it is told.
final class Notes: ProgressReporter {
  private let kept = Mutex<[String]>([])

  var all: [String] { kept.withLock { $0 } }

  func begin(_ title: String, total: Int?, unit: String) {}
  func advance(by count: Int) {}
  func end() {}
  func note(_ text: String) { kept.withLock { $0.append(text) } }
}

func noise(width: Int, height: Int, channels: Int, seed: UInt64, index: Int) -> PixelImage {
  var generator = KeyedGenerator(seed: seed, .test, index)
  let pixels = (0..<width * height * channels).map { _ in UInt8(generator.below(256)) }
  return PixelImage(width: width, height: height, channels: channels, pixels: pixels)
}

extension PixelCache {
  /// All pixels, image after image.
  var everything: [UInt8] { (0..<count).flatMap { Array(pixels($0)) } }
}

/// One draw as it came out of a loader.
struct LoadedDraw: Equatable {
  var pixels: [Float]
  var label: Int32
  var position: Int32
}

extension Batch {
  /// The own label of each image.
  var labels: [Int32] {
    switch targets {
    case .labels(let labels): Array(labels)
    case .mixtures(let mixtures): Array(mixtures.labels)
    case .probabilities: []
    }
  }
}

extension BatchLoader {
  /// Copies everything that is left, draw after draw.
  func rest() -> [LoadedDraw] {
    var result: [LoadedDraw] = []
    while let batch = next() {
      let size = batch.pixels.count / batch.count
      let labels = batch.labels
      for index in 0..<batch.count {
        result.append(
          LoadedDraw(
            pixels: Array(batch.pixels[index * size..<(index + 1) * size]),
            label: labels[index], position: batch.positions[index]))
      }
    }
    return result
  }
}
