import BalanceCore
import BalanceImages
import Foundation

extension FuzzTarget {
  /// One of each format that is read.
  static var images: [FuzzTarget] {
    ImageFormat.all.map { format in
      FuzzTarget(
        name: format.id, seeds: { try goldens(of: format) }, words: words[format] ?? [],
        reader: { readImage })
    }
  }

  private static let words: [ImageFormat: [String]] = [
    .jpeg: ["Exif\0\0", "JFIF\0", "Adobe\0"],
    .png: [
      "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "sRGB", "iCCP", "eXIf", "acTL", "zTXt",
    ],
    .webp: ["RIFF", "WEBP", "VP8 ", "VP8L", "VP8X", "ALPH", "EXIF", "Exif\0\0", "ANIM", "ICCP"],
    .pnm: ["P2 ", "P3 ", "P5 ", "P6 ", " 255\n", " 65535\n", "#\n", "2147483647 "],
  ]

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
    struct File: Decodable {
      let name: String
      let file: Data
    }
    let images: [File]
  }

  /// The files of Tests/Goldens, one of every kind that decoders are tested with.
  private static func goldens(of format: ImageFormat) throws -> [Data] {
    let tools = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
    let place = tools.deletingLastPathComponent()
      .appendingPathComponent("Tests/Goldens/images.json")
    return try CanonicalJSON.decode(Goldens.self, from: Data(contentsOf: place))
      .images.filter { $0.name.hasPrefix(format.id + " ") }.map(\.file)
  }
}
