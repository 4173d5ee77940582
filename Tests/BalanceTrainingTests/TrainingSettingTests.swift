import BalanceCore
import BalanceImages
import BalanceOptimizers
import BalanceTraining
import Testing

@Suite struct TrainingSettingTests {
  @Test func everySettingReadsWhatItWrites() throws {
    var configuration = TrainingConfiguration()
    configuration.optimization.learningRate = 0.0123
    configuration.images.size = 48
    configuration.seed = .max
    configuration.optimization.optimizer = .adamw(AdamConstants(beta2: 0.99))
    configuration.optimization.clipping = .norm(0.5)
    configuration.optimization.averaging = .ema(decay: 0.99, buffers: .copy)
    configuration.images.range = .given(try SampleRange(low: 3, high: 4095))
    var other = TrainingConfiguration()
    for (name, text) in configuration.settings { try other.set(name, to: text) }
    #expect(other == configuration)
    #expect(configuration.settings.count == TrainingSetting.names.count)
  }

  @Test(
    arguments: [
      ("epochs", "0", "expected a whole number from 1 to 1000000000, found '0'"),
      ("batch-size", "-3", "expected a whole number from 1 to 1000000000, found '-3'"),
      ("lr", "nan", "expected a number"),
      ("channels", "2", "expected 'auto', 1 or 3, found '2'"),
      ("image-size", "99999", "expected 'auto' or a whole number from 4 to 4096"),
      ("model", "resnet23", "did you mean 'resnet20'?"),
      ("loss", "focl", "did you mean 'focal'?"),
      ("optimizer", "adamv", "unknown optimizer 'adamv': did you mean 'adam"),
      ("no-decay", "biases", "there are: none, norms-and-biases"),
      ("clip", "norm:0", "expected a number above 0, as in norm:1"),
      ("ema", "1.5", "expected a number between 0 and 1, as in 0.999"),
      ("schedule-by", "steps", "did you mean 'step'?"),
      ("warm-up", "0", "expected a whole number from 1, as in epochs:5"),
      ("precision", "bf17", "did you mean 'bf16'?"),
      ("range", "0-4095", "the range of values is '0-4095'; expected two whole numbers"),
      ("range", "9:9", "the smaller first"),
      ("seed", "-1", "expected a whole number from 0 to 18446744073709551615"),
      ("epoch", "3", "unknown setting 'epoch': did you mean 'epochs'?"),
    ])
  func wrongValuesAreNamed(name: String, text: String, words: String) throws {
    var configuration = TrainingConfiguration()
    let before = configuration
    let error = try #require(throws: BalanceError.self) { try configuration.set(name, to: text) }
    #expect(error.code == .usage)
    #expect("\(error)".contains(words), "\(error)")
    #expect(configuration == before)
  }
}
