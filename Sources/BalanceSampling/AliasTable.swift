/// Draws a class with given probabilities, and an image of it uniformly, from one 64-bit number in
/// constant time.
///
/// Column j of K holds two classes: j itself below the threshold t_j, its alias above. A number
/// u in 0..<2⁶⁴ picks the column ⌊uK / 2⁶⁴⌋; the rest of the product is uniform again, and its
/// place within its side of the threshold picks the image. An image's probability is off by less
/// than n_c·K / 2⁵², relatively.
///
/// Source: Vose, *A linear algorithm for generating random numbers with a given distribution*,
/// 1991.
struct AliasTable: Sendable {
  /// One side of one column.
  struct Side: Sendable {
    /// Where the class's images start in `ClassGroups.positions`.
    var start: Int
    var count: Int
    /// Images a unit of what lies above `low`.
    var scale: Double
    var low: UInt64
  }

  /// Sides `2j` (below the threshold) and `2j + 1` (above).
  let sides: [Side]
  let thresholds: [UInt64]

  /// - Precondition: the shares of the classes without images are 0, and the shares add up to 1.
  init(shares: [Double], groups: ClassGroups) {
    let classes = groups.occupied
    let k = classes.count
    var height = classes.map { shares[$0] * Double(k) }
    var alias = Array(0..<k)
    var small = height.indices.filter { height[$0] < 1 }
    var large = height.indices.filter { height[$0] >= 1 }
    var cut = [Double](repeating: 1, count: k)
    while let less = small.popLast(), let more = large.last {
      cut[less] = height[less]
      alias[less] = more
      height[more] -= 1 - height[less]
      if height[more] < 1 {
        large.removeLast()
        small.append(more)
      }
    }
    // What is left over is 1 but for rounding.
    var sides: [Side] = []
    var thresholds: [UInt64] = []
    for column in 0..<k {
      let whole = cut[column] >= 1
      let threshold = whole ? UInt64.max : UInt64(max(cut[column], 0) * 0x1p64)
      thresholds.append(threshold)
      for (member, low, width) in [
        (column, UInt64(0), whole ? 0x1p64 : Double(threshold)),
        (alias[column], threshold, 0x1p64 - Double(threshold)),
      ] {
        let c = classes[member]
        sides.append(
          Side(
            start: groups.starts[c], count: groups.counts[c],
            scale: width > 0 ? Double(groups.counts[c]) / width : 0, low: low))
      }
    }
    self.sides = sides
    self.thresholds = thresholds
  }

  /// Turns random numbers into images, one each.
  func draw(
    _ words: UnsafeBufferPointer<UInt64>, from positions: UnsafeBufferPointer<Int32>,
    into images: UnsafeMutableBufferPointer<Int32>
  ) {
    precondition(words.count == images.count, "one number for each draw")
    let columns = UInt64(thresholds.count)
    sides.withUnsafeBufferPointer { sides in
      thresholds.withUnsafeBufferPointer { thresholds in
        for i in 0..<words.count {
          let (column, rest) = words[i].multipliedFullWidth(by: columns)
          let above = rest >= thresholds[Int(column)] ? 1 : 0
          let side = sides[2 * Int(column) + above]
          let within = Int(Double(rest &- side.low) * side.scale)
          images[i] = positions[side.start + min(within, side.count - 1)]
        }
      }
    }
  }
}
