import BalanceCore
import Foundation

/// What `balance predict` says of one file.
struct PredictionRow {
  let image: String
  /// Nil where the file is no image that can be read.
  let predicted: String?
  let error: String?
  private let classNames: [String]
  /// The probability of each class; nil like `predicted`.
  private let probabilities: [Float]?

  init(_ path: String, _ outcome: Result<[Float], BalanceError>, classNames: [String]) {
    image = path
    self.classNames = classNames
    switch outcome {
    case .success(let values):
      var best = 0
      for c in values.indices where values[c] > values[best] { best = c }
      predicted = classNames[best]
      probabilities = values
      error = nil
    case .failure(let failure):
      predicted = nil
      probabilities = nil
      error = failure.description
    }
  }

  /// The probability of the predicted class; 0 where there is none.
  var confidence: Float { probabilities?.max() ?? 0 }

  /// The classes and their probabilities: all in their order, or only as many of the likeliest,
  /// those first, and equal ones in the order of their names.
  private func classes(topK: Int?) -> [(name: String, value: Float)] {
    let all = zip(classNames, probabilities ?? []).map { (name: $0, value: $1) }
    guard let topK else { return all }
    return Array(all.sorted { (-$0.value, $0.name) < (-$1.value, $1.name) }.prefix(topK))
  }

  /// An array of objects `image`, `predicted`, `probabilities`, `error`.
  ///
  /// - Parameter topK: only as many of the likeliest classes; nil for all.
  static func json(_ rows: [PredictionRow], topK: Int? = nil) throws -> String {
    struct Row: Encodable {
      let image: String
      let predicted: String?
      let probabilities: [String: Float]?
      let error: String?
    }
    let values = rows.map { row in
      Row(
        image: row.image, predicted: row.predicted,
        // A model of an older version may have two classes that print alike: they add up.
        probabilities: row.probabilities.map { _ in
          Dictionary(row.classes(topK: topK).map { ($0.name, $0.value) }, uniquingKeysWith: +)
        }, error: row.error)
    }
    return String(decoding: try CanonicalJSON.encode(values), as: UTF8.self)
  }

  /// RFC 4180 with LF: `image,predicted,error,p:CLASS…`, or with `topK` the columns
  /// `class1,p1,class2,p2…`, the likeliest first.
  static func csv(_ rows: [PredictionRow], _ classNames: [String], topK: Int? = nil) -> String {
    let ranks = topK.map { min($0, classNames.count) }
    let columns =
      ranks.map { (1...$0).flatMap { ["class\($0)", "p\($0)"] } } ?? classNames.map { "p:\($0)" }
    var text = CSVText.line(["image", "predicted", "error"] + columns)
    for row in rows {
      var fields = [row.image, row.predicted ?? "", row.error ?? ""]
      for best in row.classes(topK: ranks) {
        fields += ranks == nil ? ["\(best.value)"] : [best.name, "\(best.value)"]
      }
      fields += repeatElement("", count: 3 + columns.count - fields.count)
      text += CSVText.line(fields)
    }
    return text
  }
}
