extension PixelImage {
  /// The image as it is to be seen, from pixels stored in an EXIF orientation:
  /// 1 as stored, 2 mirrored, 3 turned by 180°, 4 upside down and mirrored, 5 transposed,
  /// 6 to be turned by 90° clockwise, 7 transposed across the other diagonal,
  /// 8 to be turned by 90° counterclockwise. From 5 on width and height change places.
  ///
  /// Source: CIPA DC-008 (Exif 2.32), tag 274.
  ///
  /// - Precondition: `orientation` in 1...8.
  public func upright(orientation: Int) -> PixelImage {
    precondition((1...8).contains(orientation), "EXIF orientation \(orientation)")
    if orientation == 1 { return self }
    let transposed = orientation >= 5
    return PixelImage(
      width: transposed ? height : width, height: transposed ? width : height, channels: channels,
      pixels: Self.upright(
        pixels, width: width, height: height, channels: channels, orientation: orientation))
  }

  /// The same of values of any type, `[height, width, channels]` as stored.
  static func upright<Value>(
    _ pixels: [Value], width: Int, height: Int, channels: Int, orientation: Int
  ) -> [Value] {
    if orientation == 1 { return pixels }
    let transposed = orientation >= 5
    let outWidth = transposed ? height : width
    let outHeight = transposed ? width : height
    // Of the stored image: which of its axes run backwards as the output's run forwards.
    let mirroredX = [2, 3, 7, 8].contains(orientation)
    let mirroredY = [3, 4, 6, 7].contains(orientation)
    let stepX = (mirroredX ? -1 : 1) * channels
    let stepY = (mirroredY ? -1 : 1) * width * channels
    let origin =
      (mirroredX ? width - 1 : 0) * channels + (mirroredY ? height - 1 : 0) * width * channels
    var result = pixels
    var next = 0
    for y in 0..<outHeight {
      var from = origin + y * (transposed ? stepX : stepY)
      let step = transposed ? stepY : stepX
      for _ in 0..<outWidth {
        for channel in 0..<channels { result[next + channel] = pixels[from + channel] }
        next += channels
        from += step
      }
    }
    return result
  }
}
