import Foundation
import Testing

/// `count` pictures of each class in `photos`, from the digits that the program carries.
func writePictures(_ classes: [String], count: Int, in folder: URL) throws {
  let demo = try BalanceBinary.run(
    ["demo", "--to", folder.appendingPathComponent("demo").path, "--data-only"])
  try #require(demo.code == 0, "\(demo.error)")
  for (digit, name) in classes.enumerated() {
    let source = folder.appendingPathComponent("demo/digits/test/\(digit)")
    let target = folder.appendingPathComponent("photos/\(name)")
    try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
    let files = try FileManager.default.contentsOfDirectory(atPath: source.path).sorted()
    for file in files.prefix(count) {
      try FileManager.default.copyItem(
        at: source.appendingPathComponent(file), to: target.appendingPathComponent(file))
    }
  }
  try FileManager.default.removeItem(at: folder.appendingPathComponent("demo"))
}
