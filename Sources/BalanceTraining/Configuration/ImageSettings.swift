public import BalanceLoading

/// What the network sees.
public struct ImageSettings: Hashable, Sendable {
  public var augmentation = Augmentation.none
  /// Height and width that images are resized to, in pixels; nil takes the median side of the
  /// training images, at most `maximumAutomaticSize`.
  public var size: Int?
  /// 1 or 3; nil takes 1 where every image is grey.
  public var channels: Int?
  /// Of 16-bit images; `auto` is decided by the training images alone.
  public var range = RangeChoice.full

  public static let maximumAutomaticSize = 64

  public init() {}
}
