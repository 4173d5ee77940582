/// An error that a user can act on: what is wrong, where, and how to mend it, in one line.
///
/// Everything that data, options or the machine can cause is thrown as one of these; mistakes in
/// the program itself are preconditions.
public struct BalanceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of thing went wrong; a command's exit code follows from it.
  public enum Code: Int32, Codable, Sendable {
    /// Options or a manifest that make no sense.
    case usage = 64
    /// Data that is missing, damaged or not what was promised.
    case data = 65
    /// A file or folder that cannot be read.
    case noInput = 66
    /// A file or folder that cannot be written.
    case cannotCreate = 73
    /// A fault of this program or of a library it uses.
    case software = 70
    /// The machine has not enough of something: threads, memory.
    case system = 71
    /// Standard output cannot be written.
    case output = 74
    /// Nobody reads standard output any more: 128 and the number of the signal that this would be.
    case readerGone = 141
  }

  public let code: Code
  /// What is wrong, with what was expected and what was found.
  public let what: String
  /// Where: a path, a line, an option, a tensor's name.
  public let place: String?
  /// What the user can do about it.
  public let remedy: String?

  public init(_ code: Code, _ what: String, at place: String? = nil, remedy: String? = nil) {
    self.code = code
    self.what = what
    self.place = place
    self.remedy = remedy
  }

  /// `PLACE: what; remedy`, on one line, safe to show whatever names are in it.
  public var description: String {
    var text = place.map { "\($0): " } ?? ""
    text += what
    if let remedy { text += "; \(remedy)" }
    return Printable.line(text)
  }
}
