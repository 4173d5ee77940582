import BalanceCore
import BalanceMetrics
import Foundation
import Testing

@Suite struct ConfusionMatrixTests {
  private static let names = ["a", "b", "c"]
  private static let counts = [5, 0, 1, 0, 0, 0, 2, 3, 4]

  @Test func cellsAreThoseOfTheCounts() {
    let matrix = ConfusionMatrix(classNames: Self.names, counts: Self.counts)
    #expect(matrix.counts == Self.counts)
    #expect(matrix.cells.map(\.count) == [5, 1, 2, 3, 4])
    for t in 0..<3 {
      for p in 0..<3 { #expect(matrix[truth: t, predicted: p] == Self.counts[3 * t + p]) }
    }
    #expect((0..<3).map(matrix.support) == [6, 0, 9])
    #expect((0..<3).map(matrix.predictedCount) == [7, 3, 5])
    #expect(matrix.total == 15 && matrix.correct == 9)
  }

  @Test func bothFormsOfJSONAreRead() throws {
    let matrix = ConfusionMatrix(classNames: Self.names, counts: Self.counts)
    let data = try CanonicalJSON.encode(matrix)
    #expect(try CanonicalJSON.decode(ConfusionMatrix.self, from: data) == matrix)
    let old = Data(#"{"classNames":["a","b","c"],"counts":[5,0,1,0,0,0,2,3,4]}"#.utf8)
    #expect(try CanonicalJSON.decode(ConfusionMatrix.self, from: old) == matrix)
  }

  @Test(arguments: [
    #""counts":[1,2,3]"#, #""counts":[1,2,3,-1]"#, #""counts":[9223372036854775807,1,0,0]"#,
    #""cells":[0,0]"#, #""cells":[0,2,1]"#, #""cells":[-1,0,1]"#, #""cells":[0,0,0]"#,
    #""cells":[0,1,1,0,0,1]"#, #""cells":[0,0,1,0,0,1]"#,
    #""cells":[0,0,9223372036854775807,1,1,1]"#,
  ])
  func cellsThatAreNoneAreRefused(cells: String) {
    #expect(throws: DecodingError.self) {
      try CanonicalJSON.decode(
        ConfusionMatrix.self, from: Data(#"{"classNames":["a","b"],\#(cells)}"#.utf8))
    }
  }

  /// Of 3,000 classes all K² cells were 82 MB.
  @Test func manyClassesStaySmall() throws {
    let k = 3000
    let truth = Array(0..<k)
    let matrix = ConfusionMatrix(
      truth: truth, predicted: truth.map { ($0 + 1) % k }, classNames: truth.map { "\($0)" })
    let data = try CanonicalJSON.encode(matrix)
    #expect(data.count < 100 * k)
    #expect(try CanonicalJSON.decode(ConfusionMatrix.self, from: data) == matrix)
  }
}
