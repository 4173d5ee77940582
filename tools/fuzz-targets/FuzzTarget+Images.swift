import BalanceCore
import BalanceImages
import Foundation

extension FuzzTarget {
  static var jpeg: FuzzTarget {
    FuzzTarget(
      name: "jpeg",
      seeds: { try goldens(beginning: [0xFF, 0xD8]) },
      words: ["Exif\0\0", "JFIF\0", "Adobe\0"], reader: { readImage })
  }

  static var png: FuzzTarget {
    FuzzTarget(
      name: "png",
      seeds: {
        let made = try [1, 3].map { channels in
          try PNGEncoder.encode(
            PixelImage(
              width: 5, height: 4, channels: channels,
              pixels: (0..<20 * channels).map { UInt8($0) }))
        }
        return try made + goldens(beginning: [0x89, 0x50])
      },
      words: [
        "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "sRGB", "iCCP", "eXIf", "acTL", "zTXt",
      ], reader: { readImage })
  }

  /// Larger images are read by their headers only, for speed: the decoders have seen no others.
  private static let mostPixels = 1 << 20

  private static func readImage(_ data: Data) throws {
    // A copy, so that a read past its end is one past an allocation's end.
    try [UInt8](data).withUnsafeBytes { bytes throws in
      let header = try ImageCodec.header(of: bytes)
      guard header.width * header.height <= mostPixels else { return }
      for channels in [1, 3] {
        let image = try ImageCodec.decode(bytes, channels: channels)
        precondition(image.width == header.width && image.height == header.height)
        precondition(image.pixels.count == image.width * image.height * channels)
      }
    }
  }

  private struct Goldens: Decodable {
    struct File: Decodable { let file: Data }
    let images: [File]
  }

  /// The files of Tests/Goldens, one of every kind that decoders are tested with.
  private static func goldens(beginning start: [UInt8]) throws -> [Data] {
    let tools = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
    let place = tools.deletingLastPathComponent()
      .appendingPathComponent("Tests/Goldens/images.json")
    return try CanonicalJSON.decode(Goldens.self, from: Data(contentsOf: place))
      .images.map(\.file).filter { $0.starts(with: start) }
  }
}
