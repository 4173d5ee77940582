import BalanceCore
import BalanceDatasets
import Foundation
import Synchronization

/// Decodes a list of images into a new cache segment, on several threads.
struct SegmentBuilder: Sendable {
  let root: URL
  let layout: PixelLayout
  let folder: URL
  let missing: [(key: ContentKey, image: ImageRecord)]
  /// From so many bytes on, it is said before they are written.
  private static let notableSize = 256 << 20

  /// - Throws: `BalanceError` for the first damaged file in the list's order, whatever the number
  ///   of threads: chunks are handed out in order, and one that was begun is ended.
  func build(threads: Int, progress: any ProgressReporter) throws(BalanceError)
    -> CacheSegment
  {
    try AtomicFile.makeFolder(folder)
    PixelCacheFolder(folder).removeLeftovers()
    let size = CacheSegment.fileSize(count: missing.count, layout: layout)
    if size >= Self.notableSize {
      progress.note(
        "note: the pixels of \(missing.count) images of \(layout.width)×\(layout.height), "
          + "\(DiskSpace.text(size)), are kept in \(folder.path) for later trainings; 'balance cache' "
          + "lists and removes them")
    }
    let writer = try SegmentWriter(folder: folder, keys: missing.map(\.key), layout: layout)
    progress.begin("decoding", total: missing.count, unit: "images")
    defer { progress.end() }

    // About a quarter of a megabyte is decoded before it is written.
    let chunk = max(1, (1 << 18) / layout.stride)
    let next = Atomic<Int>(0)
    let first = Mutex<(position: Int, error: BalanceError)?>(nil)
    let chunks = (missing.count + chunk - 1) / chunk
    Parallel.run(threads: max(1, min(threads, chunks)), progress: progress) {
      let reader = RecordReader(root: root, layout: layout)
      let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: chunk * layout.stride, alignment: 64)
      defer { buffer.deallocate() }
      while first.withLock({ $0 == nil }) {
        let start = next.add(chunk, ordering: .relaxed).oldValue
        guard start < missing.count else { return }
        let range = start..<min(start + chunk, missing.count)
        var position = start
        do throws(BalanceError) {
          while position < range.upperBound {
            let offset = (position - start) * layout.stride
            try reader.read(
              missing[position].image,
              into: UnsafeMutableRawBufferPointer(
                rebasing: buffer[offset..<offset + layout.stride]))
            position += 1
          }
          try writer.write(
            UnsafeRawBufferPointer(rebasing: buffer[..<(range.count * layout.stride)]), slot: start)
          progress.advance(by: range.count)
        } catch {
          first.withLock { if position < $0?.position ?? .max { $0 = (position, error) } }
        }
      }
    }
    if let failure = first.withLock({ $0 }) {
      writer.abandon()
      throw failure.error
    }
    let url = try writer.finish()
    guard let segment = CacheSegment(url: url, layout: layout) else {
      throw BalanceError(
        .software, "the pixel cache cannot be read back", at: url.path, remedy: "try again")
    }
    return segment
  }
}
