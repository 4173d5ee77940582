/// Target rows of mixed images: λ of one label and 1 − λ of another.
///
/// Source: Zhang et al., *mixup: beyond empirical risk minimization*, ICLR 2018.
public enum MixedTargets {
  /// Writes `q = λ 1_a + (1 − λ) 1_b`, one row an image.
  ///
  /// - Parameters:
  ///   - labels: a and `partners`: b, `[N]` each.
  ///   - share: λ, in 0...1.
  ///   - targets: `[N, K]`.
  /// - Precondition: the buffers have these shapes, and labels are in range.
  public static func write(
    labels: UnsafeBufferPointer<Int32>, partners: UnsafeBufferPointer<Int32>, share: Double,
    classes: Int, into targets: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(labels.count == partners.count, "as many labels as partners")
    precondition(targets.count == labels.count * classes, "the targets are not [images, classes]")
    precondition((0...1).contains(share), "a share of mixing is in 0...1, not \(share)")
    targets.update(repeating: 0)
    for i in labels.indices {
      let (a, b) = (Int(labels[i]), Int(partners[i]))
      precondition(
        (0..<classes).contains(a) && (0..<classes).contains(b), "a label is not below \(classes)")
      targets[i * classes + a] += Float(share)
      targets[i * classes + b] += Float(1 - share)
    }
  }
}
