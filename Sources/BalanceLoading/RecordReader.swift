import BalanceCore
import BalanceDatasets
import BalanceImages
import Foundation

/// Reads the images of records, one after the other into the same memory.
struct RecordReader {
  private let root: URL
  private let layout: PixelLayout
  private let reader = ImageReader()

  init(root: URL, layout: PixelLayout) {
    self.root = root
    self.layout = layout
  }

  /// Decodes, turns upright and resizes the record's image into `target`.
  ///
  /// - Throws: `BalanceError` naming the record's path: `noInput` where the file cannot be read,
  ///   `data` where it is damaged or is not the file that was indexed.
  func read(
    _ record: ImageRecord, into target: UnsafeMutableRawBufferPointer
  ) throws(BalanceError) {
    let bytes: UnsafeRawBufferPointer
    do throws(BalanceError) { bytes = try reader.bytes(at: record.location(root: root)) } catch {
      throw BalanceError(
        error.code, error.what, at: record.path,
        remedy: "index the dataset again to have it skipped")
    }
    guard ContentHash(of: bytes).hex == record.contentHash else {
      throw BalanceError(
        .data, "has changed since it was indexed", at: record.path,
        remedy: "index the dataset again with 'balance index --reread'")
    }
    let image: PixelImage
    do throws(BalanceError) {
      image = try ImageCodec.decode(bytes, channels: layout.channels, range: layout.range)
    } catch {
      throw BalanceError(
        error.code, error.what, at: record.path,
        remedy: "index the dataset again with 'balance index --reread' to have it skipped")
    }
    image.resized(width: layout.width, height: layout.height)
      .pixels.withUnsafeBytes { target.copyMemory(from: $0) }
  }
}
