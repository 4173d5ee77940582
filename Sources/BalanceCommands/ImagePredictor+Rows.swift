import BalanceCore
import Foundation
import Training

extension ImagePredictor {
  /// A row for one file, whether it can be classified or not.
  func predict(path: String) throws -> PredictionRow {
    do throws(BalanceError) {
      let probabilities = try probabilities(of: URL(fileURLWithPath: path))
      var best = 0
      for c in probabilities.indices where probabilities[c] > probabilities[best] { best = c }
      return PredictionRow(
        image: path, predicted: classNames[best],
        probabilities: Dictionary(
          zip(classNames, probabilities), uniquingKeysWith: { first, _ in first }),
        error: nil)
    } catch {
      // A fault of the program is no fault of the file.
      if error.code == .software { throw error }
      return PredictionRow(
        image: path, predicted: nil, probabilities: nil, error: error.description)
    }
  }
}
