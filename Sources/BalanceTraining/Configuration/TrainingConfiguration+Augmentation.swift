import BalanceCore
import BalanceLoading

extension TrainingConfiguration {
  /// - Throws: `BalanceError` where the augmentation changes the shape of the images: the network
  ///   that is trained on them is evaluated on images as they are.
  func checkAugmentation(of shape: PixelShape) throws(BalanceError) {
    let made = augmentation.outputShape(of: shape)
    guard made == shape else {
      throw BalanceError(
        .usage, "makes images of \(made) of those of \(shape) that the network is evaluated on",
        at: "augment", remedy: "leave out the stage that changes the shape, or have it undone")
    }
  }
}
