/// Figures that judge all cells at once.
extension ConfusionMatrix {
  /// Correct / N; NaN without images.
  public var accuracy: Double {
    total == 0 ? .nan : Double(correct) / Double(total)
  }

  /// Matthews' correlation coefficient for K classes,
  /// `(c·N − Σ t_k p_k) / √((N² − Σ p_k²)(N² − Σ t_k²))`, in −1...1.
  ///
  /// 0 where the truth or the prediction is constant, as in scikit-learn.
  ///
  /// Source: Gorodkin, *Comparing two K-category assignments by a K-category correlation
  /// coefficient*, 2004.
  public var matthewsCorrelation: Double {
    let (truth, predicted) = margins
    let n = Double(total)
    var both = 0.0
    var truthSquares = 0.0
    var predictedSquares = 0.0
    for (t, p) in zip(truth, predicted) {
      both += t * p
      truthSquares += t * t
      predictedSquares += p * p
    }
    let scale = (n * n - predictedSquares) * (n * n - truthSquares)
    return scale == 0 ? 0 : (Double(correct) * n - both) / scale.squareRoot()
  }

  /// Cohen's κ, `(accuracy − chance) / (1 − chance)` with chance = Σ t_k p_k / N², at most 1.
  ///
  /// NaN without images and where truth and prediction are the same single class.
  ///
  /// Source: Cohen, *A coefficient of agreement for nominal scales*, 1960.
  public var cohenKappa: Double {
    let (truth, predicted) = margins
    let n = Double(total)
    let chance = zip(truth, predicted).reduce(0) { $0 + $1.0 * $1.1 } / n
    return (Double(correct) - chance) / (n - chance)
  }

  /// Support and predicted count of each class.
  private var margins: (truth: [Double], predicted: [Double]) {
    (
      (0..<classCount).map { Double(support($0)) },
      (0..<classCount).map { Double(predictedCount($0)) }
    )
  }
}
