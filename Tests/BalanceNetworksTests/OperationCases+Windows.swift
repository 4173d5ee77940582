import BalanceCore
import BalanceNetworks

/// Convolutions by their windows: dilation, padding, groups.
extension OperationCase {
  static let windows: [OperationCase] = [
    OperationCase("convolution with dilation", 9, 8, 3) { b, x in
      let y = b.append("a", convolution(16), x)
      return b.append("b", convolution(16, padding: 2, dilation: 2), y)
    },
    OperationCase("dilation of the first layer", 9, 9, 3) { b, x in
      b.append("a", convolution(16, padding: 3, dilation: 3, bias: true), x)
    },
    OperationCase("same padding of stride 2", 8, 8, 3) { b, x in
      let y = b.append("a", convolution(16, stride: 2, padding: .same), x)
      return b.append("b", convolution(32, kernel: 5, stride: 2, padding: .same), y)
    },
    OperationCase("same padding of an even and an odd side", 8, 9, 3) { b, x in
      let y = b.append("a", convolution(32, stride: 2, padding: .same, bias: true), x)
      return b.append("b", convolution(32, kernel: 2, padding: .same), y)
    },
    OperationCase("same padding of pixels in groups, with dilation", 7, 10, 3) { b, x in
      b.append("a", convolution(6, stride: 3, padding: .same, dilation: 2, groups: 3), x)
    },
    OperationCase("depthwise convolution with same padding", 8, 8, 3) { b, x in
      let y = b.append("a", convolution(32), x)
      let z = b.append("b", convolution(32, stride: 2, padding: .same, groups: 32), y)
      return b.append("c", convolution(32, kernel: 5, stride: 2, padding: .same, groups: 32), z)
    },
    OperationCase("depthwise same padding of an even and an odd side", 9, 10, 3) { b, x in
      let y = b.append("a", convolution(24), x)
      let z = b.append("b", convolution(24, kernel: 5, stride: 2, padding: .same, groups: 24), y)
      return b.append("c", convolution(24, kernel: 3, stride: 2, padding: .same, groups: 24), z)
    },
    OperationCase("grouped convolution", 6, 7, 3) { b, x in
      let y = b.append("a", convolution(32), x)
      return b.append("b", convolution(64, groups: 2), y)
    },
    OperationCase("groups of few channels", 6, 6, 3) { b, x in
      let y = b.append("a", convolution(12), x)
      return b.append("b", convolution(24, stride: 2, groups: 3, bias: true), y)
    },
    OperationCase("depthwise convolution", 8, 7, 3) { b, x in
      let y = b.append("a", convolution(32), x)
      let z = b.append("b", convolution(32, groups: 32), y)
      return b.append("c", convolution(32, kernel: 5, stride: 2, groups: 32, bias: true), z)
    },
    OperationCase("depthwise convolution of 24 channels", 7, 7, 3) { b, x in
      let y = b.append("a", convolution(24), x)
      let z = b.append("b", convolution(24, groups: 24), y)
      return b.append("c", convolution(24, stride: 2, groups: 24), z)
    },
    OperationCase("depthwise windows wider than the map, with dilation", 6, 5, 3) { b, x in
      let y = b.append("a", convolution(18), x)
      let z = b.append("b", convolution(18, kernel: 7, groups: 18), y)
      return b.append(
        "c", convolution(18, padding: 3, dilation: 3, groups: 18, bias: true), z)
    },
    OperationCase("depthwise convolution of pixels", 7, 7, 3) { b, x in
      b.append("a", convolution(6, groups: 3), x)
    },
  ]
}
