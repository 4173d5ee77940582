import BalanceImages
import Testing

struct ResizeTests {
  @Test func goldensAreThere() { #expect(Goldens.resizes.count == 8) }

  @Test(arguments: Goldens.resizes)
  func equalsPillow(_ golden: Goldens.Resize) {
    let image = pattern(width: golden.width, height: golden.height, channels: golden.channels)
    let resized = image.resized(width: golden.toWidth, height: golden.toHeight)
    #expect(resized.width == golden.toWidth)
    #expect(resized.height == golden.toHeight)
    #expect(distance(resized.pixels, golden.pixels) == 0)
  }

  @Test func sameSizeIsTheSameImage() {
    let image = pattern(width: 11, height: 6, channels: 3)
    #expect(image.resized(width: 11, height: 6) == image)
  }

  @Test(arguments: [1, 3], [(1, 1), (4, 9), (90, 70), (3, 200)])
  func flatImagesStayFlat(_ channels: Int, _ size: (Int, Int)) {
    for value: UInt8 in [0, 1, 254, 255] {
      let image = PixelImage(
        width: 37, height: 21, channels: channels,
        pixels: [UInt8](repeating: value, count: 37 * 21 * channels))
      let resized = image.resized(width: size.0, height: size.1)
      #expect(resized.pixels.allSatisfy { $0 == value })
    }
  }
}
