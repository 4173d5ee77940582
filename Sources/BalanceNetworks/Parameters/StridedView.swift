/// Which values of a storage a tensor is: value (i, j, …) is at `offset + i s₀ + j s₁ …`.
struct StridedView: Hashable, Sendable {
  let offset: Int
  let shape: [Int]
  let strides: [Int]
  /// How many values.
  let count: Int

  /// Nil for a negative size, stride or offset, another number of strides than sizes, and more
  /// values than can be counted.
  init?(offset: Int, shape: [Int], strides: [Int]) {
    guard offset >= 0, shape.count == strides.count, (shape + strides).allSatisfy({ $0 >= 0 })
    else { return nil }
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      count = product
    }
    self.offset = offset
    self.shape = shape
    self.strides = strides
    self.count = count
  }

  /// Whether every value lies within a storage of so many.
  func fits(_ values: Int) -> Bool {
    if count == 0 { return true }
    var last = offset
    for (size, stride) in zip(shape, strides) {
      let (reach, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
      let (sum, beyond) = last.addingReportingOverflow(reach)
      if overflow || beyond { return false }
      last = sum
    }
    return last < values
  }

  /// Whether the values are one after another, row by row.
  var isContiguous: Bool {
    if count == 0 { return true }
    var expected = 1
    for (size, stride) in zip(shape, strides).reversed() where size != 1 {
      if stride != expected { return false }
      expected *= size
    }
    return true
  }

  /// Where in the storage the value is that is the `index`-th row by row.
  func position(of index: Int) -> Int {
    var (rest, position) = (index, offset)
    for (size, stride) in zip(shape, strides).reversed() {
      position += rest % size * stride
      rest /= size
    }
    return position
  }
}
