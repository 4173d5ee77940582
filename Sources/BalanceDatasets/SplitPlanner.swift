import BalanceCore

/// Shares images out to train, val and test, stratified by class, without separating what belongs
/// together.
///
/// Images of one group, and files of the same pixels, are joined to units; a unit goes into one
/// role whole. What is minimised is Σ_roles Σ_classes ((a_rc − t_rc) / n_c)², with a_rc the images
/// that role r has of class c, t_rc = share_r · n_c those it should have, and n_c the class's
/// images, so that every class counts the same however rare it is:
///
/// 1. units, shuffled by the seed and then largest first, go one by one where they cost least;
/// 2. single units move as long as that lowers the cost;
/// 3. a role that got nothing of a class takes one unit of it, if that class has units enough:
///    for training first, then for the test, then for validation.
struct SplitPlanner {
  /// Who goes where, and what that rests on.
  struct Plan {
    /// The role of each image, in the order of the images.
    var roles: [SplitRole]
    /// Units that hold at least one image of the class.
    var unitsPerClass: [Int]
    /// Images of the class in the unit that has most of them.
    var largestUnit: [Int]
    /// Images per role (in the order of `SplitRole.allCases`) and class.
    var assigned: [[Int]]
    /// Units of more than one image.
    var joinedUnits: Int
    var units: Int
  }

  /// Images that stay together: how many of which class.
  private struct Unit {
    var images: [Int]
    var counts: [(label: Int, count: Int)]
  }

  private let units: [Unit]
  private let classCount: Int
  private let classSizes: [Double]
  private let imageCount: Int
  private let shares: [Double]
  private let seed: UInt64
  /// Images per role and class so far.
  private var assigned: [[Int]]
  /// Units per role and class so far.
  private var unitCounts: [[Int]]
  private var roles: [Int]

  /// - Parameter images: in the order of their paths' bytes, so that the plan depends on nothing
  ///   but what they are.
  init(images: [ImageRecord], classCount: Int, request: SplitRequest) {
    units = Self.units(images)
    self.classCount = classCount
    classSizes = ClassCounts(
      names: (0..<classCount).map(String.init), labels: images.map(\.label)
    ).counts.map { Double(max(1, $0)) }
    imageCount = images.count
    shares = SplitRole.allCases.map(request.share)
    seed = request.seed
    assigned = Array(repeating: Array(repeating: 0, count: classCount), count: shares.count)
    unitCounts = assigned
    roles = Array(repeating: -1, count: units.count)
  }

  consuming func plan() -> Plan {
    var generator = KeyedGenerator(seed: seed, .split)
    let shuffled = units.indices.shuffled(using: &generator)
    // Stable, so that units of one size stay in shuffled order.
    let order = shuffled.enumerated().sorted {
      let (a, b) = (units[$0.element].images.count, units[$1.element].images.count)
      return a == b ? $0.offset < $1.offset : a > b
    }.map(\.element)
    for unit in order { place(unit, cheapestRole(for: unit)) }
    improve(order)
    fillGaps(order)
    return result()
  }

  // MARK: - Steps

  private func cheapestRole(for unit: Int) -> Int {
    var best = 0
    var bestCost = Double.infinity
    for role in shares.indices where shares[role] > 0 {
      let cost = costOfAdding(unit, to: role)
      if cost < bestCost - 1e-12 { (best, bestCost) = (role, cost) }
    }
    return best
  }

  /// Moves single units while that lowers the cost; each move lowers it, so this ends.
  private mutating func improve(_ order: [Int]) {
    for _ in 0..<50 {
      var hasMoved = false
      for unit in order {
        let from = roles[unit]
        remove(unit)
        let to = cheapestRole(for: unit)
        let better = costOfAdding(unit, to: to) < costOfAdding(unit, to: from) - 1e-12
        place(unit, better ? to : from)
        hasMoved = hasMoved || better
      }
      if !hasMoved { return }
    }
  }

