import BalanceCore
import BalanceDatasets
import BalanceImages
import BalanceLoading
import BalanceNetworks
import BalanceTensors
import Foundation

/// A row of features for each image of a dataset, in the order of `TrainingData.images`.
final class FeatureTable {
  /// Features an image.
  let width: Int
  /// `[images, width]`.
  let values: UnsafeMutableBufferPointer<Float>

  /// - Throws: `BalanceError` where the machine has not that much memory.
  init(images: Int, width: Int) throws(BalanceError) {
    try MachineLimits.check(
      memory: MachineLimits.product(images, width, 4), for: "\(width) features of each image")
    self.width = width
    values = .allocate(capacity: images * width)
    values.initialize(repeating: 0)
  }

  deinit { values.deallocate() }

  /// The rows of these images, valid as long as the table.
  func rows(_ positions: Range<Int>) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(
      rebasing: values[(positions.lowerBound * width)..<(positions.upperBound * width)])
  }
}

/// Computes the features of a dataset's images with a frozen backbone, or takes them from the disk.
struct FeatureSource {
  let data: LoadedData
  let configuration: ResolvedConfiguration
  let backbone: Network
  /// The whole network's parameters.
  let parameters: Parameters
  let pool: ComputePool

  /// From the cache folder where an earlier run has left them, else computed and left there.
  ///
  /// - Parameter check: called before each batch; what it throws ends the work.
  func table(check: () throws -> Void) throws -> FeatureTable {
    let own = try Parameters(backbone, seed: 0)
    own.copy(from: parameters)
    let place = data.cacheFolder.appendingPathComponent("features")
      .appendingPathComponent("\(try key(own)).f32")
    let table = try FeatureTable(images: data.dataset.images.count, width: backbone.classes)
    if Self.read(place, into: table) { return table }
    try compute(own, into: table, check: check)
    // A folder that cannot be written to costs the next run time, nothing else.
    do {
      let bytes = UnsafeRawBufferPointer(table.values)
      try AtomicFile.makeFolder(place.deletingLastPathComponent())
      try AtomicFile.write(Data(bytes) + ContentHash(of: bytes).bytes, to: place)
    } catch {}
    return table
  }

  /// Each part of the split for itself, in the batches that an evaluation of the whole network
  /// would have.
  private func compute(_ own: Parameters, into table: FeatureTable, check: () throws -> Void) throws
  {
    let plan = try EvaluationPlan(
      backbone, parameters: own, batchSize: configuration.batchSize, pool: pool,
      options: configuration.planOptions)
    for positions in [data.dataset.training, data.dataset.validation, data.dataset.test] {
      let loader = data.loader(positions, batchSize: configuration.batchSize)
      while let batch = loader.next() {
        try check()
        try data.cache.check()
        let start = (positions.lowerBound + batch.firstDraw) * table.width
        let rows = try plan.logits(batch.pixels, count: batch.count)
        _ = UnsafeMutableBufferPointer(rebasing: table.values[start..<(start + rows.count)])
          .update(from: rows)
      }
    }
  }

  /// Everything that the features' bits depend on.
  private func key(_ own: Parameters) throws -> String {
    struct Key: Codable {
      var network: Network
      var normalization: Normalization
      /// Nil for the full range.
      var range: SampleRange?
      var options: PlanOptions
      var batchSize: Int
      var threads: Int
      var instructionSet: String
      var versions: [String: String]
      var parts: [Range<Int>]
      var images: [String]
      var weights: [String]
    }
    let key = Key(
      network: backbone, normalization: data.normalization,
      range: configuration.range == .full ? nil : configuration.range,
      options: configuration.planOptions,
      batchSize: configuration.batchSize, threads: pool.threads,
      instructionSet: Machine.instructionSet,
      versions: RunRecord.Machine.current(threads: pool.threads).versions,
      parts: [data.dataset.training, data.dataset.validation, data.dataset.test],
      images: data.dataset.images.map(\.contentHash),
      weights: [own.values, own.bufferValues].map {
        ContentHash(of: UnsafeRawBufferPointer($0)).hex
      })
    return try CanonicalJSON.encode(key).withUnsafeBytes { ContentHash(of: $0).hex }
  }

  /// False where there is no such file, or it is not what was written.
  private static func read(_ place: URL, into table: FeatureTable) -> Bool {
    let target = UnsafeMutableRawBufferPointer(table.values)
    guard let file = try? MappedFile(place, followsLink: false),
      file.bytes.count == target.count + ContentHash.byteCount
    else { return false }
    target.copyMemory(from: UnsafeRawBufferPointer(rebasing: file.bytes[..<target.count]))
    return ContentHash(of: UnsafeRawBufferPointer(target)).bytes
      .elementsEqual(file.bytes.suffix(ContentHash.byteCount))
  }
}
