/// Mean recall of the classes with many, some and few training images.
///
/// Many: more than 100; medium: 20 to 100; few: fewer than 20. A band without classes that have
/// test images is nil, not 0.
///
/// Source: Liu et al., *Large-scale long-tailed recognition in an open world*, CVPR 2019.
public struct ShotAccuracy: Codable, Hashable, Sendable {
  public let many: Double?
  public let medium: Double?
  public let few: Double?

  init(_ classes: [ClassScores]) {
    func mean(_ belongs: (Int) -> Bool) -> Double? {
      let band = classes.filter { $0.support > 0 && $0.trainingCount.map(belongs) == true }
      return band.isEmpty ? nil : band.reduce(0) { $0 + $1.recall } / Double(band.count)
    }
    many = mean { $0 > 100 }
    medium = mean { $0 >= 20 && $0 <= 100 }
    few = mean { $0 < 20 }
  }
}
