public import BalanceCore
import Foundation

extension PixelImage {
  /// The image in a JPEG or PNG file, upright.
  ///
  /// - Parameter range: of 16-bit files.
  /// - Throws: `BalanceError` for a file that cannot be read or is no image, naming it.
  public init(
    file path: String, channels: Int, range: SampleRange = .full
  ) throws(BalanceError) {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    else {
      throw BalanceError(.noInput, "cannot be read", at: path, remedy: "check the path")
    }
    do {
      self = try data.withUnsafeBytes {
        try ImageCodec.decode($0, channels: channels, range: range)
      }
    } catch let error as BalanceError {
      throw BalanceError(error.code, error.what, at: error.place ?? path, remedy: error.remedy)
    } catch {
      throw BalanceError(.data, "\(error)", at: path)
    }
  }
}
