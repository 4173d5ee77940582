import BalanceCore
import BalanceTensors

/// A tensor of a plan: where a graph value lives.
struct PlanValue {
  enum Layout {
    /// `[C, H, W]` an image.
    case planar
    /// `[⌈C/16⌉, H, W, 16]` an image.
    case blocked
    /// `[F]` an image.
    case rows
  }

  let id: Int
  let shape: ValueShape
  let layout: Layout
  let type: ActivationType
  let buffer: PlanBuffer

  /// The feature map's shape; features count as the channels of one pixel.
  var image: ImageShape { shape.image }

  /// Values stored for one image, padding included.
  var elements: Int { Self.elements(image, layout) }
  var bytesPerImage: Int { elements * type.bytes }

  static func elements(_ shape: ImageShape, _ layout: Layout) -> Int {
    layout == .blocked ? BlockedKernels.blocks(shape.channels) * 16 * shape.plane : shape.count
  }
}

extension BlockedKernels {
  /// Loops over so many images of a feature map, or over these of its blocks of 16 channels.
  init(_ value: PlanValue, images: Int, blocks: Range<Int>? = nil) {
    self.init(
      images: images, channels: blocks.map { $0.count * 16 } ?? value.image.channels,
      height: value.image.height, width: value.image.width, type: value.type)
  }
}

extension ChannelKernels {
  /// Work on so many images of a feature map.
  init(_ value: PlanValue, images: Int) {
    self.init(images: images, plane: value.image.plane, type: value.type)
  }
}
