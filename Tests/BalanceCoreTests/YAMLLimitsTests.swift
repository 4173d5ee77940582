import BalanceCore
import Testing

@Suite struct YAMLLimitsTests {
  @Test func aFewAliasesAreRead() throws {
    try YAMLLimits.check("a: &x [1, 2]\nb: *x\nc: [*x, *x]\n", file: "f")
    // Stars inside words, in sums and in comments are no aliases.
    try YAMLLimits.check(String(repeating: "a: 2*3 4 *5 # *x\n", count: 100), file: "f")
  }

  @Test(arguments: [
    "- *x\n", "*x : 1\n", "[*x]\n", "{a: *x}\n", "? *x\n", "\"a\":*x\n", "- a,*x\n",
  ])
  func manyAliasesAreRefusedWithTheLine(line: String) {
    let error = #expect(throws: BalanceError.self) {
      try YAMLLimits.check("&x 1\n" + String(repeating: line, count: 13), file: "f.yaml")
    }
    #expect(error?.place == "f.yaml, line 14")
    #expect(error?.code == .usage)
  }

  @Test func aTextThatIsTooLongIsRefused() {
    #expect(throws: BalanceError.self) {
      try YAMLLimits.check(String(repeating: "a", count: 17 << 20), file: "f")
    }
  }
}
