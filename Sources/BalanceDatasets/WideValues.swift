public import BalanceCore
import GRDB

/// What the 16-bit images among some have for values.
public struct WideValues: Codable, Hashable, Sendable {
  /// Images of 16 bits a value.
  public let images: Int
  /// The least and the greatest of their values.
  public let least: Int
  public let greatest: Int

  public var extent: ClosedRange<Int> { least...greatest }

  /// Grey levels that are left of the values when all of 0 to 65,535 becomes 8 bits.
  public var levels: Int {
    (greatest * 255 + 32_767) / 65_535 - (least * 255 + 32_767) / 65_535 + 1
  }

  /// Whether the values take up less than a quarter of what 16 bits can hold.
  public var isNarrow: Bool { greatest - least < 1 << 14 }

  /// The range that holds them: from 0 to the greatest number of so many bits where they fill half
  /// of that, as a camera or a scanner of 12 bits has it, else from the least to the greatest.
  public var range: String {
    var bits = 8
    while greatest >= 1 << bits { bits += 1 }
    let top = (1 << bits) - 1
    return least <= top / 4 && 2 * greatest >= top
      ? "0:\(top)" : "\(least):\(max(greatest, least + 1))"
  }

  /// What to say where the values are narrow: the figures, then what to do.
  public var warning: String { warning(of: "image") }

  /// - Parameter noun: what one of the images is.
  package func warning(of noun: String) -> String {
    let number = NumberText.counted(images, "\(noun) has", "\(noun)s have")
    return "\(number) 16 bits a value, and all values lie between \(least) and \(greatest): of the "
      + "256 levels that a model sees they fill \(levels); train with --range \(range) or "
      + "--range auto"
  }

  init(images: Int, least: Int, greatest: Int) {
    self.images = images
    self.least = least
    self.greatest = greatest
  }

  /// Nil where none of the images has 16 bits.
  public init?(_ images: some Sequence<ImageRecord>) {
    let extents = images.compactMap(\.extent)
    guard let least = extents.lazy.map(\.lowerBound).min(),
      let greatest = extents.lazy.map(\.upperBound).max()
    else { return nil }
    self.init(images: extents.count, least: least, greatest: greatest)
  }
}

extension DatasetIndex {
  /// The values of the dataset's 16-bit images; nil where it has none.
  public func wideValues() throws(BalanceError) -> WideValues? {
    try read { db in
      guard
        let row = try Row.fetchOne(
          db, sql: "SELECT COUNT(least), MIN(least), MAX(greatest) FROM image"),
        let least: Int = try row.decode(atIndex: 1),
        let greatest: Int = try row.decode(atIndex: 2)
      else { return nil }
      return WideValues(images: try row.decode(atIndex: 0), least: least, greatest: greatest)
    }
  }
}
