/// What kind of thing is wrong with a file or a row.
public enum ProblemKind: String, Codable, CaseIterable, Hashable, Sendable {
  // Of a file's content.
  case empty
  case unreadable
  case notAnImage = "not-an-image"
  case damaged
  case tooLarge = "too-large"
  case wrongEnding = "wrong-ending"
  /// Something that a decoder warns of although no pixel is lost.
  case odd
  // Of a folder or a file's place.
  case missing
  case notAFile = "not-a-file"
  case unsupported
  case badName = "bad-name"
  case outsideRoot = "outside-root"
  case strayFile = "stray-file"
  case emptyClass = "empty-class"
  // Of a row in a table.
  case raggedRow = "ragged-row"
  case missingValue = "missing-value"
  case badEncoding = "bad-encoding"
  case repeatedRow = "repeated-row"
  case conflictingRows = "conflicting-rows"
  case ambiguousFile = "ambiguous-file"
  // Of the dataset as a whole: its images are used, but perhaps not as they are meant.
  case lookAlikes = "look-alikes"
  case groupLookAlikes = "group-look-alikes"
  case spellings
  case groupSpellings = "group-spellings"
  case classesLikeParts = "classes-like-parts"
  case classesLikeMasks = "classes-like-masks"
  case classesInTable = "classes-in-table"
  case foldersOnly = "folders-only"
  case twins
  case ungrouped

  /// Whether the image is left out of the index; otherwise it is used all the same.
  package var isSkipped: Bool {
    switch self {
    case .wrongEnding, .odd, .repeatedRow: false
    default: !isOfDataset
    }
  }

  /// Whether it is a doubt about how the whole dataset is read, and not about one file or row.
  package var isOfDataset: Bool {
    switch self {
    case .lookAlikes, .groupLookAlikes, .spellings, .groupSpellings, .classesLikeParts,
      .classesLikeMasks, .classesInTable, .foldersOnly, .twins, .ungrouped:
      true
    default: false
    }
  }

  /// Whether it is told of a class, and mostly follows from problems of the class's files.
  package var concernsClass: Bool { self == .emptyClass }
}

/// Something wrong with one file, folder or row: indexing records it and goes on.
public struct ProblemRecord: Codable, Hashable, Sendable {
  /// The file or folder, relative to the dataset's root, `TABLE:LINE` for a row, or the name of a
  /// class or group.
  public let path: String
  public let kind: ProblemKind
  /// What is wrong, in one line.
  public let message: String
  /// What the user can do about it.
  public let remedy: String
  /// Whether the image is left out of the index.
  public var isSkipped: Bool { kind.isSkipped }

  public init(path: String, kind: ProblemKind, message: String, remedy: String) {
    self.path = path
    self.kind = kind
    self.message = message
    self.remedy = remedy
  }
}

extension Sequence<ProblemRecord> {
  /// Where the whole dataset may be meant otherwise than it is read, each in a sentence.
  package var doubts: [String] {
    filter(\.kind.isOfDataset).map { "\($0.message); \($0.remedy)" }
  }
}
