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

  static func json(_ rows: [PredictionRow]) throws -> String {
    String(decoding: try CanonicalJSON.encode(rows), as: UTF8.self)
  }

  /// RFC 4180 with LF: `image,predicted,error,p:CLASS…`.
  static func csv(_ rows: [PredictionRow], _ classNames: [String]) -> String {
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

  private static func field(_ text: String) -> String {
    let needsQuotes = text.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
    return needsQuotes
      ? "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : text
  }
}
