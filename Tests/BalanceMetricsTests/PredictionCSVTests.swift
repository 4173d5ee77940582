import BalanceCore
import BalanceMetrics
import Foundation
import Testing

@Suite struct PredictionCSVTests {
  private func read(_ text: String) throws -> PredictionTable {
    try PredictionTable(csv: Data(text.utf8), path: "p.csv")
  }

  @Test func namesWithCommasQuotesAndLinesSurvive() throws {
    let table = PredictionTable(
      classNames: ["a,b", "say \"c\"", "two\nlines", " blank ", "é 🌊"],
      images: ["x,1.png", "\"q\".png", "line\r\nbreak.png"], groups: ["p 1", "", "p,3"],
      truth: [0, 2, 4],
      probabilities: [1, 0, 0, 0, 0, 0.1, 0.2, 0.3, 0.25, 0.15, 0.2, 0.2, 0.2, 0.2, 0.2])
    #expect(try PredictionTable(csv: table.csv, path: "p.csv") == table)
  }

  @Test func namesThatSwiftTakesForPunctuationOrForEachOtherSurvive() throws {
    // A mark that joins the colon before it; and, from older versions, one name in two forms.
    let table = PredictionTable(
      classNames: ["\u{301}x", "caf\u{E9}", "cafe\u{301}"], images: ["1", "2", "3"], groups: nil,
      truth: [0, 1, 2], probabilities: [1, 0, 0, 0, 1, 0, 0, 0, 1])
    let back = try PredictionTable(csv: table.csv, path: "p.csv")
    #expect(back.truth == [0, 1, 2] && back.predicted == [0, 1, 2])
    #expect(zip(back.classNames, table.classNames).allSatisfy { $0.hasSameBytes(as: $1) })
    let counts = ClassCounts(names: table.classNames, counts: [5, 6, 7])
    let evaluation = Evaluation(back, trainingCounts: counts)
    #expect(evaluation.classes.map(\.trainingCount) == [5, 6, 7])
  }

  @Test func anotherFormOfANameIsTheSameClass() throws {
    let text = "image,truth,predicted,p:caf\u{E9},p:b\n1,cafe\u{301},caf\u{E9} ,1,0\n2,b, b,0,1\n"
    let table = try read(text)
    #expect(table.truth == [0, 1] && table.predicted == [0, 1])
  }

  @Test func everyProbabilityReadsBackExactly() throws {
    var generator = KeyedGenerator(seed: 4, .test)
    var probabilities: [Float] = []
    for _ in 0..<500 {
      let p = Float(generator.uniform()) * 0x1p-20
      probabilities += [p, 1 - p]
    }
    probabilities += [.leastNonzeroMagnitude, 1, 0x1p-126, 1, 0, 1]
    let n = probabilities.count / 2
    let table = PredictionTable(
      classNames: ["a", "b"], images: (0..<n).map { "\($0)" }, groups: nil,
      truth: (0..<n).map { $0 % 2 }, probabilities: probabilities)
    let back = try PredictionTable(csv: table.csv, path: "p.csv")
    #expect(back.probabilities.map(\.bitPattern) == table.probabilities.map(\.bitPattern))
  }

  @Test func headerIsAsPromised() throws {
    let plain = PredictionTable(
      classNames: ["a", "b"], images: ["i"], groups: nil, truth: [1], probabilities: [0.5, 0.5])
    #expect(
      String(decoding: plain.csv, as: UTF8.self) == "image,truth,predicted,p:a,p:b\ni,b,a,0.5,0.5\n"
    )
    let grouped = PredictionTable(
      classNames: ["a"], images: ["i"], groups: ["g"], truth: [0], probabilities: [1])
    #expect(
      String(decoding: grouped.csv, as: UTF8.self)
        == "image,group,truth,predicted,p:a\ni,g,a,a,1.0\n")
  }

  @Test func marksAndOtherLineEndsAreRead() throws {
    let table = try read("\u{FEFF}image,truth,predicted,p:a,p:b\r\n\r\ni,b,a,0.5,0.5\r\n\n")
    #expect(table.truth == [1])
    #expect(try read("image,truth,predicted,p:a,p:b\ni,b,a,0.5,0.5") == table)
  }

  @Test(arguments: [
    ("", "p.csv: has no predictions"),
    ("image,truth,predicted,p:a\n", "p.csv: has no predictions"),
    ("image,truth,p:a\n", "p.csv:1: the header is not that of predictions"),
    ("image,truth,predicted\n", "p.csv:1: the header is not that of predictions"),
    ("image,truth,predicted,p:a,b\n", "p.csv:1: the header is not that of predictions"),
    ("image,truth,predicted,p:a,p:a\n", "p.csv:1: the class 'a' has two columns"),
    ("image,truth,predicted,p:a,p:b\ni,a,a,1\n", "p.csv:2: 4 fields where the header has 5"),
    (
      "image,truth,predicted,p:nevus,p:b\n\ni,nevsu,b,0,1\n",
      "p.csv:3: unknown class 'nevsu': did you mean 'nevus'?"
    ),
    ("image,truth,predicted,p:a,p:b\ni,a,a,1,x\n", "p.csv:2: the probability of 'b' is 'x'"),
    ("image,truth,predicted,p:a,p:b\ni,a,a,nan,0\n", "p.csv:2: the probability of 'a' is 'nan'"),
    ("image,truth,predicted,p:a,p:b\ni,a,a,1.5,-.5\n", "p.csv:2: the probability of 'a' is '1.5'"),
    ("image,truth,predicted,p:a,p:b\ni,a,a,0.5,0.2\n", "p.csv:2: the probabilities add up to 0.7"),
    (
      "image,truth,predicted,p:a,p:b\n\"i\nj\",a,a,1,0\nk,a,b,1,0\n",
      "p.csv:4: 'b' is predicted but 'a' is the most probable"
    ),
    ("image,truth,predicted,p:a\n\"i,a,a,1\n", "p.csv:2: a quoted field is never closed"),
    ("image,truth,predicted,p:a\n\"i\"x,a,a,1\n", "p.csv:2: text follows the closing quote"),
  ])
  func faultsNameTheirLine(text: String, expected: String) {
    let error = #expect(throws: BalanceError.self) { try read(text) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "nothing")")
    #expect(error?.code == .data)
    #expect(error?.remedy != nil)
  }

  @Test func bytesThatAreNoTextAreRefused() {
    let error = #expect(throws: BalanceError.self) {
      try PredictionTable(csv: Data([0x69, 0xFF, 0x2C, 0x0A]), path: "p.csv")
    }
    #expect(error?.description.contains("p.csv:1: is not UTF-8") == true)
  }
}
