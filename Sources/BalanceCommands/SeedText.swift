import ArgumentParser

/// How a seed is written as an option.
enum SeedText {
  static func parse(_ text: String) throws -> UInt64 {
    guard let seed = UInt64(text) else {
      throw ValidationError("expected a whole number from 0 up to \(UInt64.max)")
    }
    return seed
  }
}
