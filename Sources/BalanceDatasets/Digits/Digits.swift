public import BalanceCore
import Foundation

/// The UCI handwritten digits: 1,797 grey images of 8×8 pixels in ten classes, in the order and
/// with the values of scikit-learn's `load_digits`.
///
/// Source: E. Alpaydin, C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine
/// Learning Repository, 1998, doi 10.24432/C50P49, CC BY 4.0.
public struct Digits: Sendable {
  /// Height and width of an image.
  public static let side = 8
  public static let classCount = 10
  /// What has to be said wherever the images are shown or passed on.
  public static let credit = """
    E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning \
    Repository 1998, doi 10.24432/C50P49, CC BY 4.0
    """

  /// The digit of each image, 0...9.
  public let labels: [UInt8]
  /// Ink, 0...16, row-major `[images, 8, 8]`.
  public let pixels: [UInt8]

  public var count: Int { labels.count }

  /// Unpacks the images that are built into the program.
  ///
  /// - Throws: `BalanceError` with code `software` if the built-in data is damaged.
  public init() throws(BalanceError) {
    let count = DigitsData.count
    var labelBits = try BitReader(base64: DigitsData.labels)
    var labels: [UInt8] = []
    for _ in 0..<count { labels.append(try labelBits.read(4)) }
    var pixelBits = try BitReader(base64: DigitsData.pixels)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * Self.side * Self.side)
    for _ in 0..<count * Self.side * Self.side {
      pixels.append(try pixelBits.read(1) == 0 ? 0 : pixelBits.read(4) + 1)
    }
    self.labels = labels
    self.pixels = pixels
  }

  /// The pixels of one image, 0...16.
  public func image(_ index: Int) -> ArraySlice<UInt8> {
    let size = Self.side * Self.side
    return pixels[index * size..<(index + 1) * size]
  }
}

/// Reads numbers of a few bits, the highest bit of each byte first.
private struct BitReader {
  private let bytes: [UInt8]
  private var position = 0

  init(base64 text: String) throws(BalanceError) {
    guard let data = Data(base64Encoded: text, options: .ignoreUnknownCharacters) else {
      throw Self.damaged
    }
    bytes = [UInt8](data)
  }

  mutating func read(_ width: Int) throws(BalanceError) -> UInt8 {
    var value: UInt8 = 0
    for _ in 0..<width {
      guard position < bytes.count * 8 else { throw Self.damaged }
      value = value << 1 | (bytes[position / 8] >> UInt8(7 - position % 8)) & 1
      position += 1
    }
    return value
  }

  private static var damaged: BalanceError {
    BalanceError(.software, "the built-in digits are damaged", remedy: "build the program again")
  }
}
