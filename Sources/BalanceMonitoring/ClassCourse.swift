import BalanceCore
import BalanceTraining
package import Foundation

/// The F1 of each class on the validation images, epoch by epoch: `validation-f1.csv` of a run
/// folder.
package struct ClassCourse: Hashable, Sendable {
  package static let fileName = RunFolder.Companion.course.rawValue

  package struct Epoch: Hashable, Sendable {
    /// From 1.
    package let epoch: Int
    /// In the order of the classes.
    package let f1: [Double]
  }

  package let classNames: [String]
  package private(set) var epochs: [Epoch] = []

  package init(classNames: [String]) { self.classNames = classNames }

  /// - Parameter epoch: from 1; later ones that are there already are replaced.
  package mutating func add(_ epoch: Int, f1: [Double]) {
    epochs.removeAll { $0.epoch >= epoch }
    epochs.append(Epoch(epoch: epoch, f1: f1))
  }

  /// Leaves the first epochs only.
  package mutating func cut(after epoch: Int) { epochs.removeAll { $0.epoch > epoch } }

  /// Header and one line an epoch, F1 with four decimals.
  package var csv: String {
    var text = CSVText.line(["epoch"] + classNames)
    for epoch in epochs {
      text += "\(epoch.epoch)"
      for value in epoch.f1 { text += "," + Self.decimals(value) }
      text += "\n"
    }
    return text
  }

  /// Four decimals of a number from 0 to 1, many times faster than a format.
  private static func decimals(_ value: Double) -> String {
    guard value >= 0, value < 1 else { return value == 1 ? "1.0000" : "nan" }
    let digits = String(10_000 + Int(saturating: (value * 10_000).rounded()))
    return (digits.first == "2" ? "1." : "0.") + digits.dropFirst()
  }

  /// What a file says of these classes; empty where there is none or it is of other classes, since
  /// a run goes on without it.
  package init(reading folder: URL, classNames: [String]) {
    self.classNames = classNames
    let url = folder.appendingPathComponent(Self.fileName)
    guard let data = try? RegularFile.read(url) else { return }
    var lines: [[String]] = []
    do throws(BalanceError) {
      var reader = try CSVReader(data, name: url.path)
      while let fields = try reader.nextFields() { lines.append(fields) }
    } catch { return }
    guard lines.first == ["epoch"] + classNames else { return }
    for line in lines.dropFirst() {
      let f1 = line.dropFirst().compactMap(Double.init)
      guard let epoch = Int(line[0]), f1.count == classNames.count else { return }
      epochs.append(Epoch(epoch: epoch, f1: f1))
    }
  }
}
