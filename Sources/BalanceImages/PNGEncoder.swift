public import BalanceCore
import CBalanceImageCodecs
public import Foundation

/// Writes images as PNG: 8-bit gray or RGB, not interlaced, zlib's default level.
public enum PNGEncoder {
  /// - Throws: `BalanceError` with code `software` where memory runs out.
  public static func encode(_ image: PixelImage) throws(BalanceError) -> Data {
    var bytes: UnsafeMutablePointer<UInt8>?
    var size = 0
    let failure = image.pixels.withUnsafeBufferPointer { pixels in
      codecFailure { message in
        codec_png_encode(
          pixels.baseAddress, UInt32(image.width), UInt32(image.height), Int32(image.channels),
          &bytes, &size, message)
      }
    }
    guard failure == nil, let bytes else {
      throw BalanceError(.software, "a PNG cannot be made (\(failure ?? "no bytes"))")
    }
    return Data(bytesNoCopy: bytes, count: size, deallocator: .free)
  }
}
