import BalanceCore
import BalanceImages
import BalanceLoading
import Foundation
import Testing

/// Against what `tools/goldens/rotation.py` printed.
struct RotationTests {
  private struct Goldens: Decodable {
    struct Case: Decodable {
      let height: Int
      let width: Int
      let channels: Int
      let degrees: Double
      let values: [Double]
    }
    let cases: [Case]
  }

  private func turned(_ pixels: [UInt8], _ shape: ImageShape, by angle: Double) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: shape.count) { target, count in
      pixels.withUnsafeBufferPointer {
        Rotation.turn(
          PixelView(pixels: $0, shape: shape), by: angle,
          into: UnsafeMutableBufferPointer(rebasing: target[..<shape.count]))
      }
      count = shape.count
    }
  }

  @Test func turnedImagesAreScipys() throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Goldens/rotation.json")
    let goldens = try CanonicalJSON.decode(Goldens.self, from: Data(contentsOf: url))
    #expect(goldens.cases.count == 7)
    for golden in goldens.cases {
      let shape = ImageShape(
        height: golden.height, width: golden.width, channels: golden.channels)
      var pixels: [UInt8] = []
      for y in 0..<shape.height {
        for x in 0..<shape.width {
          for c in 0..<shape.channels {
            pixels.append(UInt8((y * 29 + x * 17 + c * 101 + x * y * (c + 1)) % 251))
          }
        }
      }
      let ours = turned(pixels, shape, by: golden.degrees)
      try #require(ours.count == golden.values.count)
      for (value, expected) in zip(ours, golden.values) {
        // Rounded once to whole values, after positions of 16 bits behind the point, which move a
        // value by at most 2 · 255 · 2^-16.
        #expect(abs(Double(value) - expected) <= 0.5 + 0.01, "\(golden.degrees) degrees")
      }
    }
  }

  @Test(arguments: [-180, -90, 0, 90, 180, 360] as [Double])
  func quarterTurnsMovePixels(_ angle: Double) {
    let shape = ImageShape(height: 5, width: 5, channels: 3)
    let pixels = noise(width: 5, height: 5, channels: 3, seed: 4, index: 0).pixels
    var expected = pixels
    for _ in 0..<(Int(angle) / 90 + 4) % 4 {
      // The right column becomes the top row.
      let before = expected
      for y in 0..<5 {
        for x in 0..<5 {
          for c in 0..<3 { expected[(y * 5 + x) * 3 + c] = before[(x * 5 + 4 - y) * 3 + c] }
        }
      }
    }
    #expect(turned(pixels, shape, by: angle) == expected)
  }

  @Test func anglesAreUniform() {
    let rotation = Rotation(degrees: 20)
    let draws = 100_000
    var cells = [Int](repeating: 0, count: 40)
    for draw in 0..<draws {
      var generator = KeyedGenerator(
        seed: KeyedGenerator.seed(1, for: "rotate"), .augmentation, 0, draw)
      let angle = rotation.angle(&generator)
      #expect(abs(angle) <= 20)
      cells[min(39, Int(angle + 20))] += 1
    }
    // Chi-squared over 40 cells: above 90 with a probability of 1e-5.
    let expected = Double(draws) / 40
    let statistic = cells.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) }
    #expect(statistic / expected < 90)
  }
}
