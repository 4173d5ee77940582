import BalanceCore
import Foundation
import Testing

@Suite struct ShellTextTests {
  @Test(arguments: [
    "runs/plain", "a b", "it's", "it'\u{301}s", "", "$HOME", "a\nb", "ü", "*", "'", "--out=x",
    "50%\u{1B}[31m\\it's\u{202E}ü",
  ])
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
    #expect(Printable.line(ShellText.word(text)) == ShellText.word(text))
  }
}
