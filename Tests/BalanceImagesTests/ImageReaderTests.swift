import BalanceCore
import BalanceImages
import Foundation
import Testing

/// Images in files, and in parts of larger ones.
struct ImageReaderTests {
  private func withFile<T>(_ data: Data, _ body: (String) throws -> T) throws -> T {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("balance-reader-\(UUID().uuidString)")
    try data.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try body(file.path)
  }

  private func pixels(_ reader: ImageReader, _ location: ImageLocation) throws -> [UInt8] {
    try reader.image(at: location, channels: 3, range: .full).pixels
  }

  /// As in a tar: blocks of 512 bytes, something before and behind.
  @Test func imagesInsideALargerFileAreRead() throws {
    var container = Data(repeating: 7, count: 512)
    var places: [(Range<Int>, Goldens.File)] = []
    for golden in Goldens.images {
      places.append((container.count..<container.count + golden.file.count, golden))
      container.append(golden.file)
      container.append(Data(count: 1024 - container.count % 512))
    }
    try withFile(container) { file throws in
      let reader = ImageReader()
      for (range, golden) in places + places.reversed() {
        let location = ImageLocation(file: file, range: range)
        #expect(try pixels(reader, location).elementsEqual(golden.rgb), "\(golden.name)")
        #expect(
          try PixelImage(at: location, channels: 1).pixels.elementsEqual(golden.gray),
          "\(golden.name)")
      }
      // A byte less is a truncated file, whatever lies behind it.
      let (range, _) = places[0]
      let short = ImageLocation(file: file, range: range.dropLast())
      let error = #expect(throws: BalanceError.self) { try pixels(reader, short) }
      #expect(error?.place == "\(file) (\(range.dropLast()))" && error?.code == .data)
      let beyond = ImageLocation(file: file, range: 512..<container.count + 1)
      let outside = #expect(throws: BalanceError.self) { try pixels(reader, beyond) }
      #expect(outside?.what == "the file ends at byte \(container.count)")
    }
  }

  @Test func theSameMemoryServesFilesOfAnySize() throws {
    var generator = KeyedGenerator(seed: 1, .test)
    let noise = PixelImage(
      width: 300, height: 200, channels: 3,
      pixels: (0..<180_000).map { _ in UInt8(generator.below(256)) })
    let large = try PNGEncoder.encode(noise)
    let small = try Goldens.file("jpeg 4:4:4")
    #expect(large.count > 1 << 17)
    try withFile(large) { large throws in
      try withFile(small.file) { file throws in
        let reader = ImageReader()
        for _ in 0..<2 {
          #expect(try pixels(reader, ImageLocation(file: large)) == noise.pixels)
          #expect(try pixels(reader, ImageLocation(file: file)).elementsEqual(small.rgb))
        }
      }
    }
  }

  @Test func whatIsNoImageIsNotReadToItsEnd() throws {
    try withFile(Data(repeating: 0x41, count: 1 << 20)) { file throws in
      #expect(try ImageReader().bytes(at: ImageLocation(file: file)).count == 1 << 16)
    }
  }

  @Test func hugeFilesAreNotRead() throws {
    try withFile(Goldens.file("png RGB").file) { file throws in
      truncate(file, (1 << 30) + 1)
      let reader = ImageReader()
      let error = #expect(throws: BalanceError.self) {
        try reader.bytes(at: ImageLocation(file: file))
      }
      #expect(error?.what == "is larger than 1 GiB" && error?.code == .data)
      // What counts is the part that is asked for.
      #expect(try reader.bytes(at: ImageLocation(file: file, range: 0..<90)).count == 90)
    }
  }

  /// What a shell hands over, as `<(cat photo.jpg)` makes it.
  @Test func aStreamIsReadToItsEnd() throws {
    let golden = try Goldens.file("jpeg 4:2:0")
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    defer { close(ends[0]) }
    let written = golden.file.withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) }
    close(ends[1])
    #expect(written == golden.file.count)
    let stream = ImageLocation(file: "/dev/fd/\(ends[0])")
    #expect(try pixels(ImageReader(), stream).elementsEqual(golden.rgb))
  }

  @Test func onlyRegularFilesAreOpened() throws {
    let folder = FileManager.default.temporaryDirectory
    let pipe = folder.appendingPathComponent("balance-pipe-\(UUID().uuidString)").path
    #expect(mkfifo(pipe, 0o600) == 0)
    defer { unlink(pipe) }
    for (path, what) in [
      (pipe, "is a pipe, expected a file"), (folder.path, "is a folder, expected a file"),
      (pipe + "-not", "there is no such file"),
    ] {
      let error = #expect(throws: BalanceError.self) {
        try ImageReader().bytes(at: ImageLocation(file: path))
      }
      #expect(error?.what == what && error?.place == path && error?.code == .noInput)
    }
  }
}
