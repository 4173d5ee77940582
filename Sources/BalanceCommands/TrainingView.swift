import BalanceCore
package import BalanceMonitoring
import Foundation

/// A run as two lines for a terminal: how training goes, and what the latest validation said.
package struct TrainingView: Sendable {
  private let status: TrainingStatus

  package init(_ status: TrainingStatus) { self.status = status }

  /// - Parameters:
  ///   - moment: in seconds, on the clock of the status.
  ///   - columns: that a line may take; what does not fit is left out, the less important first.
  package func lines(at moment: Double, columns: Int) -> [String] {
    [training(at: moment, columns: columns)] + (validation(columns: columns).map { [$0] } ?? [])
  }

  /// `epoch 12/30 42 %  loss 0.4321  lr 0.0213  1,002 images/s  12:21 left`.
  private func training(at moment: Double, columns: Int) -> String {
    var parts = [
      ("epoch \(status.epoch + 1)/\(status.epochs) \(Int(saturating: 100 * status.share)) %", 0)
    ]
    if let loss = status.loss { parts.append(("loss \(NumberText.fixed(loss, digits: 4))", 1)) }
    if let rate = status.learningRate { parts.append(("lr \(Self.short(rate))", 4)) }
    if let speed = status.imagesPerSecond {
      let rounded =
        speed >= 10
        ? NumberText.grouped(Int(saturating: speed.rounded())) : NumberText.fixed(speed, digits: 1)
      parts.append(("\(rounded) images/s", 3))
    }
    if let left = status.secondsLeft(at: moment) {
      parts.append(("\(ProgressTask.clock(left)) left", 2))
    }
    func line() -> String { parts.map(\.0).joined(separator: "  ") }
    while parts.count > 1, TextTable.width(line()) > columns,
      let last = parts.indices.max(by: { parts[$0].1 < parts[$1].1 })
    {
      parts.remove(at: last)
    }
    return line()
  }

  /// `macro F1 0.713  accuracy 0.903  worst: owl 0.21, lynx 0.30, newt 0.33`; nil before the first
  /// validation.
  private func validation(columns: Int) -> String? {
    guard let validation = status.validation else { return nil }
    let macroF1 = "macro F1 \(NumberText.fixed(validation.macroF1))"
    let long = macroF1 + "  accuracy \(NumberText.fixed(validation.accuracy))"
    for beginning in [long, macroF1] {
      let line = beginning + "  worst: " + Self.list(validation.worst, widest: .max)
      if TextTable.width(line) <= columns { return line }
    }
    // Names share what is left when everything else has its place.
    let beginning = macroF1 + "  worst: "
    let bare = validation.worst.map { TrainingStatus.Class(name: "", f1: $0.f1) }
    let room = columns - TextTable.width(beginning + Self.list(bare, widest: .max))
    var widest = max(3, room / max(1, bare.count))
    // What short names do not need goes to the longer ones.
    while TextTable.width(beginning + Self.list(validation.worst, widest: widest + 1)) <= columns {
      widest += 1
    }
    return beginning + Self.list(validation.worst, widest: widest)
  }

  /// `owl 0.21, lynx 0.30`, names at most so wide.
  static func list(_ classes: [TrainingStatus.Class], widest: Int) -> String {
    classes.map {
      let name = Printable.line($0.name)
      let cut = widest == .max ? name : TextTable.cut(name, to: widest)
      return "\(cut) \(NumberText.fixed($0.f1, digits: 2))"
    }.joined(separator: ", ")
  }

  /// Three significant digits.
  private static func short(_ rate: Double) -> String {
    rate >= 0.001 || rate == 0
      ? NumberText.fixed(rate, digits: rate < 0.1 ? 4 : 3) : String(format: "%.2e", rate)
  }
}
