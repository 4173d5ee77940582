public import BalanceCore
public import BalanceDatasets
public import BalanceImages
import Dispatch
public import Foundation
import Synchronization

extension PixelCache {
  /// Makes the pixels of `images` available, decoding on `threads` threads what no earlier call
  /// has decoded at this size.
  ///
  /// The folder holds segments: immutable files, each the pixels of the images that were missing
  /// when it was written, keyed by content hash, size, channels and range. An unchanged file is
  /// never
  /// decoded twice; a changed one has another hash and is decoded again; lists that overlap (the
  /// splits of a dataset, its subsets) share what they have in common. A segment gets its name when
  /// it is whole and flushed, so whatever stops the program leaves nothing half-valid, and damaged
  /// segments count as absent. So do pixels that do not fit their checksum, which is looked at once
  /// here, with a note of `progress`. With nothing to decode, the folder may be read-only.
  ///
  /// - Parameters:
  ///   - images: the list whose positions the cache will have.
  ///   - root: the dataset's root, which the records' paths are relative to.
  ///   - size: width and height that every image is resized to; proportions are not kept.
  ///   - channels: 1 or 3.
  ///   - range: of 16-bit images; without any, what is there of other ranges is used as well.
  ///   - folder: where the segments lie; made if it is not there.
  /// - Throws: `BalanceError` for the first file in the list that cannot be read, is damaged or has
  ///   changed since it was indexed, naming its path; and with code `cannotCreate` where the folder
  ///   cannot be written to.
  /// - Precondition: the size is positive, `channels` is 1 or 3, `threads` is positive.
  public static func build(
    images: [ImageRecord], root: URL, size: (width: Int, height: Int), channels: Int,
    range: SampleRange = .full, at folder: URL, threads: Int,
    progress: any ProgressReporter = SilentProgress()
  ) throws(BalanceError) -> PixelCache {
    precondition(size.width > 0 && size.height > 0, "a size of \(size.width) by \(size.height)")
    precondition(channels == 1 || channels == 3, "\(channels) channels")
    precondition(threads > 0, "\(threads) threads")
    let layout = PixelLayout(
      width: size.width, height: size.height, channels: channels,
      range: images.contains { $0.extent != nil } ? range : .full)
    var keys: [ContentKey] = []
    keys.reserveCapacity(images.count)
    for image in images { keys.append(try ContentKey(image)) }

    var wanted = Set(keys)
    var pixels: [ContentKey: UnsafePointer<UInt8>] = [:]
    var segments: [CacheSegment] = []
    var damaged: Set<ContentKey> = []
    func take(_ segment: CacheSegment) {
      let slots = segment.entries.indices.filter { wanted.contains(segment.entries[$0].key) }
      for (slot, isIntact) in zip(slots, segment.areIntact(slots, threads: threads)) {
        let key = segment.entries[slot].key
        if !isIntact {
          damaged.insert(key)
        } else if wanted.remove(key) != nil {
          pixels[key] = segment.pixels(slot: slot)
        }
      }
      if !slots.isEmpty { segments.append(segment) }
    }
    for segment in existingSegments(in: folder, layout) { take(segment) }

    damaged.formIntersection(wanted)
    var unseen = wanted
    var missing: [(key: ContentKey, image: ImageRecord)] = []
    for (key, image) in zip(keys, images) where unseen.remove(key) != nil {
      missing.append((key, image))
    }
    if let first = missing.first(where: { damaged.contains($0.key) }) {
      let images = NumberText.counted(damaged.count, "image")
      progress.note(
        "note: the cached pixels of \(images), such as \(first.image.path), are damaged; they are "
          + "decoded again")
    }
    if !missing.isEmpty {
      take(
        try SegmentBuilder(root: root, layout: layout, folder: folder, missing: missing)
          .build(threads: threads, progress: progress))
    }
    let pointers = keys.compactMap { pixels[$0] }
    guard pointers.count == keys.count else {
      throw BalanceError(.software, "the pixel cache lost an image", at: folder.path)
    }
    return PixelCache(
      layout: layout, decoded: missing.count, damaged: damaged.count,
      table: PixelTable(pointers: pointers, segments: segments))
  }

  /// The segments of a layout, in the order of their names.
  private static func existingSegments(in folder: URL, _ layout: PixelLayout) -> [CacheSegment] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let prefix = CacheSegment.namePrefix(layout)
    return names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".cache") }.sorted()
      .compactMap { CacheSegment(url: folder.appendingPathComponent($0), layout: layout) }
  }
}

extension CacheSegment {
  /// Whether the pixels in these slots are those that were written, each for itself.
  fileprivate func areIntact(_ slots: [Int], threads: Int) -> [Bool] {
    let chunk = (slots.count + threads - 1) / threads
    let parts = Mutex([[Bool]](repeating: [], count: threads))
    Parallel.forEach(threads, threads: threads) { thread in
      let part = slots.dropFirst(thread * chunk).prefix(chunk).map { isIntact(slot: $0) }
      parts.withLock { $0[thread] = part }
    }
    return parts.withLock { $0.flatMap(\.self) }
  }
}
