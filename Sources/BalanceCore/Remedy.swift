/// What a run does against imbalance: its parts as they are spelled on the command line.
public struct Remedy: Codable, Hashable, Sendable {
  /// How often images of each class are drawn: `none`, `weighted:0.5`.
  public var strategy: String
  /// The first epoch, counted from 1, in which the strategy holds; nil for all epochs.
  public var strategyFrom: Int?
  /// `cross-entropy`, `focal:1.5`.
  public var loss: String
  /// `none`, `inverse-frequency`.
  public var classWeights: String
  /// The first epoch, counted from 1, in which class weights hold; nil for all epochs.
  public var weightsFrom: Int?
  /// What is done to the trained last layer: `none`, `tau-norm:0.7`.
  public var postHoc: String

  public init(
    strategy: String = "none", strategyFrom: Int? = nil, loss: String = "cross-entropy",
    classWeights: String = "none", weightsFrom: Int? = nil, postHoc: String = "none"
  ) {
    self.strategy = strategy
    self.strategyFrom = strategyFrom
    self.loss = loss
    self.classWeights = classWeights
    self.weightsFrom = weightsFrom
    self.postHoc = postHoc
  }

  /// Of a run's settings, as records of every version have them.
  public init(settings: [String: String]) {
    self.init(
      strategy: settings["strategy"] ?? "none",
      strategyFrom: settings["defer-strategy"].flatMap(Int.init),
      loss: settings["loss"] ?? "cross-entropy", classWeights: settings["class-weights"] ?? "none",
      weightsFrom: settings["defer-weights"].flatMap(Int.init),
      postHoc: settings["post-hoc"] ?? "none")
  }

  /// Whether nothing is done: plain cross-entropy on images as often as the data has them.
  public var isPlain: Bool { self == Remedy() }

  /// `STRATEGY` or `STRATEGY@EPOCH`, as lists of strategies have it.
  public var strategyName: String { strategy + (strategyFrom.map { "@\($0)" } ?? "") }

  /// `LOSS`, `LOSS+CLASSWEIGHTS` or `LOSS+CLASSWEIGHTS@EPOCH`, as lists of losses have it.
  public var lossName: String {
    loss + (classWeights == "none" ? "" : "+\(classWeights)")
      + (weightsFrom.map { "@\($0)" } ?? "")
  }

  /// The list item `STRATEGY[@EPOCH]` in its parts.
  public static func parts(ofStrategy text: String) -> (strategy: String, from: String?) {
    let halves = text.split(separator: "@", maxSplits: 1).map(String.init)
    return (halves.first ?? text, halves.count > 1 ? halves[1] : nil)
  }

  /// The list item `LOSS[+CLASSWEIGHTS][@EPOCH]` in its parts.
  public static func parts(ofLoss text: String) -> (loss: String, weights: String?, from: String?) {
    let halves = text.split(separator: "@", maxSplits: 1).map(String.init)
    let parts = (halves.first ?? text).split(separator: "+", maxSplits: 1).map(String.init)
    return (
      parts.first ?? text, parts.count > 1 ? parts[1] : nil, halves.count > 1 ? halves[1] : nil
    )
  }
}

extension Remedy: CustomStringConvertible {
  /// `weighted@25, focal+inverse-frequency@40, tau-norm:0.7`.
  public var description: String {
    "\(strategyName), \(lossName)" + (postHoc == "none" ? "" : ", \(postHoc)")
  }
}
