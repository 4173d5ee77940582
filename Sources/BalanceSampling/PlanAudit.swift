/// What a plan really draws, class by class: printed before training.
public struct PlanAudit: Codable, Hashable, Sendable {
  public let strategy: SamplingStrategy
  public let seed: UInt64
  public let epoch: Int
  public let classes: [ClassRow]
  /// All classes together.
  public let total: ClassRow

  /// The draws of one class.
  public struct ClassRow: Codable, Hashable, Sendable {
    public let name: String
    /// Images that could be drawn.
    public let images: Int
    public let draws: Int
    /// Different images among the draws.
    public let distinctImages: Int
    /// The draws of the image that is drawn most often.
    public let maximumDraws: Int
    /// The share of the draws that the strategy promises.
    public let expectedShare: Double
    /// The share of the draws that the class has.
    public let share: Double

    /// Draws for each image that is drawn at all; 0 without draws.
    public var meanRepeats: Double {
      distinctImages == 0 ? 0 : Double(draws) / Double(distinctImages)
    }

    /// The share of the class's images that are drawn at all; 0 without images.
    public var coverage: Double { images == 0 ? 0 : Double(distinctImages) / Double(images) }
  }

  /// - Parameters:
  ///   - labels: the labels that the plan was made for.
  ///   - classNames: all classes, those without images too.
  /// - Precondition: every draw is a position in `labels`, every label one in `classNames`.
  public init(plan: EpochPlan, labels: [Int], classNames: [String]) {
    let k = classNames.count
    var times = [Int32](repeating: 0, count: labels.count)
    for draw in plan.draws { times[Int(draw.image)] += 1 }
    var images = [Int](repeating: 0, count: k)
    var draws = images
    var distinct = images
    var maximum = images
    for (image, label) in labels.enumerated() {
      let drawn = Int(times[image])
      images[label] += 1
      draws[label] += drawn
      if drawn > 0 { distinct[label] += 1 }
      maximum[label] = max(maximum[label], drawn)
    }
    let expected = plan.rule.expectedShares(images)
    let count = plan.draws.count
    classes = (0..<k).map {
      ClassRow(
        name: classNames[$0], images: images[$0], draws: draws[$0], distinctImages: distinct[$0],
        maximumDraws: maximum[$0], expectedShare: expected[$0],
        share: count == 0 ? 0 : Double(draws[$0]) / Double(count))
    }
    total = ClassRow(
      name: "all", images: labels.count, draws: count, distinctImages: distinct.reduce(0, +),
      maximumDraws: maximum.max() ?? 0, expectedShare: expected.reduce(0, +),
      share: count == 0 ? 0 : 1)
    strategy = plan.strategy
    seed = plan.seed
    epoch = plan.epoch
  }

  /// Classes that have no images and so are never drawn.
  public var emptyClasses: [String] { classes.filter { $0.images == 0 }.map(\.name) }
}
