import BalanceCore
import BalanceDatasets
import Foundation

extension DataIdentity {
  /// - Parameter images: in the order train, val, test.
  init(classNames: [String], splitHash: String, images: [ImageRecord]) {
    self.init(
      classNames: classNames, splitHash: splitHash,
      imagesHash: Self.hash(images.map { "\($0.path)\t\($0.contentHash)\t\($0.label)" }),
      groupsHash: Self.hash(images.map { $0.group ?? "" }))
  }

  private static func hash(_ lines: [String]) -> String {
    ContentHash(of: lines.joined(separator: "\n")).hex
  }
}

extension TrainingData {
  /// The part of the split that a position in `images` belongs to.
  func role(at position: Int) -> SplitRole {
    training.contains(position) ? .train : validation.contains(position) ? .val : .test
  }

  /// What a run folder keeps, to name later what has changed.
  var seenImages: SeenImages {
    SeenImages(
      rows: images.enumerated().map { position, image in
        SeenImages.Row(
          path: image.path, role: role(at: position), className: classNames[image.label],
          group: image.group, content: image.contentHash)
      })
  }
}
