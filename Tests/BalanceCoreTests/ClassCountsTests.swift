import BalanceCore
import Foundation
import Testing

@Suite struct ClassCountsTests {
  @Test func whatIsWrittenIsRead() throws {
    let counts = ClassCounts(names: ["a", "b"], counts: [3, 0])
    let data = try CanonicalJSON.encode(counts)
    #expect(try CanonicalJSON.decode(ClassCounts.self, from: data) == counts)
  }

  @Test(arguments: ["[1]", "[1,2,3]", "[1,-1]", "[9223372036854775807,1]"])
  func countsThatAreNoneAreRefused(counts: String) {
    #expect(throws: DecodingError.self) {
      try CanonicalJSON.decode(
        ClassCounts.self, from: Data(#"{"names":["a","b"],"counts":\#(counts)}"#.utf8))
    }
  }
}
