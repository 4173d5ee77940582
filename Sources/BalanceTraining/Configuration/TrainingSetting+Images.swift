import BalanceCore
import BalanceLoading

/// What the network sees.
extension TrainingSetting {
  static let images = [
    TrainingSetting(
      "augment", .images,
      "Random changes of training images: none, or one or several, with commas, of "
        + Augmentation.grammar.usage, valueName: "list",
      forms: [
        Form(
          usage: "none", summary: "images as they are; of the others several, with commas between",
          options: [])
      ] + Form.all(of: Augmentation.grammar),
      get: { $0.images.augmentation.description },
      set: { $0.images.augmentation = try Augmentation(parsing: $1) }),
    optional(
      "image-size", .images, "Height and width that images are resized to", \.images.size,
      in: 4...4096, valueName: "pixels", defaultNote: "their median, at most 64"),
    optional(
      "channels", .images, "1 for grey, 3 for colour", \.images.channels, in: 1...3, except: 2,
      defaultNote: "1 if every image is grey"),
    spelled(
      "range", .images, "Which values of 16-bit images become black and white", \.images.range,
      valueName: "values"),
  ]
}
