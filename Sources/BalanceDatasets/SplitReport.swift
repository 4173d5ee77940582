import BalanceCore

/// What a split achieved, beside what was asked.
public struct SplitReport: Codable, Hashable, Sendable {
  /// One role's part of one class.
  public struct Part: Codable, Hashable, Sendable {
    public let images: Int
    /// Of the class's images; where the dataset's own test images are kept, of those outside the
    /// test.
    public let share: Double
    public let asked: Double

    /// Percentage points above (or below, negative) what was asked.
    public var deviation: Double { 100 * (share - asked) }
  }

  public struct ClassRow: Codable, Hashable, Sendable {
    public let name: String
    public let images: Int
    /// Units that stay together: groups and sets of equal files, or single images.
    public let units: Int
    /// By `SplitRole.rawValue`.
    public let parts: [String: Part]
    /// Why a share is further from what was asked than `SplitReport.tolerance`; nil where none is.
    public let reason: String?

    public func part(_ role: SplitRole) -> Part? { parts[role.rawValue] }
  }

  /// Percentage points within which a share counts as what was asked.
  public static let tolerance = 1.5

  public let name: String
  public let seed: UInt64
  public let hash: String
  /// Whether the test images are those that the dataset itself says; their share is that of all
  /// images then, and what was asked.
  public let keepsTest: Bool
  public let images: Int
  /// Units that stay together, and those of them with more than one image.
  public let units: Int
  public let joinedUnits: Int
  public let classes: [ClassRow]

  /// The largest distance of any class's share from what was asked, in percentage points.
  public var worstDeviation: Double {
    classes.flatMap { $0.parts.values.map { abs($0.deviation) } }.max() ?? 0
  }

  /// - Parameter kept: the test images that were not shared out.
  init(
    request: SplitRequest, hash: String, names: [String], plan: SplitPlanner.Plan,
    kept: [ImageRecord]
  ) {
    let keptCounts = ClassCounts(names: names, labels: kept.map(\.label)).counts
    name = request.name
    seed = request.seed
    self.hash = hash
    keepsTest = request.keepsTest
    images = plan.roles.count + kept.count
    units = plan.units
    joinedUnits = plan.joinedUnits
    classes = names.indices.map { label in
      let total = plan.assigned.reduce(0) { $0 + $1[label] }
      var parts: [String: Part] = [:]
      for (role, counts) in zip(SplitRole.allCases, plan.assigned) {
        parts[role.rawValue] = Part(
          images: counts[label], share: Double(counts[label]) / Double(max(1, total)),
          asked: request.share(role))
      }
      if request.keepsTest {
        let share = Double(keptCounts[label]) / Double(max(1, total + keptCounts[label]))
        parts[SplitRole.test.rawValue] = Part(
          images: keptCounts[label], share: share, asked: share)
      }
      let worst = parts.values.map { abs($0.deviation) }.max() ?? 0
      return ClassRow(
        name: names[label], images: total + keptCounts[label], units: plan.unitsPerClass[label],
        parts: parts,
        reason: worst <= Self.tolerance
          ? nil
          : Self.reason(
            images: total, units: plan.unitsPerClass[label], largest: plan.largestUnit[label],
            roles: SplitRole.allCases.count { request.share($0) > 0 }))
    }
  }

  /// Why the shares of a class could not be met.
  private static func reason(images: Int, units: Int, largest: Int, roles: Int) -> String {
    let noun = images == units ? "images" : "groups"
    if units < roles {
      return "it has \(units) \(units == 1 ? String(noun.dropLast()) : noun) for \(roles) roles"
    }
    let point = String((1000.0 / Double(images)).rounded() / 10)
    if images == units { return "it has \(images) images, and each is \(point) points" }
    if largest == 1 {
      return "its \(images) images are tied to images of other classes by shared groups"
    }
    return "it has \(units) groups for \(images) images, and the largest holds \(largest) of them"
  }
}
