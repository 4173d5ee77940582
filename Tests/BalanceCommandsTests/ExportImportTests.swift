import Foundation
import Testing

@Suite struct ExportImportTests {
  @Test func aModelGoesOutAndComesBack() throws {
    try withTemporaryFolder { folder in
      func run(_ arguments: String...) throws -> BalanceBinary.Result {
        try BalanceBinary.run(arguments, in: folder)
      }
      func bytes(_ name: String) throws -> Data {
        try Data(contentsOf: folder.appendingPathComponent(name))
      }
      try writePictures(["cat", "dog"], count: 12, in: folder)
      let trained = try run("train", "photos", "--epochs", "1", "--out", "run")
      try #require(trained.code == 0, "\(trained.error)")
      for file in ["a.onnx", "a.safetensors"] {
        let out = try run("export", "run", "--out", file)
        #expect(out.code == 0 && out.out.isEmpty, "\(out.error)")
        #expect(out.error.contains("cnn, 2 classes: \(file)"))
        let back = try run(
          "import", file, "--model", "cnn", "--classes", "2", "--channels", "1", "--out",
          "\(file).back", "--quiet")
        #expect(back.code == 0 && back.error.isEmpty, "\(back.error)")
      }
      #expect(try bytes("a.onnx.back") == bytes("a.safetensors.back"))
      // The exported weights are the run's; what the file says of itself differs.
      #expect(try bytes("a.safetensors") != bytes("a.safetensors.back"))
      let tuned = try run(
        "train", "photos", "--init", "a.onnx.back", "--epochs", "1", "--out", "tuned")
      #expect(tuned.code == 0 && tuned.error.contains("the head keeps its weights"))

      let folded = try run(
        "export", "run", "--out", "folded.onnx", "--fold-batch-norm", "--with-preprocessing")
      #expect(folded.code == 0, "\(folded.error)")
      #expect(try bytes("folded.onnx").count < bytes("a.onnx").count)
      let missed = try run(
        "import", "folded.onnx", "--model", "cnn", "--classes", "2", "--channels", "1", "--out",
        "b")
      #expect(missed.code == 65 && missed.error.contains("folded.onnx: has no tensor 'bn1.weight'"))

      let wrong = try run(
        "import", "a.onnx", "--model", "cnn", "--classes", "3", "--channels", "1", "--out", "b")
      #expect(wrong.code == 65)
      #expect(
        wrong.error.contains("tensor 'fc.weight' has shape [2, 128] where cnn has [3, 128]"))
      let other = try run(
        "import", "a.onnx", "--model", "resnet20", "--classes", "2", "--channels", "1", "--out",
        "b")
      #expect(other.code == 65)
      #expect(
        other.error.contains(
          "tensor 'conv1.weight' has shape [32, 1, 3, 3] where resnet20 has [16, 1, 3, 3]"))
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("b").path))
    }
  }

  /// PyTorch's `DataParallel` puts `module.` before every name.
  @Test func aPrefixOfAllNamesIsTakenOff() throws {
    try withTemporaryFolder { folder in
      try writePictures(["cat", "dog"], count: 12, in: folder)
      let trained = try BalanceBinary.run(
        ["train", "photos", "--epochs", "1", "--out", "run", "-q"], in: folder)
      try #require(trained.code == 0, "\(trained.error)")
      // The names in the header of a safetensors file, and its length before it.
      let sound = try Data(contentsOf: folder.appendingPathComponent("run/weights.safetensors"))
      let length = sound.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
      let header = try #require(
        try JSONSerialization.jsonObject(with: sound[8..<8 + length]) as? [String: Any])
      let renamed = try JSONSerialization.data(
        withJSONObject: Dictionary(
          uniqueKeysWithValues: header.map {
            ($0.key == "__metadata__" ? $0.key : "module.\($0.key)", $0.value)
          }))
      let file =
        withUnsafeBytes(of: UInt64(renamed.count).littleEndian) { Data($0) } + renamed
        + sound[(8 + length)...]
      try file.write(to: folder.appendingPathComponent("wrapped.safetensors"))
      for name in ["run/weights.safetensors", "wrapped.safetensors"] {
        let result = try BalanceBinary.run(
          [
            "import", name, "--model", "cnn", "--classes", "2", "--channels", "1", "--out",
            "\(name).out",
          ], in: folder)
        #expect(result.code == 0, "\(result.error)")
        let isTold = result.error.contains(
          "note: 'module.' is taken off the names of wrapped.safetensors")
        #expect(isTold == (name == "wrapped.safetensors"), "\(result.error)")
        // The checksum of the run, which the renaming has kept.
        let isAltered = result.error.contains("warning: \(name) has changed since it was written")
        #expect(isAltered == (name == "wrapped.safetensors"), "\(result.error)")
      }
      #expect(
        try Data(contentsOf: folder.appendingPathComponent("wrapped.safetensors.out"))
          == Data(contentsOf: folder.appendingPathComponent("run/weights.safetensors.out")))
      let tuned = try BalanceBinary.run(
        ["train", "photos", "--init", "wrapped.safetensors", "--epochs", "1", "--out", "tuned"],
        in: folder)
      #expect(tuned.code == 0, "\(tuned.error)")
      #expect(
        tuned.error.contains(
          "has changed since it was written: its checksum does not fit; 'module.' is taken off "
            + "their names; the head keeps its weights"))
    }
  }

  @Test(arguments: [
    (["export", "nowhere", "--out", "a.onnx"], 66, "is not the folder of a finished run"),
    (["export", "nowhere", "--out", "a.pt"], 64, "name the file .onnx or .safetensors, or give"),
    (["export", "nowhere", "--out", "a", "--format", "onyx"], 64, "--format"),
    (
      ["export", "nowhere", "--out", "a.safetensors", "--fold-batch-norm"], 64,
      "are for ONNX: a file of weights has no graph"
    ),
    (
      ["import", "nowhere", "--model", "resnet21", "--classes", "2", "--out", "a"], 64,
      "unknown model 'resnet21': did you mean 'resnet20'?"
    ),
    (
      ["import", "nowhere", "--model", "cnn", "--classes", "0", "--out", "a"], 64, "--classes"
    ),
    (
      ["import", "nowhere", "--model", "cnn", "--classes", "2", "--channels", "2", "--out", "a"],
      64, "--channels is 1 or 3"
    ),
    (
      ["import", "nowhere", "--model", "cnn", "--classes", "2", "--out", "a"], 66,
      "there is no such file"
    ),
    (
      [
        "import", "nowhere", "--model", "cnn", "--classes", "2", "--mapping", "none", "--out", "a",
      ], 66, "none: there is no such file"
    ),
  ])
  func nonsenseIsRefused(arguments: [String], code: Int32, words: String) throws {
    let result = try withTemporaryFolder { try BalanceBinary.run(arguments, in: $0) }
    #expect(result.code == code)
    #expect(result.error.contains(words), "\(result.error)")
  }

  @Test func exportHelpIsThisText() throws {
    let result = try BalanceBinary.run("export", "--help")
    #expect(
      result.out == """
        OVERVIEW: Write a run's model for other programs.

        As safetensors with PyTorch's names, or as an ONNX model (opset 17) whose
        metadata has the classes, the image size and the normalisation. Its input is
        [batch, channels, height, width]: normalised pixels, or with
        --with-preprocessing pixels from 0 to 255.

        EXAMPLES:
          balance export runs/plain --out plain.onnx
          balance export runs/plain --out small.onnx --fold-batch-norm
          balance export runs/plain --out plain.safetensors

        USAGE: balance export <run> --out <file> [--format <format>] [--fold-batch-norm] [--with-preprocessing] [--quiet]

        ARGUMENTS:
          <run>                   The folder of a run.

        OPTIONS:
          --out <file>            The file to write.
          --format <format>       safetensors or onnx (default: by the file's name).
                                  (values: safetensors, onnx)
          --fold-batch-norm       ONNX: make batch norms part of the convolutions
                                  before them.
          --with-preprocessing    ONNX: begin with pixels from 0 to 255 and normalise
                                  them in the graph.
          -q, --quiet             Say nothing but results and errors.
          --version               Show the version.
          -h, --help              Show help information.


        """)
  }
}
