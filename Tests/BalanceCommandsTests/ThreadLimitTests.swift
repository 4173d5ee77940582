import Foundation
import Testing

/// A system that gives few threads or none, as a container with a limit on processes: every command
/// ends, with what it was asked for or with an error that says why.
@Suite struct ThreadLimitTests {
  /// Root has no such limit, so that root becomes nobody first.
  private static let unprivileged =
    geteuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : ""

  /// Whether the program can be run so at all, from a place that another user may read.
  private static let isPossible: Bool = {
    let result = try? BalanceBinary.shell("\(unprivileged) /bin/bash -c 'ulimit -u 100'", [])
    return result?.code == 0
  }()

  @Test(.enabled(if: isPossible, "the system limits processes"), arguments: [1, 3, 5, 10])
  func everyCommandEnds(limit: Int) throws {
    try withTemporaryFolder { folder in
      try writePictures(["a", "b"], count: 12, in: folder)
      let trained = try BalanceBinary.run(
        ["train", "photos", "--epochs", "1", "--quiet", "--out", "run"], in: folder)
      try #require(trained.code == 0, "\(trained.error)")
      let program = folder.appendingPathComponent("balance")
      try FileManager.default.copyItem(at: BalanceBinary.location, to: program)
      // Everything belongs to whoever runs the program.
      let owned = try BalanceBinary.shell(
        "rm -rf photos/.balance; chmod -R a+rwX . ; [ $(id -u) != 0 ] || chown -R 65534 .", [],
        in: folder)
      try #require(owned.code == 0, "\(owned.error)")
      let large = ["--image-size", "256", "--epochs", "1", "--batch-size", "8", "--quiet"]
      let commands = [
        ["--version"], ["index", "photos"], ["analyze", "photos"],
        ["train", "photos", "--out", "two", "--threads", "2"] + large,
        // Large enough for a thread that fills batches ahead.
        ["train", "photos", "--out", "one", "--threads", "1"] + large,
        ["lr-find", "photos", "--steps", "10", "--quiet"],
        ["predict", "--model", "run", "photos"],
        ["predict", "--model", "run", "photos", "--threads", "1", "--contact-sheet", "a.html"],
        ["evaluate", "run"], ["evaluate", "run", "--dataset", "photos"],
        ["compare", "photos", "--strategies", "none,weighted", "--seeds", "0,1", "--out", "all"]
          + ["--epochs", "1", "--quiet"],
        ["demo", "--to", "digits", "--data-only"],
      ]
      for command in commands {
        let result = try run(command, in: folder, limit: limit)
        #expect(result.code == 0 || result.code == 71, "\(command): \(result.error)")
        if result.code == 71 {
          #expect(result.error.contains("gives no further thread"), "\(command): \(result.error)")
        }
      }
      let one = folder.appendingPathComponent("one/record.json").path
      #expect(FileManager.default.fileExists(atPath: one))

      let index = folder.appendingPathComponent("photos/.balance/index.sqlite")
      var damaged = try Data(contentsOf: index)
      for place in stride(from: 4096, to: damaged.count, by: 97) { damaged[place] ^= 0x5A }
      try damaged.write(to: index)
      let refused = try run(["analyze", "photos"], in: folder, limit: limit)
      #expect(refused.code == 65 && refused.error.contains("damaged"), "\(refused)")
    }
  }

  /// The time is for what would never end.
  private func run(_ command: [String], in folder: URL, limit: Int) throws -> BalanceBinary.Result {
    try BalanceBinary.shell(
      "exec timeout -k 1 100 \(Self.unprivileged) /bin/bash -c "
        + "'ulimit -u \(limit); exec ./balance \"$@\"' balance \"$@\"", command, in: folder)
  }
}
