import BalanceCore
import Foundation
import Testing

@Suite struct ShellTextTests {
  @Test(arguments: ["runs/plain", "a b", "it's", "", "$HOME", "a\nb", "ü", "*", "'", "--out=x"])
  func aShellReadsTheWordBack(text: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "printf %s \(ShellText.word(text))"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(String(decoding: output, as: UTF8.self) == text)
  }
}
