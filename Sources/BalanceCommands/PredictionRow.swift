import BalanceCore
import Foundation

/// What `balance predict` says of one file.
struct PredictionRow: Encodable {
  let image: String
  /// Nil where the file is no image that can be read.
  let predicted: String?
  /// By class; nil like `predicted`.
  let probabilities: [String: Float]?
  let error: String?

  init(_ path: String, _ outcome: Result<[Float], BalanceError>, classNames: [String]) {
    image = path
    switch outcome {
    case .success(let values):
      var best = 0
      for c in values.indices where values[c] > values[best] { best = c }
      predicted = classNames[best]
      probabilities = Dictionary(
        zip(classNames, values), uniquingKeysWith: { first, _ in first })
      error = nil
    case .failure(let failure):
      predicted = nil
      probabilities = nil
      error = failure.description
    }
  }

  private init(
    image: String, predicted: String?, probabilities: [String: Float]?, error: String?
  ) {
    self.image = image
    self.predicted = predicted
    self.probabilities = probabilities
    self.error = error
  }

  /// The probability of the predicted class; 0 where there is none.
  var confidence: Float { predicted.flatMap { probabilities?[$0] } ?? 0 }

  /// The row with the `count` likeliest classes only; with all where `count` is nil.
  func keeping(_ count: Int?) -> PredictionRow {
    guard let count, let probabilities else { return self }
    let kept = Self.ordered(probabilities).prefix(count)
    return PredictionRow(
      image: image, predicted: predicted,
      probabilities: Dictionary(kept, uniquingKeysWith: { first, _ in first }), error: error)
  }

  private static func ordered(_ probabilities: [String: Float]) -> [(String, Float)] {
    probabilities.map { ($0.key, $0.value) }.sorted { (-$0.1, $0.0) < (-$1.1, $1.0) }
  }

  static func json(_ rows: [PredictionRow]) throws -> String {
    String(decoding: try CanonicalJSON.encode(rows), as: UTF8.self)
  }

  /// RFC 4180 with LF: `image,predicted,error,p:CLASS…`, or with `topK` the columns
  /// `class1,p1,class2,p2…`, the likeliest first.
  static func csv(_ rows: [PredictionRow], _ classNames: [String], topK: Int? = nil) -> String {
    if let topK { return csv(rows, ranks: min(topK, classNames.count)) }
    var text =
      (["image", "predicted", "error"] + classNames.map { "p:\($0)" })
      .map(field).joined(separator: ",") + "\n"
    for row in rows {
      let probabilities = classNames.map { name in
        row.probabilities?[name].map { "\($0)" } ?? ""
      }
      text +=
        ([row.image, row.predicted ?? "", row.error ?? ""].map(field) + probabilities)
        .joined(separator: ",") + "\n"
    }
    return text
  }

  private static func csv(_ rows: [PredictionRow], ranks: Int) -> String {
    let header =
      ["image", "predicted", "error"] + (1...ranks).flatMap { ["class\($0)", "p\($0)"] }
    var text = header.joined(separator: ",") + "\n"
    for row in rows {
      var fields = [row.image, row.predicted ?? "", row.error ?? ""]
      let best = ordered(row.probabilities ?? [:])
      for rank in 0..<ranks {
        fields += rank < best.count ? [best[rank].0, "\(best[rank].1)"] : ["", ""]
      }
      text += fields.map(field).joined(separator: ",") + "\n"
    }
    return text
  }

  private static func field(_ text: String) -> String {
    let needsQuotes = text.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
    return needsQuotes
      ? "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : text
  }
}
