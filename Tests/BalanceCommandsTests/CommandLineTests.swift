import Testing

/// What is said of a command line that makes no sense: the word that is wrong, and what is meant.
@Suite struct CommandLineTests {
  @Test(arguments: [
    ("train X --outt x", "Unknown option '--outt'. Did you mean '--out'?"),
    ("trian", "Unknown command 'trian'. Did you mean 'train'?"),
    ("trian X --out o", "Unknown command 'trian'. Did you mean 'train'?"),
    ("photos", "Unknown command 'photos'. There are: demo, index, analyze,"),
    ("help anlyze", "Unknown command 'anlyze'. Did you mean 'analyze'?"),
    (
      "plan --loss",
      "Unknown option '--loss' of 'balance plan': it is one of 'balance train', 'balance lr-find'"
    ),
    ("plan X --loss=focal", "Unknown option '--loss' of 'balance plan': it is one of"),
    (
      "analyze X --split a",
      "Unknown option '--split' of 'balance analyze': it is one of 'balance plan', "
        + "'balance train', 'balance lr-find', 'balance compare'"
    ),
    ("train X --unfreeze 3", "Unknown option '--unfreeze'. Did you mean '--unfreeze-at'?"),
    ("train -x", "Unknown option '-x'"),
    ("predict --model r i --topk 1", "Unknown option '--topk'. Did you mean '--top-k'?"),
    ("train X --out", "Missing value for '--out <folder>'"),
    ("export", "Missing expected argument '<run>'"),
  ])
  func whatIsUnknownIsNamed(line: String, expected: String) throws {
    let result = try BalanceBinary.run(line.split(separator: " ").map(String.init))
    #expect(result.code == 64 && result.out.isEmpty)
    #expect(result.error.hasPrefix("Error: " + expected), "\(result.error)")
    #expect(result.error.contains("\nUsage: balance "), "\(result.error)")
  }

  @Test(
    arguments: ["train", "lr-find", "compare", "index", "split", "runs", "diff", "predict", "demo"])
  func everyCommandNamesAnUnknownOption(command: String) throws {
    let result = try BalanceBinary.run(command, "--quite")
    #expect(result.code == 64)
    #expect(result.error.hasPrefix("Error: Unknown option '--quite'. Did you mean '--quiet'?"))
    #expect(result.error.contains("See 'balance \(command) --help'"))
  }

  /// Before the dataset is looked at: there is none.
  @Test(arguments: [
    ("train X --out o --loss focal:-1", "--loss: gamma of the loss 'focal'"),
    ("compare X --out o --losses focal:-1", "--losses: gamma of the loss 'focal'"),
    ("compare X --out o --strategies wieghted", "--strategies: unknown sampling strategy"),
    ("compare X --out o --losses ldam+inverse@x", "--losses: "),
    ("compare X --out o --seeds 0,0", "--seeds: a seed is given twice"),
    ("compare X --out o --freeze stage2", "--freeze: would freeze weights"),
    ("plan X --strategy weighted:-3", "--strategy: exponent of the sampling strategy"),
  ])
  func aWrongValueIsNamedWithItsOption(line: String, expected: String) throws {
    let result = try BalanceBinary.run(line.split(separator: " ").map(String.init))
    #expect(result.code == 64 && result.out.isEmpty)
    #expect(result.error.hasPrefix("balance: error: " + expected), "\(result.error)")
  }

  /// As a script passes on a variable that is not set.
  @Test(arguments: [
    (["predict", "--model", "run", ""], "the argument after 'run' is empty"),
    (["train", "photos", "--out", ""], "the argument after '--out' is empty"),
    (["train", "photos", "--out="], "the value of '--out' is empty"),
    (["analyze", ""], "the argument after 'analyze' is empty"),
  ])
  func anEmptyArgumentIsNoFolder(words: [String], expected: String) throws {
    let result = try BalanceBinary.run(words)
    #expect(result.code == 64 && result.error.hasPrefix("Error: " + expected), "\(result.error)")
  }

  @Test func aManifestsDataNeedsAManifest() throws {
    let result = try BalanceBinary.run("compare", "photos", "--out", "o", "--data", "more")
    #expect(result.code == 64, "\(result.error)")
    #expect(result.error.contains("photos is no .yaml file"), "\(result.error)")
  }

  /// A negative number is a value, and the option says which values it takes.
  @Test(arguments: [
    (
      "train photos --out o --epochs -3",
      "--epochs: expected a whole number from 1 to 1000000000, found '-3'"
    ),
    ("train photos --out o --lr -0.1", "--lr: expected"),
    ("train photos --out o --seed -1", "--seed: expected"),
    ("train photos --out o --checkpoint-every -1", "--checkpoint-every expects seconds, from 0 up"),
    ("split photos --val -0.2", "--val"),
    ("split photos --seed -1", "expected a whole number from 0 up"),
    ("plan photos --seed -1", "expected a whole number from 0 up"),
    ("plan photos --epoch -1", "--epoch counts from 0"),
    ("demo --data-seed -1", "expected a whole number from 0 up"),
    ("index photos --threads -2", "--threads: expected threads from 1 to "),
    ("predict --model r x --top-k -1", "--top-k counts from 1"),
    ("lr-find photos --steps -5", "expected a whole number from 10 to 1000000, found '-5'"),
    ("compare photos --out o --seeds -1,2", "expected whole numbers from 0 up, found '-1'"),
    ("import w --model cnn --classes -2 --out o", "--classes counts from 1 to 1000000"),
  ])
  func aNegativeNumberIsAnsweredWithTheRange(line: String, expected: String) throws {
    try withTemporaryFolder { folder in
      try writePictures(["cat", "dog"], count: 6, in: folder)
      let result = try BalanceBinary.run(line.split(separator: " ").map(String.init), in: folder)
      #expect(result.code == 64, "\(result)")
      #expect(result.error.contains(expected), "\(result.error)")
    }
  }
}
