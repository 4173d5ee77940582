import BalanceNetworks
import BalanceTensors

extension TrainingConfiguration {
  /// Decides what `auto` is, once image size, channels, batch size and threads are given.
  mutating func decidePrecision(classes: Int, _ components: TrainingComponents?) {
    guard precision == .auto, let imageSize, let channels else { return }
    let input = ImageShape(height: imageSize, width: imageSize, channels: channels)
    // What is wrong with a network is said when it is trained.
    guard let components = try? components ?? TrainingComponents(self),
      let network = try? components.network(input, classes: classes)
    else { return }
    let choice = PrecisionRule.choice(for: network, images: max(1, batchSize / max(1, threads)))
    precision = choice.precision == .bf16 ? .bf16 : .f32
    precisionNote = choice.reason
  }
}
