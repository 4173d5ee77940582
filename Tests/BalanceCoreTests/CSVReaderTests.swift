import BalanceCore
import Foundation
import Testing

/// Every case is read with a chunk of 4 bytes, so that each boundary falls everywhere, and whole.
@Suite struct CSVReaderTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("balance-csv-\(UUID().uuidString)")
    try AtomicFile.makeFolder(folder)
  }

  private func url(_ name: String) -> URL { folder.appendingPathComponent(name) }

  private func write(_ text: String, _ name: String) throws { try write(Data(text.utf8), name) }

  private func write(_ data: Data, _ name: String) throws { try data.write(to: url(name)) }

  private func message(_ body: () throws -> Void) -> String {
    do { try body() } catch { return "\(error)" }
    return ""
  }

  static let cases: [(name: String, text: String, records: [[String]])] = [
    ("plain", "a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
    ("no end of line at the end", "a,b\n1,2", [["a", "b"], ["1", "2"]]),
    ("CR LF", "a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
    ("CR", "a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
    ("quoted", "\"a\",\"b\"\n\"1\",\"2\"", [["a", "b"], ["1", "2"]]),
    ("doubled quotes", "\"a\"\"b\",\"\"\"\"\n", [["a\"b", "\""]]),
    ("line breaks in quotes", "\"a\nb\r\nc\",d\n", [["a\nb\r\nc", "d"]]),
    ("delimiter in quotes", "\"a,b\",c\n", [["a,b", "c"]]),
    ("byte order mark", "\u{FEFF}a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
    ("empty fields", "a,,c\n,,\n\"\",\"\",\n", [["a", "", "c"], ["", "", ""], ["", "", ""]]),
    ("empty last field at the end", "a,b\n1,", [["a", "b"], ["1", ""]]),
    ("spaces belong to fields", " a , b\n", [[" a ", " b"]]),
    ("a quote inside", "5\" nail,b\n", [["5\" nail", "b"]]),
    ("ragged", "a,b\n1\n1,2,3\n", [["a", "b"], ["1"], ["1", "2", "3"]]),
    ("blank lines", "a,b\n\n\r\n1,2\n\n", [["a", "b"], ["1", "2"]]),
    ("beyond ASCII", "naïve,日本\n", [["naïve", "日本"]]),
    ("nothing", "", []),
  ]

  @Test(arguments: cases, [4, 1 << 20])
  func reads(_ example: (name: String, text: String, records: [[String]]), chunk: Int) throws {
    try write(example.text, "t.csv")
    var reader = try CSVReader(url("t.csv"), delimiter: .comma, chunkSize: chunk)
    var records: [[String]] = []
    while try reader.next() {
      records.append((0..<reader.fieldCount).map { reader.field($0) ?? "?" })
    }
    #expect(records == example.records, "\(example.name)")
  }

  @Test(arguments: cases)
  func readsWhatIsInMemory(_ example: (name: String, text: String, records: [[String]])) throws {
    var reader = try CSVReader(Data(example.text.utf8), name: "t.csv")
    var records: [[String]] = []
    while let fields = try reader.nextFields() { records.append(fields) }
    #expect(records == example.records, "\(example.name)")
  }

  @Test func whatIsWrittenReadsBack() throws {
    let records = [
      ["a,b", "say \"c\"", "two\nlines", " blank ", "é 🌊", "", "e\u{301}", "\r"], ["", ""],
      ["\u{301}x", "\"", ",", "'=1"],
    ]
    #expect(
      CSVText.line(records[0]).hasPrefix("\"a,b\",\"say \"\"c\"\"\",\"two\nlines\",\" blank \","))
    var reader = try CSVReader(Data(records.map(CSVText.line).joined().utf8), name: "t.csv")
    for record in records {
      let fields = try #require(try reader.nextFields())
      #expect(fields.map { Array($0.utf8) } == record.map { Array($0.utf8) })
    }
    #expect(try reader.nextFields() == nil)
  }

  /// A file of one endless record, in quotes that are never closed, of one field, of empty fields.
  @Test(arguments: ["\"", "", ","])
  func aRecordWithoutEndIsRefused(beginning: String) throws {
    let filling = beginning == "," ? "," : "x"
    try write(
      "a,b\n" + beginning + String(repeating: filling, count: CSVReader.largestRecord + 2), "t.csv")
    var reader = try CSVReader(url("t.csv"), name: "t.csv")
    _ = try reader.next()
    let error: BalanceError?
    do throws(BalanceError) {
      _ = try reader.next()
      error = nil
    } catch let thrown {
      error = thrown
    }
    #expect(error?.what == "a record is larger than 16 MiB")
    #expect(error?.place == "t.csv:2")
  }

  @Test func saysTheLineWhereARecordStarts() throws {
    try write("a,b\n\"x\ny\",1\n\nz,2\n", "t.csv")
    var reader = try CSVReader(url("t.csv"))
    var lines: [Int] = []
    while try reader.next() { lines.append(reader.line) }
    #expect(lines == [1, 2, 5])
  }

  @Test(arguments: [
    ("a,b\n1,\"2\n3", "t.csv:2: a quoted field is never closed"),
    ("a\n\"1\" 2\n", "t.csv:2: text follows the closing quote of field 1"),
  ])
  func refuses(_ text: String, _ expected: String) throws {
    try write(text, "t.csv")
    let error = message {
      var reader = try CSVReader(url("t.csv"), name: "t.csv")
      while try reader.next() {}
    }
    #expect(error.hasPrefix(expected), "\(error)")
  }

  @Test func refusesOtherEncodings() throws {
    try write(Data([0xFF, 0xFE, 0x61, 0]), "t.csv")
    #expect(message { _ = try CSVReader(url("t.csv")) }.contains("UTF-16"))
    try write(Data([0x61, 0x2C, 0xE9, 0x0A]), "latin.csv")
    var reader = try CSVReader(url("latin.csv"))
    #expect(try reader.next())
    #expect(reader.field(0) == "a")
    #expect(reader.field(1) == nil)
    #expect(
      message {
        var reader = try CSVReader(Data([0x61, 0x0A, 0xE9]), name: "t.csv")
        while try reader.nextFields() != nil {}
      }.hasPrefix("t.csv:2: is not UTF-8"))
  }

  @Test(arguments: [("t.tsv", "a\tb,c"), ("t.csv", "a;b"), ("t.csv", "a\tb"), ("t.csv", "a,b;c,d")])
  func findsTheDelimiter(_ name: String, _ header: String) throws {
    try write(header + "\n", name)
    var reader = try CSVReader(url(name))
    #expect(try reader.next())
    #expect(reader.fieldCount == (header.contains("c,d") ? 3 : 2))
  }
}