  private mutating func fillGaps(_ order: [Int]) {
    let urgency = [SplitRole.train, .test, .val].compactMap {
      SplitRole.allCases.firstIndex(of: $0)
    }
    let wanted = urgency.filter { shares[$0] > 0 }
    var membersPerClass = [[Int]](repeating: [], count: classCount)
    for unit in order {
      for (label, _) in units[unit].counts { membersPerClass[label].append(unit) }
    }
    for (label, members) in membersPerClass.enumerated() {
      for (rank, role) in wanted.enumerated()
      where unitCounts[role][label] == 0 && members.count > rank {
        let donors = members.filter { unit in
          let from = roles[unit]
          let isSpare = unitCounts[from][label] > 1
          let isLessUrgent = (wanted.firstIndex(of: from) ?? 0) > rank
          return from != role && (isSpare || isLessUrgent) && leavesNoGap(unit, label)
        }
        let cheapest = donors.min { costOfMoving($0, to: role) < costOfMoving($1, to: role) }
        guard let cheapest else { continue }
        remove(cheapest)
        place(cheapest, role)
      }
    }
  }

  /// Whether the role that a unit leaves keeps a unit of each of its other classes.
  private func leavesNoGap(_ unit: Int, _ label: Int) -> Bool {
    units[unit].counts.allSatisfy {
      $0.label == label || unitCounts[roles[unit]][$0.label] > 1
    }
  }

  // MARK: - Bookkeeping

  private mutating func place(_ unit: Int, _ role: Int) {
    roles[unit] = role
    for (label, count) in units[unit].counts {
      assigned[role][label] += count
      unitCounts[role][label] += 1
    }
  }

  private mutating func remove(_ unit: Int) {
    let role = roles[unit]
    for (label, count) in units[unit].counts {
      assigned[role][label] -= count
      unitCounts[role][label] -= 1
    }
  }

  /// The change of the cost if the unit, now in no role, came into this one.
  private func costOfAdding(_ unit: Int, to role: Int) -> Double {
    var cost = 0.0
    for (label, count) in units[unit].counts {
      let size = classSizes[label]
      let excess = Double(assigned[role][label]) - shares[role] * size
      cost += Double(count) * (2 * excess + Double(count)) / (size * size)
    }
    return cost
  }

  private func costOfMoving(_ unit: Int, to role: Int) -> Double {
    var cost = costOfAdding(unit, to: role)
    let from = roles[unit]
    for (label, count) in units[unit].counts {
      let size = classSizes[label]
      let excess = Double(assigned[from][label]) - shares[from] * size
      cost += Double(count) * (Double(count) - 2 * excess) / (size * size)
    }
    return cost
  }

  private func result() -> Plan {
    var plan = Plan(
      roles: Array(repeating: .train, count: imageCount),
      unitsPerClass: Array(repeating: 0, count: classCount),
      largestUnit: Array(repeating: 0, count: classCount), assigned: assigned,
      joinedUnits: units.count { $0.images.count > 1 }, units: units.count)
    for (unit, role) in zip(units, roles) {
      for image in unit.images { plan.roles[image] = SplitRole.allCases[role] }
      for (label, count) in unit.counts {
        plan.unitsPerClass[label] += 1
        plan.largestUnit[label] = max(plan.largestUnit[label], count)
      }
    }
    return plan
  }

  /// Joins what must not be separated; units are in the order of their first image.
  private static func units(_ images: [ImageRecord]) -> [Unit] {
    var sets = UnionFind(count: images.count)
    var byGroup: [ByteKey: Int] = [:]
    var byPixels: [String: Int] = [:]
    for (position, image) in images.enumerated() {
      if let group = image.group {
        let key = ByteKey(group)
        sets.join(byGroup[key] ?? position, position)
        byGroup[key] = byGroup[key] ?? position
      }
      sets.join(byPixels[image.pixelHash] ?? position, position)
      byPixels[image.pixelHash] = byPixels[image.pixelHash] ?? position
    }
    var units: [Unit] = []
    var unitOfRoot: [Int: Int] = [:]
    for position in images.indices {
      let root = sets.root(of: position)
      let unit = unitOfRoot[root] ?? units.count
      if unit == units.count {
        unitOfRoot[root] = unit
        units.append(Unit(images: [], counts: []))
      }
      units[unit].images.append(position)
      let label = images[position].label
      if let known = units[unit].counts.firstIndex(where: { $0.label == label }) {
        units[unit].counts[known].count += 1
      } else {
        units[unit].counts.append((label, 1))
      }
    }
    return units
  }
}
