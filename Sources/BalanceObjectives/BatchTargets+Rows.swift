import BalanceCore

extension BatchTargets {
  /// Refuses what is out of range: a mistake of the caller.
  func check(classes: Int) {
    func check(_ labels: UnsafeBufferPointer<Int32>) {
      for label in labels {
        precondition(label >= 0 && label < classes, "label \(label) is not below \(classes)")
      }
    }
    switch self {
    case .labels(let labels): check(labels)
    case .mixtures(let mixtures):
      check(mixtures.labels)
      check(mixtures.partners)
      for share in mixtures.shares {
        precondition((0...1).contains(share), "a share of a mixture is in 0...1, not \(share)")
      }
    case .probabilities(let rows, let width):
      precondition(width == classes, "targets of \(width) classes for \(classes)")
      precondition(rows.count == count * classes, "the targets are not [images, classes]")
      for target in rows { precondition(target >= 0, "a target is \(target)") }
    }
  }

  /// Calls `body` for each class that an image is to be, in ascending order, with its share.
  func visit(_ image: Int, _ body: (_ k: Int, _ target: Double) -> Void) {
    switch self {
    case .labels(let labels): OneHotRow(label: Int(labels[image])).visit(body)
    case .mixtures(let mixtures): MixedRow(mixtures, image: image).visit(body)
    case .probabilities(let rows, let classes):
      let row = rows[image * classes..<(image + 1) * classes]
      DenseRow(targets: UnsafeBufferPointer(rebasing: row)).visit(body)
    }
  }
}
