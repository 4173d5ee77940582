import BalanceCore

/// One piece of long work and how far it is, in words.
struct ProgressTask: Sendable {
  /// Lines of at most so many columns for a moment, in place of the usual one.
  typealias View = @Sendable (_ moment: Double, _ columns: Int) -> [String]

  let title: String
  /// Units in all, or nil if unknown.
  let total: Int?
  let unit: String
  /// Seconds, on the clock of whoever asks.
  let started: Double
  var done = 0
  var view: View?

  /// `Training  42 %  1,218 of 2,900 steps  81/s  0:21 left`.
  func line(at moment: Double) -> String {
    let seconds = moment - started
    let rate = seconds > 0 ? Double(done) / seconds : 0
    var parts = [title]
    if let total, total > 0 {
      parts.append("\(min(100, 100 * done / total)) %")
      parts.append("\(NumberText.grouped(done)) of \(NumberText.grouped(total)) \(unit)")
    } else {
      parts.append("\(NumberText.grouped(done)) \(unit)")
    }
    if done > 0, rate > 0 {
      parts.append("\(Self.rounded(rate))/s")
      if let total, total > done {
        parts.append(Self.clock(Double(total - done) / rate) + " left")
      }
    }
    return parts.joined(separator: "  ")
  }

  /// `Training: 2,900 steps in 0:36 (81/s)`.
  func summary(after seconds: Double) -> String {
    let rate = seconds > 0 ? Double(done) / seconds : 0
    return "\(title): \(NumberText.grouped(done)) \(unit) in \(Self.clock(seconds))"
      + " (\(Self.rounded(rate))/s)"
  }

  /// Seconds as `m:ss` or `h:mm:ss`.
  static func clock(_ seconds: Double) -> String {
    let whole = Int(saturating: seconds.rounded())
    let pad = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
    return whole < 3600
      ? "\(whole / 60):\(pad(whole % 60))"
      : "\(whole / 3600):\(pad(whole / 60 % 60)):\(pad(whole % 60))"
  }

  private static func rounded(_ rate: Double) -> String {
    rate >= 10
      ? NumberText.grouped(Int(saturating: rate.rounded())) : "\((rate * 10).rounded() / 10)"
  }
}
