/// Places buffers with known lifetimes into one block of memory, so that two overlap only when
/// their lifetimes do not.
///
/// Greedy by size: the largest buffer first, each at the lowest offset that is free for its whole
/// life. Within a few per cent of the lower bound on the networks here, in O(n²).
package struct MemoryPlanner {
  /// Bytes needed during the closed interval of steps `first...last`.
  package struct Request: Hashable, Sendable {
    package let bytes: Int
    package let life: ClosedRange<Int>

    package init(bytes: Int, life: ClosedRange<Int>) {
      self.bytes = bytes
      self.life = life
    }
  }

  /// Offsets are multiples of this, so that vectors load aligned.
  package static let alignment = 64
  /// Buffers whose sizes are powers of two would all begin at the same offset within a page, where
  /// a load waits for a store to the same offset of another page; this many bytes set them apart.
  private static let skew = 576

  /// - Returns: an offset for each request, in order, and the size of the whole block.
  package static func place(_ requests: [Request]) -> (offsets: [Int], bytes: Int) {
    var offsets = [Int](repeating: 0, count: requests.count)
    var placed: [Int] = []
    var total = 0
    let order = requests.indices.sorted {
      (-requests[$0].bytes, $0) < (-requests[$1].bytes, $1)
    }
    for index in order {
      let size = rounded(requests[index].bytes)
      let neighbours = placed.filter { requests[$0].life.overlaps(requests[index].life) }
        .sorted { offsets[$0] < offsets[$1] }
      var offset = 0
      for other in neighbours {
        if offset + size <= offsets[other] { break }
        offset = max(offset, offsets[other] + rounded(requests[other].bytes))
      }
      offsets[index] = offset
      placed.append(index)
      total = max(total, offset + size)
    }
    return (offsets, total)
  }

  private static func rounded(_ bytes: Int) -> Int {
    (bytes + skew + alignment - 1) / alignment * alignment
  }
}
