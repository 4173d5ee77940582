/// One of the things that a catalog names, such as a loss or a sampling strategy, as a type of its
/// own with its form of spelling.
public protocol SpelledCase: Hashable, Sendable, CustomStringConvertible {
  /// How its values are written on the command line, in manifests and in records.
  static var form: SpelledForm<Self> { get }
}

extension SpelledCase {
  /// As the form writes it.
  ///
  /// - Precondition: the form has all values of the type.
  public var description: String {
    guard let text = Self.form.spelling(self) else {
      preconditionFailure("the form '\(Self.form.name)' does not write all values of its type")
    }
    return text
  }
}
