package import BalanceCore
import CBalanceKernels
import CBalanceOneDNN

/// The sizes of a convolution or a pooling over a batch, from which all others follow.
package struct WindowGeometry: Hashable, Sendable {
  package var images: Int
  package var inChannels: Int
  package var inHeight: Int
  package var inWidth: Int
  package var outChannels: Int
  package var kernel: Int
  package var stride: Int
  package var padding: WindowPadding
  package var dilation: Int
  package var groups: Int

  package init(
    images: Int, inChannels: Int, inHeight: Int, inWidth: Int, outChannels: Int, kernel: Int,
    stride: Int, padding: WindowPadding, dilation: Int = 1, groups: Int = 1
  ) {
    self.images = images
    self.inChannels = inChannels
    self.inHeight = inHeight
    self.inWidth = inWidth
    self.outChannels = outChannels
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
  }

  package var outHeight: Int { outSize(inHeight) }
  package var outWidth: Int { outSize(inWidth) }

  /// The rows of zeros above the map, and the columns before it.
  package var paddingTop: Int { leading(inHeight) }
  package var paddingLeft: Int { leading(inWidth) }
  /// Those below it and behind it that a window reaches; less than 0 where the last window ends
  /// before the map does.
  package var paddingBottom: Int { reach(inHeight) - paddingTop }
  package var paddingRight: Int { reach(inWidth) - paddingLeft }

  /// The pixels under one window.
  private var span: Int { dilation * (kernel - 1) + 1 }

  private func outSize(_ size: Int) -> Int {
    switch padding {
    case .around(let pixels): (size + 2 * pixels - span) / stride + 1
    case .same: (size + stride - 1) / stride
    }
  }

  private func leading(_ size: Int) -> Int {
    switch padding {
    case .around(let pixels): pixels
    case .same: max(reach(size), 0) / 2
    }
  }

  /// How many more pixels than the map has the windows go over.
  private func reach(_ size: Int) -> Int { (outSize(size) - 1) * stride + span - size }

  var native: odn_geometry {
    odn_geometry(
      images: Int64(images), in_channels: Int64(inChannels), in_height: Int64(inHeight),
      in_width: Int64(inWidth), out_channels: Int64(outChannels), out_height: Int64(outHeight),
      out_width: Int64(outWidth), kernel_height: Int64(kernel), kernel_width: Int64(kernel),
      stride_height: Int64(stride), stride_width: Int64(stride), padding_top: Int64(paddingTop),
      padding_left: Int64(paddingLeft), padding_bottom: Int64(paddingBottom),
      padding_right: Int64(paddingRight), dilation_height: Int64(dilation),
      dilation_width: Int64(dilation), groups: Int64(groups))
  }
}

extension ck_window {
  init(_ geometry: WindowGeometry) {
    self.init(
      channels: geometry.inChannels, in_height: geometry.inHeight, in_width: geometry.inWidth,
      out_height: geometry.outHeight, out_width: geometry.outWidth, kernel: geometry.kernel,
      stride: geometry.stride, padding_top: geometry.paddingTop,
      padding_left: geometry.paddingLeft, dilation: geometry.dilation)
  }
}
