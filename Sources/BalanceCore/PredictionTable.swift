/// What a model said of a set of images: one row an image, in the order of the split.
///
/// Written as `predictions.csv`; every metric can be recomputed from it.
public struct PredictionTable: Codable, Hashable, Sendable {
  /// The classes, in the order of the probabilities.
  public let classNames: [String]
  /// The path of each image, relative to the dataset's root.
  public let images: [String]
  /// The group of each image (a patient, a lesion), or nil where the dataset has no groups.
  public let groups: [String]?
  /// True class of each image.
  public let truth: [Int]
  /// Class with the highest probability; the lowest index where several are equal.
  public let predicted: [Int]
  /// Softmax probabilities, row-major `[images, classes]`.
  public let probabilities: [Float]

  public init(
    classNames: [String], images: [String], groups: [String]?, truth: [Int],
    probabilities: [Float]
  ) {
    let k = classNames.count
    precondition(images.count == truth.count, "\(images.count) images, \(truth.count) labels")
    precondition(probabilities.count == truth.count * k, "probabilities are not [images, classes]")
    precondition(groups == nil || groups?.count == truth.count, "groups are not one an image")
    self.classNames = classNames
    self.images = images
    self.groups = groups
    self.truth = truth
    self.probabilities = probabilities
    predicted = truth.indices.map { row in
      let row = probabilities[row * k..<(row + 1) * k]
      var best = row.startIndex
      for index in row.indices where row[index] > row[best] { best = index }
      return best - row.startIndex
    }
  }

  public var count: Int { truth.count }
}
