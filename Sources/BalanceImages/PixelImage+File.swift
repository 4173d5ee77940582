public import BalanceCore
import Foundation

extension PixelImage {
  /// The image in a file of any format that is read, upright.
  ///
  /// - Parameter range: of 16-bit files.
  /// - Throws: `BalanceError` for a file that cannot be read or is no image, naming it.
  public init(
    file path: String, channels: Int, range: SampleRange = .full
  ) throws(BalanceError) {
    let file = try MappedFile(URL(fileURLWithPath: path))
    do throws(BalanceError) {
      self = try ImageCodec.decode(file.bytes, channels: channels, range: range)
      try file.check()
    } catch {
      try file.check()
      throw BalanceError(error.code, error.what, at: error.place ?? path, remedy: error.remedy)
    }
  }
}
