import BalanceCore
import BalanceImages
import BalanceReports
import Foundation
import Synchronization

extension ContactSheet {
  /// Images on one sheet; more make a page that browsers are slow to open.
  private static let capacity = 400
  /// The longer side of a thumbnail in pixels.
  private static let side = 160

  /// Shows the least sure images of each predicted class, as many of each as there is room for.
  ///
  /// - Parameter range: of 16-bit images, as the model saw them.
  init(_ rows: [PredictionRow], title: String, range: SampleRange) throws(BalanceError) {
    let classified = rows.filter { $0.predicted != nil }
    let byClass = Dictionary(grouping: classified) { $0.predicted ?? "" }
    let share = Self.share(byClass.values.map(\.count))
    let shown = byClass.values.flatMap { rows in
      rows.sorted { ($0.confidence, $0.image) < ($1.confidence, $1.image) }.prefix(share)
    }
    self.init(
      title: title, pictures: try Self.pictures(shown, range),
      counts: byClass.mapValues(\.count), unreadable: rows.count - classified.count)
  }

  /// The most images of a class that leave room for as many of every other; at least one.
  private static func share(_ counts: [Int]) -> Int {
    var share = 1
    while share < counts.max() ?? 0,
      counts.reduce(0, { $0 + min($1, share + 1) }) <= capacity
    { share += 1 }
    return share
  }

  private static func pictures(
    _ rows: [PredictionRow], _ range: SampleRange
  ) throws(BalanceError) -> [Picture] {
    let thumbnails = Mutex([Result<Data, BalanceError>?](repeating: nil, count: rows.count))
    Parallel.forEach(rows.count, threads: MachineLimits.cores) { index in
      let made = Result { () throws(BalanceError) in try thumbnail(rows[index].image, range) }
      thumbnails.withLock { $0[index] = made }
    }
    var pictures: [Picture] = []
    for (row, thumbnail) in zip(rows, thumbnails.withLock { $0 }) {
      guard let predicted = row.predicted, let data = try thumbnail?.get() else { continue }
      pictures.append(
        Picture(
          path: row.image, predicted: predicted, probability: Double(row.confidence),
          thumbnail: data))
    }
    return pictures
  }

  private static func thumbnail(
    _ path: String, _ range: SampleRange
  ) throws(BalanceError) -> Data {
    let image = try PixelImage(
      at: ImageLocation(file: path), channels: 3, range: range)
    let longer = max(image.width, image.height)
    guard longer > side else { return try PNGEncoder.encode(image) }
    return try PNGEncoder.encode(
      image.resized(
        width: max(1, image.width * side / longer), height: max(1, image.height * side / longer)))
  }
}
