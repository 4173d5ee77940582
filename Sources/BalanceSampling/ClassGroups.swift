import BalanceCore

/// The positions of the images of each class, one after another in one flat array.
struct ClassGroups: Sendable {
  /// The images of class c are `positions[starts[c]..<starts[c + 1]]`, ascending.
  let positions: [Int32]
  let starts: [Int]
  let counts: [Int]

  var classCount: Int { counts.count }
  /// The number of images, N.
  var imageCount: Int { positions.count }
  /// The classes that have images.
  var occupied: [Int] { counts.indices.filter { counts[$0] > 0 } }

  /// A counting sort. - Complexity: O(N + K).
  ///
  /// - Throws: `BalanceError` with code `data` for no images, more than Int32 holds, or a label
  ///   outside `0..<classCount`.
  init(labels: [Int], classCount: Int) throws(BalanceError) {
    guard !labels.isEmpty else {
      throw BalanceError(
        .data, "there are no images to draw from",
        remedy: "check that the training split is not empty")
    }
    guard labels.count <= Int(Int32.max) else {
      throw BalanceError(
        .data, "\(labels.count) images are more than a plan can number",
        remedy: "use at most \(Int32.max)")
    }
    var counts = [Int](repeating: 0, count: classCount)
    var bad: Int?
    counts.withUnsafeMutableBufferPointer { counts in
      for (image, label) in labels.enumerated() {
        guard label >= 0 && label < classCount else {
          bad = image
          break
        }
        counts[label] += 1
      }
    }
    if let bad {
      throw BalanceError(
        .data, "image \(bad) has the label \(labels[bad])",
        remedy: "expected a label from 0 to \(classCount - 1)")
    }
    var starts = [0]
    starts.reserveCapacity(classCount + 1)
    for count in counts { starts.append(starts[starts.count - 1] + count) }
    var next = starts
    positions = [Int32](unsafeUninitializedCapacity: labels.count) { positions, initialized in
      next.withUnsafeMutableBufferPointer { next in
        labels.withUnsafeBufferPointer { labels in
          for image in 0..<labels.count {
            let label = labels[image]
            positions[next[label]] = Int32(truncatingIfNeeded: image)
            next[label] += 1
          }
        }
      }
      initialized = labels.count
    }
    self.counts = counts
    self.starts = starts
  }
}
