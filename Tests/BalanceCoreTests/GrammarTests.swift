import BalanceCore
import Testing

/// What every form of a grammar does, on a type that has one of each kind.
@Suite struct GrammarTests {
  enum Sample: Spelled {
    case off
    case bounded(Double)
    case times(Int, [Int])
    case stage(Int)

    static let grammar = Grammar<Sample>(
      "sample",
      [
        SpelledForm("off", "nothing", is: .off),
        SpelledForm(
          "bounded", "a bound", naming: .bare,
          SpelledOption.number("BOUND", .between(0, 1), usual: 0.5).alwaysWritten,
          make: { .bounded($0) }, take: { if case .bounded(let x) = $0 { x } else { nil } }),
        SpelledForm(
          "times", "times", .whole("COUNT", from: 1, to: 9, example: "3"), list,
          make: { .times($0, $1) },
          take: { if case .times(let n, let list) = $0 { (n, list) } else { nil } }),
        SpelledForm(
          "stage", "a stage", naming: .glued, .whole("NUMBER", from: 1, example: "2"),
          make: { .stage($0) }, take: { if case .stage(let n) = $0 { n } else { nil } }),
      ])

    static let list = SpelledOption<[Int]>(
      "N,N…", "whole numbers", usual: [], example: "1,2",
      read: { $0.isEmpty ? nil : $0.split(separator: ",").map { Int($0) ?? -1 } },
      write: { $0.map(String.init).joined(separator: ",") })
  }

  @Test(arguments: [
    ("off", Sample.off, "off"), ("0.25", .bounded(0.25), "bounded:0.25"),
    ("bounded", .bounded(0.5), "bounded:0.5"), ("times:3", .times(3, []), "times:3"),
    ("times:3:4,5", .times(3, [4, 5]), "times:3:4,5"), ("stage7", .stage(7), "stage7"),
    ("stage:7", .stage(7), "stage7"),
  ])
  func whatIsReadIsWritten(text: String, value: Sample, written: String) throws {
    #expect(try Sample(parsing: text) == value)
    #expect(value.description == written)
    #expect(try Sample(parsing: written) == value)
    let json = try CanonicalJSON.encode([value])
    #expect(String(decoding: json, as: UTF8.self).contains("\"\(written)\""))
    #expect(try CanonicalJSON.decode([Sample].self, from: json) == [value])
  }

  @Test(arguments: [
    ("of", "unknown sample 'of': did you mean 'off'?; there are: off, bounded, times, stage2"),
    ("", "unknown sample ''; there are: off, bounded, times, stage2"),
    ("off:1", "the sample 'off' has no option '1'; write off"),
    (
      "1",
      "bound of the sample 'bounded' is '1'; expected a number between 0 and 1, "
        + "as in bounded:0.5"
    ),
    ("bounded:nan", "bound of the sample 'bounded' is 'nan'"),
    ("times", "the sample 'times' needs COUNT; write times:COUNT[:N,N…], as in times:3"),
    ("times:10", "expected a whole number from 1 to 9, as in times:3"),
    ("times:2:", "n,n… of the sample 'times' is ''; expected whole numbers, as in times:2:1,2"),
    ("times:2:3:4", "has no option '4'; write times:COUNT[:N,N…]"),
    ("stage0", "number of the sample 'stage' is '0'"),
    ("stage", "number of the sample 'stage' is ''; expected a whole number from 1, as in stage2"),
  ])
  func whatIsWrongIsNamed(text: String, words: String) {
    let error = #expect(throws: BalanceError.self) { try Sample(parsing: text) }
    #expect(error?.code == .usage)
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func usageSaysAll() {
    #expect(
      Sample.grammar.usage == "off, bounded[:BOUND], times:COUNT[:N,N…] or stageNUMBER")
    let norm = SpelledForm<Double>(
      "norm", "a bound", naming: .bare, .number("BOUND", .above(0), example: "1"),
      make: { $0 }, take: { $0 })
    #expect(norm.usage == "[norm:]BOUND")
  }
}
