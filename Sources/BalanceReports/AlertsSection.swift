import BalanceComparisons

/// Alerts: what may invalidate the comparison is before everything else, notes further down.
struct AlertsSection {
  struct Message {
    let level: String
    let word: String
    let title: String
    let detail: String
  }

  let hasAlerts: Bool
  let alerts: [Message]
  let hasNotes: Bool
  let notes: [Message]

  init(_ comparison: Comparison) {
    func messages(_ levels: [Comparison.Alert.Level]) -> [Message] {
      comparison.alerts.filter { levels.contains($0.level) }.map {
        Message(
          level: $0.level.rawValue, word: Self.word($0.level), title: $0.title, detail: $0.detail)
      }
    }
    alerts = messages([.invalidating, .warning])
    notes = messages([.note])
    hasAlerts = !alerts.isEmpty
    hasNotes = !notes.isEmpty
  }

  static func word(_ level: Comparison.Alert.Level) -> String {
    switch level {
    case .invalidating: "Do not rank"
    case .warning: "Warning"
    case .note: "Note"
    }
  }

  static let top = """
    {{#hasAlerts}}<section class="alerts" aria-label="Alerts"><ul>{{#alerts}}<li class="{{level}}">\
    <b>{{word}}: {{title}}.</b> {{detail}}</li>{{/alerts}}</ul></section>{{/hasAlerts}}
    """

  static let bottom = """
    {{#hasNotes}}<ul class="notes">{{#notes}}<li><b>{{title}}.</b> {{detail}}</li>{{/notes}}</ul>\
    {{/hasNotes}}
    """
}
