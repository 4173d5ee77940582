package import BalanceCore
package import Foundation

/// Reads images, one after the other into the same memory: the one reader of an index, of the pixel
/// cache and of `predict`. One a thread.
package final class ImageReader {
  /// Larger files are not images that anybody trains on; they are not even read.
  package static let maximumBytes = 1 << 30
  /// Bytes that are read before anything is known of a file.
  private static let head = 1 << 16

  private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: head, alignment: 64)

  package init() {}

  deinit { buffer.deallocate() }

  /// The image at a location, upright.
  ///
  /// - Parameter range: of 16-bit images.
  /// - Throws: as `bytes(at:)` and `ImageCodec.decode`, naming the location.
  /// - Precondition: `channels` is 1 or 3.
  package func image(
    at location: ImageLocation, channels: Int, range: SampleRange
  ) throws(BalanceError) -> PixelImage {
    let bytes = try bytes(at: location)
    do throws(BalanceError) {
      return try ImageCodec.decode(bytes, channels: channels, range: range)
    } catch { throw error.located(at: location.description) }
  }

  /// The bytes at a location, valid until the next call; of what begins like no image that is read
  /// only the first.
  ///
  /// - Parameter seen: is given what the file system says of the file that was opened.
  /// - Throws: `BalanceError`, naming the location: `noInput` where no such part of a file can be
  ///   read, `data` for more than `maximumBytes`.
  package func bytes(
    at location: ImageLocation, seen: (stat) -> Void = { _ in }
  ) throws(BalanceError) -> UnsafeRawBufferPointer {
    let (descriptor, size) = try RegularFile.open(location.file)
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable(location) }
    seen(status)
    // A stream that a shell handed over has no size: it is read to its end.
    let isFile = status.st_mode & S_IFMT == S_IFREG
    guard location.range?.count ?? (isFile ? size : 0) <= Self.maximumBytes else {
      throw tooLarge(location)
    }
    let range = location.range ?? 0..<(isFile ? size : Self.maximumBytes + 1)
    guard !isFile || range.upperBound <= size else {
      throw BalanceError(
        .noInput, "the file ends at byte \(size)", at: location.description,
        remedy: "check that it is whole")
    }
    guard range.lowerBound == 0 || lseek(descriptor, off_t(range.lowerBound), SEEK_SET) >= 0 else {
      throw unreadable(location)
    }
    var wanted = min(range.count, Self.head)
    var known = try fill(0..<wanted, from: descriptor, location)
    while known == wanted, known < range.count, isImage(known) {
      wanted = isFile ? range.count : min(range.count, 4 * known)
      reserve(wanted, keeping: known)
      known = try fill(known..<wanted, from: descriptor, location)
    }
    guard known <= Self.maximumBytes else { throw tooLarge(location) }
    return UnsafeRawBufferPointer(rebasing: buffer[..<known])
  }

  /// Whether the first bytes of the buffer begin an image.
  private func isImage(_ count: Int) -> Bool {
    ImageFormat(beginning: UnsafeRawBufferPointer(rebasing: buffer[..<count])) != nil
  }

  private func reserve(_ count: Int, keeping known: Int) {
    guard buffer.count < count else { return }
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<known]))
    buffer.deallocate()
    buffer = larger
  }

  /// Brings the bytes that come next into this part of the buffer; returns where they end, earlier
  /// where the file does.
  private func fill(
    _ part: Range<Int>, from descriptor: Int32, _ location: ImageLocation
  ) throws(BalanceError) -> Int {
    var filled = part.lowerBound
    while filled < part.upperBound {
      let count = read(
        descriptor, buffer.baseAddress.map { $0 + filled }, part.upperBound - filled)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(location) }
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  private func unreadable(_ location: ImageLocation) -> BalanceError {
    BalanceError(
      .noInput, "cannot be read (\(String(cString: strerror(errno))))",
      at: location.description, remedy: "check the permissions of the file and the disk")
  }

  private func tooLarge(_ location: ImageLocation) -> BalanceError {
    BalanceError(
      .data, "is larger than 1 GiB", at: location.description,
      remedy: "shrink or remove the file")
  }
}
