import BalanceCore
import Foundation

/// The image files that a command line names.
enum ImagePaths {
  /// Files as they are, folders as the JPEG and PNG files below them in order, and `-` as the lines
  /// of standard input. A path that is not there stays: predicting says what is wrong with it.
  ///
  /// - Throws: `BalanceError` with code `noInput` for a folder without images.
  static func expand(_ arguments: [String]) throws(BalanceError) -> [String] {
    var paths: [String] = []
    for argument in arguments {
      guard argument == "-" else {
        paths += try files(argument)
        continue
      }
      while let line = readLine() {
        if !line.isEmpty { paths += try files(line) }
      }
    }
    return paths
  }

  private static func files(_ path: String) throws(BalanceError) -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { return [path] }
    let below = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
    let images = below.filter { name in
      let type = URL(fileURLWithPath: name).pathExtension.lowercased()
      let isHidden = name.split(separator: "/").contains { $0.hasPrefix(".") }
      return !isHidden && ["jpg", "jpeg", "png"].contains(type)
    }
    guard !images.isEmpty else {
      throw BalanceError(
        .noInput, "the folder has no JPEG or PNG files", at: path, remedy: "check the path")
    }
    let base = path.hasSuffix("/") ? path : path + "/"
    return images.sorted().map { base + $0 }
  }
}
