/// What a file says of its pixels, as they are stored: not yet turned upright.
struct StoredShape {
  let width: Int
  let height: Int
  /// 1 for grey, 3 for colour; alpha does not count.
  let channels: Int
  /// Bits a value as it is decoded: 8 or 16.
  var depth = 8
  /// EXIF orientation, 1...8.
  var orientation = 1

  /// Values of the image.
  var count: Int { width * height * channels }
}
