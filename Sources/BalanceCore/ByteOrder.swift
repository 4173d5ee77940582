import Foundation

/// The order of two strings by their UTF-8 bytes: the same on every machine and in every
/// locale, and the order of SQLite's `BINARY` collation.
package func precedesInBytes(_ a: String, _ b: String) -> Bool {
  compareBytes(a, b) < 0
}

/// Negative, zero or positive as `a` is before, at or after `b` in the order of UTF-8 bytes.
/// Strings that Swift calls equal but whose bytes differ (é in one or two scalars) are told apart.
package func compareBytes(_ a: String, _ b: String) -> Int {
  let fast = a.utf8.withContiguousStorageIfAvailable { a in
    b.utf8.withContiguousStorageIfAvailable { b in
      guard let first = a.baseAddress, let second = b.baseAddress else { return a.count - b.count }
      let order = memcmp(first, second, min(a.count, b.count))
      return order == 0 ? a.count - b.count : Int(order)
    }
  }
  if let fast, let fast { return fast }
  if a.utf8.elementsEqual(b.utf8) { return 0 }
  return a.utf8.lexicographicallyPrecedes(b.utf8) ? -1 : 1
}
