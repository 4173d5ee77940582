import GRDB

extension Row {
  /// A word of a fixed set.
  ///
  /// - Throws: `DatabaseError` with code `SQLITE_CORRUPT` where it is another one.
  func word<Word: RawRepresentable<String>>(atIndex index: Int) throws -> Word {
    let text: String = try decode(atIndex: index)
    guard let word = Word(rawValue: text) else {
      throw DatabaseError(
        resultCode: .SQLITE_CORRUPT, message: "the word \(text.debugDescription) is unknown")
    }
    return word
  }
}
