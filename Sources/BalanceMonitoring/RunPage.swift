import BalanceComparisons
import BalanceCore
import BalanceMetrics
import BalanceReports
import BalanceTraining
import Foundation

/// `report.html` of a run folder as its template sees it.
struct RunPage {
  struct Figure {
    let name: String
    let value: String
    let text: String
  }

  struct Pair {
    let name: String
    let value: String
  }

  struct Refresh {
    /// Seconds until the page is loaded again.
    let seconds: Int
    /// Milliseconds since 1970 from which on silence means that the run has been cut off.
    let overdue: Int
    let written: String
    let goOn: String
  }

  let title: String
  let summary: String
  let headline: String
  let progress: String
  let percent: String
  let figures: [Figure]
  let command: [String]
  let refresh: [Refresh]
  let charts: [CurveChart]
  let waiting: [String]
  let worst: [CourseTable]
  let classes: [CourseTable]
  let folded: [CourseTable]
  let classNote: [String]
  let chosen: [RunDescription.ChosenSetting]
  let settings: [Pair]
  let notes: [String]
  let footer: String
  let style = ReportStyle.text + "\n" + RunStyle.text
  let script = ReportScript.text + "\n" + RunScript.text

  init(_ report: RunReport) {
    let run = report.run
    title = run.name
    summary = Self.summary(run)
    headline = Self.headline(report)
    progress = Self.progress(report)
    percent = Markup.position(
      report.totalSteps == 0 || !report.isUnderWay && Self.isFinished(report)
        ? 100 : 100 * Double(report.stepsDone) / Double(report.totalSteps))
    figures = Self.figures(report)
    command = Self.command(report)
    refresh = Self.refresh(report)
    charts = Self.charts(report)
    waiting = charts.isEmpty ? ["Curves appear after the first epoch."] : []
    var test: Evaluation?
    if case .finished(_, let evaluation) = report.state { test = evaluation }
    let tables = CourseTable.tables(
      counts: run.trainingCounts, course: report.course, validation: report.validation, test: test)
    worst = tables.worst.map { [$0] } ?? []
    folded = tables.worst == nil ? [] : tables.all.map { [$0] } ?? []
    classes = tables.worst == nil ? tables.all.map { [$0] } ?? [] : []
    classNote =
      tables.all != nil
      ? []
      : [
        run.validationImages == 0
          ? "The split has no validation images: classes are judged on the test images at the end."
          : "Classes appear after the first epoch."
      ]
    chosen = run.chosen
    settings = Self.settings(report)
    notes = report.notes
    footer =
      "Written by balance \(run.machine.versions["balance"] ?? "") on "
      + "\(Self.moment(report.written)) UTC."
  }

  /// - Throws: `BalanceError` (`software`) if a template of this program is malformed.
  func render() throws(BalanceError) -> String {
    try PageTemplate.render(
      self,
      templates: [
        "page": Self.page, "chart": CurveChart.template, "classes": CourseTable.template,
      ])
  }

  private static let page = """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width,initial-scale=1">
    {{#refresh}}<noscript><meta http-equiv="refresh" content="{{seconds}}"></noscript>{{/refresh}}
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
    style-src 'unsafe-inline'; script-src 'unsafe-inline'">
    <title>{{title}}</title><style>{{{style}}}</style></head>\
    <body{{#refresh}} data-refresh="{{seconds}}" data-overdue="{{overdue}}"{{/refresh}}>
    <a class="skip" href="#main">Skip to the content</a>
    <header><h1>{{title}}</h1><p class="muted">{{summary}}</p></header>
    <main id="main">
    <section class="gap" aria-labelledby="state-h"><h2 id="state-h">{{headline}}</h2>
    <div class="done" aria-hidden="true"><i style="width:{{percent}}%"></i></div>
    <p>{{progress}}</p>{{#command}}<p>Go on with <code>{{.}}</code></p>{{/command}}
    {{#refresh}}<p id="overdue" hidden>Nothing new since {{written}} UTC. If the run was cut off, go \
    on with <code>{{goOn}}</code></p>{{/refresh}}
    <div class="pair">{{#figures}}<p class="figure"><span>{{name}}</span>\
    <span class="big">{{value}}</span><small>{{text}}</small></p>{{/figures}}</div></section>
    <section aria-labelledby="curves-h"><h2 id="curves-h">Epoch by epoch</h2>
    {{#waiting}}<p>{{.}}</p>{{/waiting}}
    <div class="curves">{{#charts}}{{>chart}}{{/charts}}</div></section>
    <section aria-labelledby="classes-h"><h2 id="classes-h">Classes</h2>
    {{#classNote}}<p>{{.}}</p>{{/classNote}}{{#worst}}{{>classes}}{{/worst}}\
    {{#classes}}{{>classes}}{{/classes}}{{#folded}}<details id="all"><summary>All {{count}} classes\
    </summary>{{>classes}}</details>{{/folded}}</section>
    <section aria-labelledby="run-h"><h2 id="run-h">What runs here</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Settings that were chosen">\
    <table class="chosen"><caption>Settings that are not the usual ones</caption><thead><tr>\
    <th scope="col">Setting</th><th scope="col">Value</th><th scope="col">Usual</th></tr></thead>\
    <tbody>{{#chosen}}<tr><th scope="row">{{name}}</th><td>{{value}}</td><td>{{usual}}</td></tr>\
    {{/chosen}}{{^chosen}}<tr><td colspan="3">none</td></tr>{{/chosen}}</tbody></table></div>
    {{#notes}}<p class="note">{{.}}</p>{{/notes}}
    <details id="settings"><summary>All settings, and the machine</summary><dl>{{#settings}}\
    <dt>{{name}}</dt><dd>{{value}}</dd>{{/settings}}</dl></details></section>
    </main><footer><p>{{footer}}</p></footer>
    <script>{{{script}}}</script></body></html>

    """
}
