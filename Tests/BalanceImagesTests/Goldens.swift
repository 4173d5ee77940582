import BalanceCore
import BalanceImages
import Foundation
import Testing

/// What `tools/goldens/images.py` printed, read from Tests/Goldens.
struct Goldens: Decodable {
  /// A small file and what Pillow makes of it, upright: `convert("RGB")` and `convert("L")`.
  struct File: Decodable, CustomTestStringConvertible, Sendable {
    let name: String
    let width: Int
    let height: Int
    let file: Data
    let rgb: Data
    let gray: Data

    var testDescription: String { name }
  }

  /// `pattern` after Pillow's `resize((toWidth, toHeight), BILINEAR)`.
  struct Resize: Decodable, CustomTestStringConvertible, Sendable {
    let width: Int
    let height: Int
    let channels: Int
    let toWidth: Int
    let toHeight: Int
    let pixels: Data

    var testDescription: String { "\(width)x\(height)x\(channels) to \(toWidth)x\(toHeight)" }
  }

  let images: [File]
  let resizes: [Resize]

  static let shared: Goldens? = {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Goldens/images.json")
    return try? CanonicalJSON.decode(Goldens.self, from: Data(contentsOf: url))
  }()

  static let images = shared?.images ?? []
  static let resizes = shared?.resizes ?? []

  /// The files of a format.
  static func of(_ format: ImageFormat) -> [File] {
    images.filter { $0.name.hasPrefix(format.id + " ") }
  }

  static func file(_ name: String) throws -> File {
    try #require(images.first { $0.name == name })
  }
}

/// The same formula as `pattern` in the script: ramps with sharp edges.
func pattern(width: Int, height: Int, channels: Int) -> PixelImage {
  var pixels: [UInt8] = []
  for y in 0..<height {
    for x in 0..<width {
      for c in 0..<channels {
        let value = x * 7 + y * 13 + c * 31 + (x / 3) * (y / 2) * 29
        pixels.append(UInt8(value % 256))
      }
    }
  }
  return PixelImage(width: width, height: height, channels: channels, pixels: pixels)
}

/// The largest difference of two images' values.
func distance(_ a: [UInt8], _ b: some Collection<UInt8>) -> Int {
  a.count == b.count ? zip(a, b).map { abs(Int($0) - Int($1)) }.max() ?? 0 : .max
}

func decode(
  _ data: Data, channels: Int = 3, range: SampleRange = .full
) throws -> PixelImage {
  let bytes = [UInt8](data)
  return try bytes.withUnsafeBytes { raw in
    try ImageCodec.decode(raw, channels: channels, range: range)
  }
}

func read(_ data: Data) throws -> DecodedImage {
  let bytes = [UInt8](data)
  return try bytes.withUnsafeBytes { raw in try ImageCodec.read(raw) }
}

func header(_ data: Data) throws -> ImageHeader {
  let bytes = [UInt8](data)
  return try bytes.withUnsafeBytes { raw in try ImageCodec.header(of: raw) }
}
