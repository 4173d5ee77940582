public import BalanceCore
import Foundation

/// The decoded, upright, resized pixels of a list of images, mapped into memory.
///
/// Position p of the cache is position p of the list that it was built for. Images with the same
/// bytes share their pixels. Copies of the value share the mapping, which lives as long as any.
public struct PixelCache: Sendable {
  /// The number of images.
  public let count: Int
  public let width: Int
  public let height: Int
  /// 1 or 3.
  public let channels: Int
  /// How many images had to be decoded when the cache was built; 0 when all were there already.
  public let decoded: Int
  /// How many of those were there, but not as they had been written.
  public let damaged: Int
  private let table: PixelTable

  init(layout: PixelLayout, decoded: Int, damaged: Int, table: PixelTable) {
    count = table.count
    width = layout.width
    height = layout.height
    channels = layout.channels
    self.decoded = decoded
    self.damaged = damaged
    self.table = table
  }

  /// Values an image: `height * width * channels`.
  public var imageSize: Int { width * height * channels }

  /// The pixels `[H, W, C]` of the image at `position`, valid as long as the cache.
  ///
  /// - Precondition: `position` in `0..<count`.
  public func pixels(_ position: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: table[position], count: imageSize)
  }

  /// Of every image.
  public var shape: ImageShape { ImageShape(height: height, width: width, channels: channels) }

  /// Whoever has read pixels asks before using them.
  ///
  /// - Throws: `BalanceError` where a file of the cache has become shorter, or its disk has failed,
  ///   since the cache was built: what was read may be zeros then.
  package func check() throws(BalanceError) { try table.check() }
}

/// Where each image's pixels begin, and the segments that they lie in, kept mapped.
/// `@unchecked Sendable`: the pixels never change.
final class PixelTable: @unchecked Sendable {
  private let pointers: [UnsafePointer<UInt8>]
  private let segments: [CacheSegment]

  init(pointers: [UnsafePointer<UInt8>], segments: [CacheSegment]) {
    self.pointers = pointers
    self.segments = segments
  }

  var count: Int { pointers.count }

  func check() throws(BalanceError) {
    for segment in segments { try segment.check() }
  }

  subscript(position: Int) -> UnsafePointer<UInt8> { pointers[position] }
}
