import BalanceCore
import BalanceDatasets
import BalanceImages
import BalanceLoading
import BalanceNetworks
import BalanceOptimizers

/// What there is to say of settings: in the data's light, and for records.
extension ResolvedConfiguration {
  /// What is evaluated and saved, for `RunRecord.settings`.
  var weightsKept: String {
    let which =
      switch self.weightChoice {
      case .last: "the last epoch"
      case .best(let metric): "the epoch with the best validation \(metric.title)"
      }
    return self.optimization.averaging == .none
      ? "those of \(which)" : "the moving average after \(which)"
  }

  /// Settings that need validation images; each with what it watches.
  var watchedMetrics: [(setting: String, metric: ValidationMetric)] {
    var watched: [(String, ValidationMetric)] = []
    if case .reduceOnPlateau(let rule) = self.optimization.schedule {
      watched.append(("schedule", rule.metric))
    }
    if let metric = self.earlyStopping.metric { watched.append(("early-stopping", metric)) }
    if case .best(let metric) = self.weightChoice { watched.append(("keep", metric)) }
    if self.remedy.postHoc == .temperature { watched.append(("post-hoc", .loss)) }
    return watched
  }

  /// What there is to say of gradients summed over batches; nil without.
  func accumulationNote(_ network: Network) -> String? {
    guard self.accumulation > 1 else { return nil }
    let images = "\(self.accumulation) × \(self.batchSize) images"
    let hasNorms = network.nodes.contains {
      if case .batchNorm = $0.operation { true } else { false }
    }
    return "a step takes the gradient of \(images)"
      + (hasNorms ? "; batch norms see \(self.batchSize) of them at a time" : "")
  }

  /// What there is to say of the moving average; nil without one.
  func averagingNote(totalSteps: Int) -> String? {
    guard case .ema(let decay, _) = self.optimization.averaging else { return nil }
    let memory = 1 / (1 - decay)
    var note = "the moving average of the weights, decay \(decay), is evaluated and saved"
    if memory > Double(totalSteps) {
      note +=
        "; it looks back over \(Int(saturating: memory.rounded())) steps, more than the run has"
    }
    return note
  }

  /// A sentence where the range does not fit the training images.
  func rangeNote(_ data: TrainingData) -> String? {
    guard let values = WideValues(data.images[data.training]) else {
      return range == .full
        ? nil : "the range \(range) changes nothing: no training image has 16 bits a value"
    }
    return range == .full && values.isNarrow ? values.warning(of: "training image") : nil
  }

  /// - Throws: `BalanceError` with code `software` for pixels that were loaded for another
  ///   configuration.
  func check(_ shape: ImageShape) throws(BalanceError) {
    let wanted = ImageShape(height: imageSize, width: imageSize, channels: channels)
    guard shape == wanted else {
      throw BalanceError(
        .software, "the images were loaded as \(shape), and the configuration asks for \(wanted)",
        remedy: "load them with the configuration that they are trained by")
    }
  }

  /// - Throws: `BalanceError` where the augmentation changes the shape of the images: the network
  ///   that is trained on them is evaluated on images as they are.
  func checkAugmentation(of shape: ImageShape) throws(BalanceError) {
    let made = self.images.augmentation.outputShape(of: shape)
    guard made == shape else {
      throw BalanceError(
        .usage, "makes images of \(made) of those of \(shape) that the network is evaluated on",
        at: "augment", remedy: "leave out the stage that changes the shape, or have it undone")
    }
  }
}
