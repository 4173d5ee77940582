import Testing

@Suite struct RootCommandTests {
  @Test func versionIsPrinted() throws {
    let result = try BalanceBinary.run("--version")
    #expect(result.code == 0)
    #expect(result.out == "0.1.0\n")
    #expect(result.error.isEmpty)
  }

  @Test func unknownOptionIsAUsageError() throws {
    let result = try BalanceBinary.run("--verison")
    #expect(result.code == 64)
    #expect(result.out.isEmpty)
    #expect(result.error.hasPrefix("Error: Unknown option '--verison'"))
  }
}
