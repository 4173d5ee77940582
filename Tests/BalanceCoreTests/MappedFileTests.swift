import BalanceCore
import Foundation
import Testing

@Suite struct MappedFileTests {
  private func with<T>(_ data: Data, _ body: (URL) throws -> T) throws -> T {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("balance-mapped-\(UUID().uuidString)")
    try data.write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url)
  }

  @Test(arguments: [0, 1, 4095, 4096, 4097, 100_000])
  func holdsTheBytes(count: Int) throws {
    let data = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) })
    try with(data) { url in
      let file = try MappedFile(url)
      #expect(file.bytes.elementsEqual(data))
      #expect(file.data == data)
      try file.check()
    }
  }

  @Test(arguments: [0, 1, 4096, 10_000, 99_999])
  func aFileThatBecomesShorterReadsAsZerosAndIsAnError(length: Int) throws {
    try with(Data(repeating: 7, count: 100_000)) { url in
      let file = try MappedFile(url)
      let other = try MappedFile(url)
      truncate(url.path, off_t(length))
      #expect(file.bytes.reduce(0) { $0 + ($1 == 7 ? 1 : 0) } <= length)
      let error = #expect(throws: BalanceError.self) { try file.check() }
      #expect(error?.place == url.path)
      #expect(throws: BalanceError.self) { try other.check() }
    }
  }

  @Test func theDataKeepsTheFileMapped() throws {
    try with(Data(repeating: 7, count: 10_000)) { url in
      func data() throws -> Data { try MappedFile(url).data }
      let bytes = try data()
      #expect(bytes.allSatisfy { $0 == 7 })
    }
  }

  @Test func onlyRegularFilesAreOpened() throws {
    let folder = FileManager.default.temporaryDirectory
    #expect(throws: BalanceError.self) { try MappedFile(folder) }
    let missing = folder.appendingPathComponent("balance-nothing-\(UUID().uuidString)")
    let error = #expect(throws: BalanceError.self) { try MappedFile(missing) }
    #expect(error?.code == .noInput && error?.what == "there is no such file")
    // Nobody writes to it: waiting for its bytes would be for ever.
    mkfifo(missing.path, 0o644)
    defer { unlink(missing.path) }
    #expect(throws: BalanceError.self) { try MappedFile(missing) }
  }
}
