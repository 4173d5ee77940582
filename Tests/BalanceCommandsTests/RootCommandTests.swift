import Testing

@Suite struct RootCommandTests {
  @Test func versionIsPrinted() throws {
    let result = try BalanceBinary.run("--version")
    #expect(result.code == 0)
    #expect(result.out == "0.1.0\n")
    #expect(result.error.isEmpty)
  }

  @Test func unknownOptionIsAUsageError() throws {
    let result = try BalanceBinary.run("--verison")
    #expect(result.code == 64)
    #expect(result.out.isEmpty)
    #expect(result.error.hasPrefix("Error: Unknown option '--verison'"))
  }

  @Test func helpIsThisText() throws {
    let result = try BalanceBinary.run("--help")
    #expect(result.code == 0)
    #expect(
      result.out == """
        OVERVIEW: Find out which remedy helps a classifier of images whose classes are
        unbalanced.

        How unbalanced is a dataset, and can its split be trusted? Which remedy
        (resampling, another loss, both, neither) helps it, and what does the remedy
        cost? Start with

          balance demo                       the whole story on built-in images
          balance analyze PHOTOS             classes, imbalance, problems
          balance compare PHOTOS --out DIR   which remedy helps, as a report

        DATASET is a folder with one folder of images per class, a folder with train,
        val and test inside, or any folder with a CSV file that names images and
        labels.

        Exit codes: 0 done, 64 options that make no sense, 65 data with a fault, 66
        something cannot be read, 73 something cannot be written, 74 standard output
        cannot be written, 71 the machine has not enough threads or memory, 70 a fault
        of this program, 129, 130, 143 stopped, 141 nobody reads on.

        USAGE: balance <subcommand>

        OPTIONS:
          --version               Show the version.
          -h, --help              Show help information.

        SUBCOMMANDS:
          demo                    Go the whole way on built-in images: analysis,
                                  training, report.
          index                   Read a dataset's images once and keep what they are
                                  in an index.
          analyze                 Say how unbalanced a dataset is, and whether its
                                  split can be trusted.
          split                   Share a dataset's images out to train, val and test.
          plan                    Show what a sampling strategy would draw, class by
                                  class.
          train                   Train one classifier and write a run folder.
          lr-find                 Suggest a learning rate, from a short training whose
                                  rate rises.
          adjust                  Correct a trained model's last layer against
                                  imbalance, without training.
          compare                 Train strategies x losses over several seeds and
                                  report which remedy helps.
          runs                    List the runs below a folder, finished or not.
          diff                    Name every setting and fingerprint in which two runs
                                  differ.
          evaluate                Work out every metric again from predictions.
          predict                 Classify images with a trained model.
          export                  Write a run's model for other programs.
          import                  Bring weights from other programs into a file for
                                  --init.
          cache                   List what is kept of decoded images, and remove what
                                  is of no use any more.
          values                  List what losses, strategies, schedules, … there are,
                                  with their options.

          See 'balance help <subcommand>' for detailed help.

        """)
  }

  @Test(
    arguments: [
      "demo", "index", "analyze", "split", "plan", "train", "lr-find", "adjust", "compare", "runs",
      "diff", "evaluate", "predict", "export", "import", "cache", "values",
    ])
  func helpOfEveryCommandHasExamples(command: String) throws {
    let result = try BalanceBinary.run(command, "--help")
    #expect(result.code == 0)
    #expect(result.out.contains("EXAMPLES:\n  balance \(command)"))
    #expect(result.out.contains("--quiet"))
  }
}
