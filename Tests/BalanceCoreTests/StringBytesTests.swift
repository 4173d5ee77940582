import BalanceCore
import Testing

/// What a combining mark behind a separator hides from `String`'s own functions.
@Suite struct StringBytesTests {
  @Test func prefixesAndSuffixes() {
    #expect("/\u{301}x".isAbsolutePath && "/\u{301}x".hasBytePrefix("/"))
    #expect("x/".hasByteSuffix("/") && !"x".hasByteSuffix("xx"))
    #expect("p:\u{301}a".droppingBytePrefix("p:")?.hasSameBytes(as: "\u{301}a") == true)
    #expect(!"caf\u{E9}".hasSameBytes(as: "cafe\u{301}"))
    #expect(!"caf\u{E9}s".hasBytePrefix("cafe\u{301}"))
  }

  @Test func paths() {
    #expect("../\u{301}x".pathParts.map { Array($0.utf8) } == [[46, 46], [0xCC, 0x81, 120]])
    #expect("a//b/".pathParts == ["a", "b"])
    #expect("/a".pathFolder == "" && "/a".lastPathPart == "a" && "a".pathFolder == "")
    #expect("".appendingPath("a") == "a" && "/".appendingPath("a") == "/a")
    #expect("b".appendingPath("a") == "b/a" && "b/".appendingPath("a") == "b/a")
    #expect("it's'".splitBytes(at: "'") == ["it", "s", ""])
  }

  @Test func keys() {
    let keys: Set<ByteKey> = [ByteKey("caf\u{E9}"), ByteKey("cafe\u{301}"), ByteKey("caf\u{E9}")]
    #expect(keys.count == 2)
  }
}
