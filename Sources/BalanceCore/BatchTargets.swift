/// What the N images of a batch are to be, among K classes. The memory is somebody else's.
public enum BatchTargets {
  /// `[N]`, each in 0..<K: image i is of class `labels[i]`.
  case labels(UnsafeBufferPointer<Int32>)
  /// Images of two classes each.
  case mixtures(Mixtures)
  /// `[N, K]`, row-major: q_k of each image, none negative; K is `classes`.
  case probabilities(UnsafeBufferPointer<Float>, classes: Int)

  /// N.
  public var count: Int {
    switch self {
    case .labels(let labels): labels.count
    case .mixtures(let mixtures): mixtures.labels.count
    case .probabilities(let rows, let classes): classes == 0 ? 0 : rows.count / classes
    }
  }
}

extension BatchTargets {
  /// `q_i = λ_i 1_{a_i} + (1 − λ_i) 1_{b_i}`, as mixup and CutMix make them.
  ///
  /// Source: Zhang et al., *mixup: beyond empirical risk minimization*, ICLR 2018.
  public struct Mixtures {
    /// a, `[N]`, each in 0..<K.
    public let labels: UnsafeBufferPointer<Int32>
    /// b, `[N]`, each in 0..<K; may be a.
    public let partners: UnsafeBufferPointer<Int32>
    /// λ, `[N]`, each in 0...1.
    public let shares: UnsafeBufferPointer<Float>

    /// - Precondition: as many labels as partners and shares.
    public init(
      labels: UnsafeBufferPointer<Int32>, partners: UnsafeBufferPointer<Int32>,
      shares: UnsafeBufferPointer<Float>
    ) {
      precondition(
        labels.count == partners.count && labels.count == shares.count,
        "\(labels.count) labels, \(partners.count) partners, \(shares.count) shares")
      self.labels = labels
      self.partners = partners
      self.shares = shares
    }
  }
}
