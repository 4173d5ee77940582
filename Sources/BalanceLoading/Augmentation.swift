public import BalanceCore

/// Random changes of a training image that leave its class alone.
///
/// A crop of P pads the image by P black pixels (0 before normalisation) on every side and cuts out
/// a window of the image's own size, each of its (2P + 1)² places equally likely; a flip mirrors
/// left and right in half of the draws, after the crop. This is `RandomCrop(size, padding=P)` and
/// `RandomHorizontalFlip()` of torchvision.
public struct Augmentation: Codable, Hashable, Sendable, CustomStringConvertible {
  /// Pixels of padding around the image before the crop; 0 for no crop.
  public var cropPadding: Int
  public var horizontalFlip: Bool

  /// - Precondition: `cropPadding` is not negative.
  public init(cropPadding: Int = 0, horizontalFlip: Bool = false) {
    precondition(cropPadding >= 0, "a crop padding of \(cropPadding)")
    self.cropPadding = cropPadding
    self.horizontalFlip = horizontalFlip
  }

  /// Every draw is the image as it is.
  public static let none = Augmentation()

  /// The most padding that `init(parsing:)` takes.
  public static let maximumPadding = 256

  /// `none`, or `crop:PIXELS` and `flip`, either or both: `crop:4,flip`.
  ///
  /// - Throws: `BalanceError` with code `usage`, with the nearest name where one is misspelled.
  public init(parsing text: String) throws(BalanceError) {
    self = .none
    if text == "none" { return }
    var seen: Set<String> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pieces = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(pieces[0])
      guard ["crop", "flip"].contains(name) else {
        throw Suggestion.unknown("augmentation", name, among: ["none", "crop:4", "flip"])
      }
      guard seen.insert(name).inserted else {
        throw BalanceError(.usage, "augmentation '\(text)' names \(name) twice")
      }
      if name == "flip" {
        guard pieces.count == 1 else {
          throw BalanceError(
            .usage, "'\(part)': flip takes no number", remedy: "write it as crop:4,flip")
        }
        horizontalFlip = true
      } else {
        guard pieces.count == 2, let padding = Int(pieces[1]),
          (1...Self.maximumPadding).contains(padding)
        else {
          throw BalanceError(
            .usage, "'\(part)': crop needs the pixels to pad by, 1 to \(Self.maximumPadding)",
            remedy: "write it as crop:4,flip")
        }
        cropPadding = padding
      }
    }
  }

  /// As `init(parsing:)` reads it.
  public var description: String {
    let parts = (cropPadding > 0 ? ["crop:\(cropPadding)"] : []) + (horizontalFlip ? ["flip"] : [])
    return parts.isEmpty ? "none" : parts.joined(separator: ",")
  }

  /// What is done to one draw: the window begins `dy` rows below and `dx` columns right of the
  /// image's corner (negative: in the padding), and is mirrored afterwards or not.
  public struct Parameters: Hashable, Sendable {
    public var dy: Int
    public var dx: Int
    public var flip: Bool

    public init(dy: Int = 0, dx: Int = 0, flip: Bool = false) {
      self.dy = dy
      self.dx = dx
      self.flip = flip
    }
  }

  /// The parameters of draw number `draw` of an epoch: a pure function of its arguments, so that
  /// neither threads nor batch sizes nor a resumption can change them.
  public func parameters(seed: UInt64, epoch: Int, draw: Int) -> Parameters {
    var parameters = Parameters()
    if cropPadding == 0 && !horizontalFlip { return parameters }
    var generator = KeyedGenerator(seed: seed, .augmentation, epoch, draw)
    if cropPadding > 0 {
      parameters.dy = generator.below(2 * cropPadding + 1) - cropPadding
      parameters.dx = generator.below(2 * cropPadding + 1) - cropPadding
    }
    if horizontalFlip { parameters.flip = generator.next() >> 63 == 1 }
    return parameters
  }
}
