import CBalanceKernels
import CBalanceOneDNN

/// The sizes of a convolution or a pooling over a batch, from which all others follow.
///
/// Output height = ⌊(H + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1, width alike.
package struct WindowGeometry: Hashable, Sendable {
  package var images: Int
  package var inChannels: Int
  package var inHeight: Int
  package var inWidth: Int
  package var outChannels: Int
  package var kernel: Int
  package var stride: Int
  package var padding: Int
  package var dilation: Int
  package var groups: Int

  package init(
    images: Int, inChannels: Int, inHeight: Int, inWidth: Int, outChannels: Int, kernel: Int,
    stride: Int, padding: Int, dilation: Int = 1, groups: Int = 1
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

  private func outSize(_ size: Int) -> Int {
    (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
  }

  var native: odn_geometry {
    // The last window may end before the padded edge; oneDNN wants the padding that is used.
    func trailing(_ size: Int, _ out: Int) -> Int64 {
      Int64((out - 1) * stride + dilation * (kernel - 1) + 1 - size - padding)
    }
    return odn_geometry(
      images: Int64(images), in_channels: Int64(inChannels), in_height: Int64(inHeight),
      in_width: Int64(inWidth), out_channels: Int64(outChannels), out_height: Int64(outHeight),
      out_width: Int64(outWidth), kernel_height: Int64(kernel), kernel_width: Int64(kernel),
      stride_height: Int64(stride), stride_width: Int64(stride), padding_top: Int64(padding),
      padding_left: Int64(padding), padding_bottom: trailing(inHeight, outHeight),
      padding_right: trailing(inWidth, outWidth), dilation_height: Int64(dilation),
      dilation_width: Int64(dilation), groups: Int64(groups))
  }
}

extension ck_window {
  init(_ geometry: WindowGeometry) {
    self.init(
      channels: geometry.inChannels, in_height: geometry.inHeight, in_width: geometry.inWidth,
      out_height: geometry.outHeight, out_width: geometry.outWidth, kernel: geometry.kernel,
      stride: geometry.stride, padding: geometry.padding, dilation: geometry.dilation)
  }
}
