/// Places small labels beside points so that they cover neither points nor each other.
enum LabelPlacement {
  struct Point {
    /// In pixels of the plot.
    var x: Double
    var y: Double
    /// Size of the label.
    var width: Double
    var height: Double
  }

  /// What a label must not cover, in pixels, y downwards.
  struct Box {
    var left: Double
    var right: Double
    var top: Double
    var bottom: Double
  }

  /// Offsets from each point to the centre of its label, in pixels, y downwards. Greedy in the
  /// order of the points, over eight directions at three distances; the least overlap wins where
  /// none is free.
  static func offsets(
    _ points: [Point], avoiding others: [Box] = [], in size: (width: Double, height: Double)
  ) -> [(x: Double, y: Double)] {
    let dots =
      others
      + points.map { Box(left: $0.x - 7, right: $0.x + 7, top: $0.y - 7, bottom: $0.y + 7) }
    var placed: [Box] = []
    return points.map { point in
      var best = (x: 0.0, y: 0.0)
      var least = Double.infinity
      for distance in [4.0, 14, 28, 44] {
        for (dx, dy) in directions {
          let x = dx * (7 + distance / 2 + point.width / 2)
          let y = dy * (7 + distance / 2 + point.height / 2)
          let box = Box(
            left: point.x + x - point.width / 2, right: point.x + x + point.width / 2,
            top: point.y + y - point.height / 2, bottom: point.y + y + point.height / 2)
          var cost = 0.15 * distance
          for other in placed + dots { cost += overlap(box, other) }
          for other in points { cost += confusion(point, other, x, y) }
          cost += 20 * (max(0, -box.left) + max(0, box.right - size.width))
          cost += 20 * (max(0, -box.top) + max(0, box.bottom - size.height))
          if cost < least {
            least = cost
            best = (x, y)
          }
        }
      }
      placed.append(
        Box(
          left: point.x + best.x - point.width / 2, right: point.x + best.x + point.width / 2,
          top: point.y + best.y - point.height / 2, bottom: point.y + best.y + point.height / 2
        ))
      return best
    }
  }

  private static let directions: [(Double, Double)] = [
    (1, -0.7), (-1, -0.7), (1, 0.7), (-1, 0.7), (0, -1), (0, 1), (1, 0), (-1, 0),
  ]

  /// A label that is nearer to another point than to its own would be read as that one's.
  private static func confusion(_ own: Point, _ other: Point, _ x: Double, _ y: Double) -> Double {
    let (dx, dy) = (own.x + x - other.x, own.y + y - other.y)
    let distance = (x * x + y * y).squareRoot()
    let toOther = (dx * dx + dy * dy).squareRoot()
    guard other.x != own.x || other.y != own.y else { return 0 }
    return 8 * max(0, distance + 6 - toOther)
  }

  private static func overlap(_ a: Box, _ b: Box) -> Double {
    max(0, min(a.right, b.right) - max(a.left, b.left))
      * max(0, min(a.bottom, b.bottom) - max(a.top, b.top))
  }
}
