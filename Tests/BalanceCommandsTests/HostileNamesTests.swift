import Foundation
import Testing

/// What file names and class names may not do: move the cursor, colour the screen, turn the
/// direction of writing, run in a spreadsheet.
@Suite struct HostileNamesTests {
  private static let names = ["red\u{1B}[31m", "=1+1\u{9B}2J", "\u{202E}tac\u{200B}", "line\nfeed"]

  /// Scalars that a terminal obeys or hides, line feeds aside.
  private static func hidden(in text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.filter { scalar in
      switch scalar {
      case "\n": false
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{200B}"..."\u{200F}",
        "\u{2028}"..."\u{202E}", "\u{2060}"..."\u{206F}":
        true
      default: false
      }
    }
  }

  private static func check(_ arguments: [String], code: Int32 = 0, in folder: URL) throws
    -> BalanceBinary.Result
  {
    let result = try BalanceBinary.run(arguments, in: folder)
    #expect(result.code == code, "\(arguments): \(result)")
    #expect(hidden(in: result.out).isEmpty, "\(arguments): \(result.out.debugDescription)")
    #expect(hidden(in: result.error).isEmpty, "\(arguments): \(result.error.debugDescription)")
    return result
  }

  @Test func noCommandPrintsThem() throws {
    try withTemporaryFolder { folder in
      try writePictures(Self.names, count: 8, in: folder)
      let bad = folder.appendingPathComponent("photos/\(Self.names[0])/bad\u{1B}[2J\n.png")
      try Data("text".utf8).write(to: bad)
      let trained = "run\u{1B}[5m"
      func run(_ arguments: String..., code: Int32 = 0) throws -> BalanceBinary.Result {
        try Self.check(arguments, code: code, in: folder)
      }
      let index = try run("index", "photos")
      #expect(index.out.contains("red\\u{1B}[31m/bad\\u{1B}[2J\\n.png (not-an-image)"))
      for arguments in [["index"], ["analyze"], ["split"], ["plan"]] {
        _ = try Self.check(arguments + ["photos"], in: folder)
        _ = try Self.check(arguments + ["photos", "--json"], in: folder)
      }
      let train = try run("train", "photos", "--epochs", "1", "--out", trained)
      #expect(train.out.contains("red\\u{1B}[31m") && train.out.contains("run\\u{1B}[5m\n"))
      _ = try run(
        "train", "photos", "--epochs", "1", "--out", "json", "--log-format", "json")
      _ = try run("evaluate", trained)
      _ = try run("evaluate", trained, "--json")
      _ = try run("runs", ".")
      _ = try run("diff", trained, "json")
      _ = try run("adjust", trained, "--post-hoc", "logit-adjustment", "--out", "adjusted\u{7}")
      _ = try run("export", trained, "--out", "model\u{1B}.onnx")
      let compare = try run(
        "compare", "photos", "--strategies", "none,weighted", "--seeds", "0,1", "--epochs", "1",
        "--out", "comparison\u{9B}")
      #expect(compare.out.contains("comparison\\u{9B}/report.html"))
      for name in ["report.html", "report.md", "report.csv", "report.json"] {
        let url = folder.appendingPathComponent("comparison\u{9B}/\(name)")
        let text = try String(contentsOf: url, encoding: .utf8)
        #expect(Self.hidden(in: text).isEmpty, "\(name)")
        if name == "report.csv" {
          #expect(text.contains(",'=1+1\\u{9B}2J,") && !text.contains(",=1+1"))
        }
      }
      let page = folder.appendingPathComponent("\(trained)/report.html")
      #expect(Self.hidden(in: try String(contentsOf: page, encoding: .utf8)).isEmpty)
    }
  }

  @Test(arguments: [
    ["\u{1B}[31mtrain"], ["train", "--\u{1B}[31mout"], ["analyze", "no\u{1B}[31m\nwhere"],
    ["train", "no\u{202E}where", "--out", "run"], ["predict", "--model", "\u{9B}run", "x.png"],
    ["train", "photos", "--out", "run", "--loss", "fo\u{1B}cal"],
    ["analyze", "photos", "--csv", "t.csv", "--image-column", "a\u{1B}", "--label-column", "b"],
    ["plan", "photos", "--seed", "\u{1B}"], ["evaluate", "--predictions", "table\u{1B}.csv"],
    ["compare", "\u{1B}.yaml", "--out", "c"],
    ["import", "w\u{1B}.safetensors", "--model", "cnn", "--classes", "2", "--out", "o"],
  ])
  func noErrorRepeatsThem(_ arguments: [String]) throws {
    try withTemporaryFolder { folder in
      try DatasetCommandTests.makeDataset(
        ["cat": 2, "ant": 2], in: folder.appendingPathComponent("photos"))
      try Data("a\u{1B}[1m,b\nx,y\n".utf8)
        .write(to: folder.appendingPathComponent("photos/t.csv"))
      let result = try BalanceBinary.run(arguments, in: folder)
      #expect([64, 65, 66].contains(result.code), "\(result)")
      #expect(Self.hidden(in: result.error).isEmpty, "\(result.error.debugDescription)")
      #expect(result.error.contains("\\u{"), "\(result.error)")
    }
  }

  /// A file of weights that names its own tensors.
  @Test func tensorsAreNamedSafely() throws {
    try withTemporaryFolder { folder in
      let tensors = ["a", "b"].enumerated().map { place, prefix in
        #""\#(prefix).\u001b[31mw":{"dtype":"F32","shape":[1],"#
          + #""data_offsets":[\#(4 * place),\#(4 * place + 4)]}"#
      }
      let header = Data("{\(tensors.joined(separator: ","))}".utf8)
      var file = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
      file += header + Data(count: 8)
      try file.write(to: folder.appendingPathComponent("w.safetensors"))
      try Data("strip: [a., b.]\n".utf8).write(to: folder.appendingPathComponent("names.yaml"))
      let result = try Self.check(
        [
          "import", "w.safetensors", "--model", "cnn", "--classes", "2", "--mapping", "names.yaml",
          "--out", "o",
        ], code: 65, in: folder)
      #expect(result.error.contains("has two tensors '\\u{1B}[31mw'"), "\(result.error)")
    }
  }

  /// `predictions.csv` and what `predict` prints are read by programs, and keep names as they are.
  @Test func dataForProgramsStaysAsItIs() throws {
    try withTemporaryFolder { folder in
      try writePictures(Self.names, count: 8, in: folder)
      let train = try BalanceBinary.run(
        ["train", "photos", "--epochs", "1", "--out", "run", "-q"], in: folder)
      #expect(train.code == 0, "\(train.error)")
      let csv = try String(
        contentsOf: folder.appendingPathComponent("run/predictions.csv"), encoding: .utf8)
      #expect(csv.contains("p:=1+1\u{9B}2J,"))
      let again = try BalanceBinary.run(
        ["evaluate", "--predictions", "run/predictions.csv"], in: folder)
      #expect(again.code == 0, "\(again.error)")
      let predict = try BalanceBinary.run(["predict", "--model", "run", "photos"], in: folder)
      #expect(predict.out.contains("p:=1+1\u{9B}2J,"))
    }
  }
}
