public import BalanceComparisons
public import BalanceCore
import Foundation

/// Made-up runs with the habits of real ones: rare classes are harder, images that are hard for
/// one run are hard for the others, remedies lift rare classes and cost common ones.
///
/// Nothing here is a result; it is what charts, tables and statistics are tried on.
public struct SyntheticRuns: Sendable {
  /// A made-up remedy: what it adds to the chance of a right answer in rare and common classes.
  public struct Remedy: Sendable {
    public var strategy: String
    public var loss: String
    public var rareGain: Double
    public var commonGain: Double

    public init(_ strategy: String, _ loss: String, rare: Double, common: Double) {
      self.strategy = strategy
      self.loss = loss
      rareGain = rare
      commonGain = common
    }
  }

  public var classNames: [String]
  public var trainingCounts: [Int]
  public var testCounts: [Int]
  public var seeds: [UInt64]
  public var remedies: [Remedy]
  /// Images of a group, nil for no groups; all of a class.
  public var groupSize: Int?
  public var hasValidation = true

  public init(
    classNames: [String], trainingCounts: [Int], testCounts: [Int], seeds: [UInt64],
    remedies: [Remedy] = Self.sevenArms, groupSize: Int? = nil
  ) {
    self.classNames = classNames
    self.trainingCounts = trainingCounts
    self.testCounts = testCounts
    self.seeds = seeds
    self.remedies = remedies
    self.groupSize = groupSize
  }

  public static let sevenArms = [
    Remedy("none", "cross-entropy", rare: 0, common: 0),
    Remedy("weighted", "cross-entropy", rare: 0.16, common: -0.004),
    Remedy("oversample", "cross-entropy", rare: 0.15, common: -0.002),
    Remedy("undersample", "cross-entropy", rare: 0.06, common: -0.13),
    Remedy("none", "focal:2", rare: 0.02, common: 0),
    Remedy("weighted", "focal:2", rare: 0.17, common: -0.02),
    Remedy("none", "label-smoothing:0.1", rare: -0.04, common: 0),
  ]

  /// A long-tailed training set with `maximum` images in its largest class and a balanced test
  /// set with `test` images a class.
  public static func longTail(
    classes: Int, maximum: Int, ratio: Double, test: Int, seeds: Int,
    remedies: [Remedy] = sevenArms
  ) -> SyntheticRuns {
    SyntheticRuns(
      classNames: (0..<classes).map { classes <= 10 ? "\($0)" : "class \($0)" },
      trainingCounts: (0..<classes).map { c in
        max(1, Int(Double(maximum) * pow(1 / ratio, Double(c) / Double(max(1, classes - 1)))))
      },
      testCounts: [Int](repeating: test, count: classes), seeds: (0..<seeds).map(UInt64.init),
      remedies: remedies)
  }

  /// Mask × gender × age: 18 classes from 3 columns, several of them tiny, grouped by person.
  public static var composite: SyntheticRuns {
    let names = ["mask", "incorrect", "none"].flatMap { mask in
      ["female", "male"].flatMap { gender in
        ["under 30", "30 to 59", "60 and over"].map { "\(mask)+\(gender)+\($0)" }
      }
    }
    let training = [
      2800, 2100, 410, 3300, 1900, 260, 560, 420, 82, 660, 380, 52, 560, 420, 82, 660, 380, 52,
    ]
    return SyntheticRuns(
      classNames: names, trainingCounts: training, testCounts: training.map { $0 * 3 / 20 },
      seeds: [0, 1, 2], groupSize: 5)
  }

  public func runs() -> [ComparedRun] {
    remedies.indices.flatMap { remedy in seeds.map { run(remedy, seed: $0) } }
  }

  public func comparison(_ options: ComparisonOptions = ComparisonOptions())
    throws(BalanceError) -> Comparison
  {
    try Comparison(runs(), options: options)
  }
}
