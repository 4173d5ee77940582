import BalanceImages
import Testing

/// A format, and what the conformance tests cannot make of its goldens.
struct FormatCase: CustomTestStringConvertible, Sendable {
  let format: ImageFormat
  /// The beginning of a file that claims more pixels than are allowed.
  let huge: [UInt8]

  init(_ format: ImageFormat, huge: [UInt8]) {
    self.format = format
    self.huge = huge
  }

  var testDescription: String { format.name }
  var goldens: [Goldens.File] { Goldens.of(format) }

  /// A line each; the goldens are told by their names.
  static let all = [
    FormatCase(.jpeg, huge: jpeg),
    FormatCase(.png, huge: png),
    FormatCase(.webp, huge: webp),
    FormatCase(.pnm, huge: [UInt8]("P6 70000 70000 255 ".utf8)),
  ]

  private static let jpeg: [UInt8] =
    [255, 216, 255, 192, 0, 11, 8, 255, 255, 255, 255, 1, 1, 17, 0, 255, 218]
  private static let png: [UInt8] =
    [137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13] + "IHDR".utf8
    + [127, 255, 255, 255, 127, 255, 255, 255, 8, 0, 0, 0, 0, 0, 0, 0, 0]
  private static let webp: [UInt8] =
    [82, 73, 70, 70, 18, 0, 0, 0] + "WEBPVP8L".utf8 + [5, 0, 0, 0, 47, 255, 255, 255, 15, 0]
}
