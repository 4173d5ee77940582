import BalanceCore
import BalanceDatasets
import BalanceImages
import Foundation

/// The image files that a command line names.
struct ImagePaths {
  private(set) var images: [String] = []
  /// What could not be looked at below a folder, each with its path.
  private(set) var failures: [(path: String, error: BalanceError)] = []
  /// What was found below folders and is no image.
  private(set) var notes: [String] = []

  /// Files as they are, folders as the images below them in order, and `-` as the lines of standard
  /// input. A path that is not there stays: predicting says what is wrong with it.
  ///
  /// - Throws: `BalanceError` with code `noInput` for a folder without images, and where standard
  ///   input cannot be read or names none.
  init(_ arguments: [String]) throws(BalanceError) {
    for argument in arguments {
      guard argument == "-" else {
        try add(argument)
        continue
      }
      let lines = try Self.standardInput()
      guard !lines.isEmpty else {
        throw BalanceError(
          .noInput, "names no image", at: "standard input", remedy: "give it a path a line")
      }
      for line in lines { try add(line) }
    }
  }

  /// Its lines that are not empty.
  private static func standardInput() throws(BalanceError) -> [String] {
    // A million paths of a thousand bytes.
    let data = try RegularFile.readStandardInput(limit: 1 << 30)
    return data.split(separator: 0x0A).compactMap { line in
      let path = line.last == 0x0D ? line.dropLast() : line
      return path.isEmpty ? nil : String(decoding: path, as: UTF8.self)
    }
  }

  private mutating func add(_ path: String) throws(BalanceError) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      images.append(path)
      return
    }
    let folder = try ImageFolder(path)
    let others = folder.ignored.map(\.description).joined(separator: ", ")
    for problem in folder.problems {
      let place = path.appendingPath(problem.path)
      // Behind a link that leads nowhere there is nothing to predict.
      guard problem.kind != .missing else {
        notes.append("\(place): \(problem.message)")
        continue
      }
      failures.append((place, BalanceError(.noInput, problem.message, at: place)))
    }
    guard !folder.images.isEmpty else {
      let seen =
        (others.isEmpty ? [] : [others])
        + folder.problems.prefix(1).map {
          "\($0.path): \($0.message)"
        }
      throw BalanceError(
        .noInput,
        "the folder has no \(ImageFormat.names) files"
          + (seen.isEmpty ? "" : " (but \(seen.joined(separator: "; ")))"), at: path,
        remedy: "check the path")
    }
    images += folder.images.map { path.appendingPath($0) }
    if !others.isEmpty { notes.append("passed over in \(path): \(others)") }
  }
}
