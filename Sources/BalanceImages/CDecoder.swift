import BalanceCore
import CBalanceImageCodecs

/// A decoder in C: see `codec_jpeg_decode`.
struct CDecoder: Sendable {
  let function:
    @Sendable @convention(c) (
      UnsafePointer<UInt8>?, Int, codec_shape, UnsafeMutableRawPointer?,
      UnsafeMutablePointer<UInt32>?, UnsafeMutablePointer<CChar>?
    ) -> Int32
  /// What the bits say by which it tells oddities.
  let oddities: [(bit: Int, text: String)]

  /// As `ImageFormat.Decoder`.
  func decode(
    _ file: ByteView, _ shape: StoredShape, into target: UnsafeMutableRawBufferPointer,
    of format: ImageFormat
  ) throws(BalanceError) -> [String] {
    var found: UInt32 = 0
    let failure = codecFailure { message in
      function(
        file.bytes.bindMemory(to: UInt8.self).baseAddress, file.count,
        codec_shape(
          width: UInt32(shape.width), height: UInt32(shape.height),
          channels: Int32(shape.channels), depth: Int32(shape.depth)), target.baseAddress, &found,
        message)
    }
    if let failure { throw format.damaged(failure) }
    return oddities.filter { Int(found) & $0.bit != 0 }.map(\.text)
  }
}

/// Runs a codec with a buffer for its message; the message, escaped, if it does not return 0.
func codecFailure(_ body: (UnsafeMutablePointer<CChar>) -> Int32) -> String? {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: CODEC_MESSAGE_SIZE) {
    buffer in
    guard let message = buffer.baseAddress else { return "out of memory" }
    buffer.initialize(repeating: 0)
    guard body(message) != 0 else { return nil }
    let text = String(cString: message)
    return String(text.unicodeScalars.map { $0.value < 0x20 ? "?" : Character($0) })
  }
}
