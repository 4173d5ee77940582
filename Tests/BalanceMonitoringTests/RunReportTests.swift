import BalanceCore
import BalanceMetrics
import BalanceMonitoring
import BalanceTraining
import Foundation
import Testing

/// Reports of every kind of run.
enum Samples {
  static let names = [
    "training", "finished", "stopped", "beginning", "no-validation", "many", "hostile",
  ]

  static let hostile = [
    "<script>alert(1)</script>", "a&b\"", "\"\u{301} onmouseover='alert(2)'",
    "A very long name of a class, as labels of several columns joined with one another have it",
  ]

  static func classes(_ name: String) -> [String] {
    switch name {
    case "many": (0..<1000).map { "Genus species \($0)" }
    case "hostile": hostile
    default: ["nv", "mel", "bkl", "bcc", "akiec", "vasc", "df"]
    }
  }

  /// Epochs whose scores rise and wobble, the rarer classes' more slowly.
  static func f1(_ epoch: Int, _ c: Int, of count: Int) -> Double {
    let rarity = Double(c) / Double(count)
    let rise = 1 - exp(-Double(epoch) / (4 + 20 * rarity))
    return max(0, min(1, rise * (0.95 - 0.6 * rarity) + 0.04 * sin(Double(epoch * (c + 2)))))
  }

  static func report(_ name: String) throws -> RunReport {
    let classes = classes(name)
    let counts = classes.indices.map { max(3, Int(3000 / pow(Double($0 + 1), 1.2))) }
    let epochs = name == "many" ? 300 : 30
    let done = ["finished", "many"].contains(name) ? epochs : name == "beginning" ? 0 : 12
    let description = Made.description(
      URL(fileURLWithPath: "runs/\(name)"), classes: classes, counts: counts,
      settings: ["loss": "balanced-softmax", "epochs": "\(epochs)", "lr": "0.1", "seed": "0"],
      chosen: [
        .init(name: "model", value: "resnet32", usual: "cnn"),
        .init(name: "loss", value: "balanced-softmax", usual: "cross-entropy"),
      ], validation: name == "no-validation" ? 0 : 2 * classes.count)
    let log = try rows(epochs: epochs, done: done, hasValidation: name != "no-validation")
    guard case .runBegan(let began) = Made.began(epochs: epochs, steps: epochs * 40) else {
      throw CancellationError()
    }
    var course = ClassCourse(classNames: classes)
    if name != "no-validation" {
      for epoch in 0..<done {
        course.add(
          epoch + 1, f1: classes.indices.map { f1(epoch + 1, $0, of: classes.count) })
      }
    }
    var report = RunReport(
      description, began, rows: log, course: course,
      written: Date(timeIntervalSince1970: 1_800_000_000))
    report.stepsDone = done * 40
    let evaluation = Made.evaluation(classes, found: classes.count * 2 / 3, counts: counts)
    if name != "no-validation", done > 0 { report.validation = evaluation }
    switch name {
    case "finished", "many": report.state = .finished(record(description), evaluation)
    case "stopped":
      report.state = .stopped(
        reason: "the run was asked to stop", goOn: "balance train --resume runs/stopped")
    case "beginning": break
    default: report.state = .training(secondsLeft: 754)
    }
    return report
  }

  static func rows(epochs: Int, done: Int, hasValidation: Bool) throws -> [TrainingHistory.Row] {
    var csv = "epoch\n"
    for epoch in 1..<(done + 1) {
      let x = Double(epoch) / Double(epochs)
      let loss = 2 * exp(-3 * x) + 0.1
      let validation =
        hasValidation ? "\(loss + 0.1 + 0.5 * x * x),\(0.95 - 0.6 * exp(-6 * x)),\(0.8 * x)" : ",,"
      csv += "\(epoch),\(epoch * 40),\(loss),\(0.05 * (1 + cos(Double.pi * x))),\(validation),"
      csv += "\(epoch * 63)\n"
    }
    return try TrainingHistory.rows(csv: Data(csv.utf8), path: "history.csv")
  }

  static func record(_ run: RunDescription) -> RunRecord {
    RunRecord(
      name: run.name, strategy: "none", loss: "balanced-softmax", lossFingerprint: "…",
      model: "resnet32", seed: 0, settings: run.settings, trainingCounts: run.trainingCounts,
      optimizerSteps: 1200, imagesDrawn: 1200, drawsPerClass: [], distinctPerClass: [],
      seconds: 1890, finished: Date(timeIntervalSince1970: 1_800_000_000), splitHash: run.splitHash,
      allowedLeaks: [], machine: run.machine)
  }
}

@Suite struct RunReportTests {
  /// Set `BALANCE_SAMPLES` to a folder to keep the pages and look at them.
  @Test("a page needs nothing else, is whole and not large", arguments: Samples.names)
  func page(name: String) throws {
    let html = try Samples.report(name).html()
    if let kept = ProcessInfo.processInfo.environment["BALANCE_SAMPLES"] {
      try Data(html.utf8).write(
        to: URL(fileURLWithPath: kept).appendingPathComponent("run-\(name).html"))
    }
    #expect(html.hasSuffix("</body></html>\n"))
    #expect(html.utf8.count < (name == "many" ? 800_000 : 60_000))
    for wanted in ["http://", "https://", "//cdn", "@import", "url(", " src=", "<link", "fetch("] {
      #expect(!html.contains(wanted), "\(wanted)")
    }
    #expect(html.contains("default-src 'none'"))
    #expect(html.components(separatedBy: "<h1").count == 2)
    let isUnderWay = !["finished", "many", "stopped"].contains(name)
    #expect(html.contains("http-equiv=\"refresh\"") == isUnderWay)
    #expect(html.contains("<body data-refresh=") == isUnderWay)
    #expect(!html.contains("nan") && !html.contains("inf\""))
  }

  @Test("names from data are escaped")
  func escaping() throws {
    let html = try Samples.report("hostile").html()
    #expect(html.components(separatedBy: "<script").count == 2)
    #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(html.contains("a&amp;b&quot;"))
    let wild = Array("\"\u{301} onmouseover".unicodeScalars)
    let scalars = Array(html.unicodeScalars)
    let found = scalars.indices.dropLast(wild.count).contains {
      Array(scalars[$0..<$0 + wild.count]) == wild
    }
    #expect(!found)
  }

  /// What is between two marks, for each time the first one comes.
  private func between(_ html: String, _ start: String, _ end: String) -> [String] {
    html.components(separatedBy: start).dropFirst().compactMap {
      $0.components(separatedBy: end).first
    }
  }

  @Test("classes come worst first, with their counts and figures")
  func order() throws {
    let report = try Samples.report("training")
    let rows = between(try report.html(), "<tr role=\"row\"><th scope=\"row\"", "</tr>")
    let f1 = try #require(report.course.epochs.last?.f1)
    let expected = f1.indices.sorted { f1[$0] < f1[$1] }.map { report.run.trainingCounts.names[$0] }
    #expect(rows.compactMap { between($0, "role=\"rowheader\">", "</th>").first } == expected)
    #expect(expected.first == "df")
    #expect(rows[0].contains("data-v=\"\(f1[6])\""))
    #expect(rows[0].contains("<small>"))
    #expect(rows.last?.contains(">3,000</td>") == true)
  }

  @Test("a finished run is judged by its test images, accuracy beside macro F1")
  func finished() throws {
    let html = try Samples.report("finished").html()
    #expect(html.contains("<h2 id=\"state-h\">Finished</h2>"))
    // Four of seven classes of two images each are found, all the others are taken for the first.
    #expect(html.contains("<span class=\"big\">57.1\u{A0}%</span>"))
    #expect(html.contains("<span class=\"big\">0.486</span>"))
    #expect(html.contains("data-label=\"F1, test\" data-v=\"1.0\">1.000</td>"))
    #expect(!html.contains("left."))
  }

  @Test("a run under way says how far it is; a stopped one how to go on")
  func states() throws {
    let training = try Samples.report("training").html()
    #expect(training.contains("Epoch 12 of 30 is done, 13 min left."))
    #expect(training.contains("<i style=\"width:40.00%\">"))
    let stopped = try Samples.report("stopped").html()
    #expect(
      stopped.contains("Epoch 12 of 30 is done, step 480 of 1,200: the run was asked to stop."))
    #expect(stopped.contains("Go on with <code>balance train --resume runs/stopped</code>"))
    let beginning = try Samples.report("beginning").html()
    #expect(beginning.contains("Curves appear after the first epoch."))
    #expect(!beginning.contains("<polyline"))
    let blind = try Samples.report("no-validation").html()
    #expect(blind.contains("no validation images"))
    #expect(blind.components(separatedBy: "<figure class=\"curve\">").count == 3)
  }

  @Test("curves are where the figures are")
  func curves() throws {
    let report = try Samples.report("training")
    let points = try #require(
      between(try report.html(), "<polyline class=\"a\" points=\"", "\"").first
    )
    .split(separator: " ").map { $0.split(separator: ",").compactMap { Double($0) } }
    #expect(points.count == 12)
    let across = (0..<12).map { (1000 * Double($0) / 29).rounded() / 10 }
    #expect(points.map { $0[0] } == across)
    // Linear in the training loss, falling: y goes down the page.
    let losses = report.rows.map(\.trainingLoss)
    let scale = (points[11][1] - points[0][1]) / (losses[0] - losses[11])
    for (point, loss) in zip(points, losses) {
      #expect(abs(point[1] - points[0][1] - scale * (losses[0] - loss)) < 0.11)
    }
    #expect(scale > 0)
  }

  @Test("a loss that is high at first does not flatten the rest, and is said")
  func cut() throws {
    var report = try Samples.report("finished")
    #expect(try !report.html().contains("above the chart"))
    let wild = report.rows.map { row in
      "\(row.epoch),\(row.steps),\(row.epoch == 1 ? 33 : row.trainingLoss),0.1,,,,1\n"
    }
    report.rows = try TrainingHistory.rows(
      csv: Data(("epoch\n" + wild.joined()).utf8), path: "history.csv")
    let html = try report.html()
    #expect(html.contains("at first above the chart, up to 33.000"))
    let points = try #require(between(html, "<polyline class=\"a\" points=\"", "\"").first)
    let heights = points.split(separator: " ").compactMap { Double($0.split(separator: ",")[1]) }
    #expect(heights.count == 30 && heights[0] == 0 && heights[29] > 80)
  }

  @Test("a thousand classes: the worst in sight, the others folded, all with their course")
  func many() throws {
    let html = try Samples.report("many").html()
    let parts = html.components(separatedBy: "<details id=\"all\">")
    #expect(parts.count == 2)
    #expect(parts[0].components(separatedBy: "<svg class=\"spark\"").count == 21)
    #expect(parts[1].components(separatedBy: "<svg class=\"spark\"").count == 1001)
    #expect(parts[1].contains("data-filter=\"classes\""))
  }
}

@Suite struct RunReportWriterTests {
  private func text(_ folder: URL) throws -> String {
    try String(
      contentsOf: folder.appendingPathComponent(RunReportWriter.fileName), encoding: .utf8)
  }

  @Test("the page is there from the beginning, and follows the run")
  func follows() throws {
    try withFolder { folder in
      let writer = RunReportWriter(Made.description(folder), warn: { Issue.record("\($0)") })
      writer.observe(Made.began(epochs: 3, steps: 6))
      #expect(try text(folder).contains("Epoch 0 of 3 is done."))
      writer.observe(.note("a note <b>"))
      for epoch in 0..<3 {
        writer.observe(Made.epochBegan(epoch))
        for step in 0..<2 { writer.observe(Made.step(2 * epoch + step, epoch: epoch)) }
        writer.observe(
          Made.epochEnded(epoch, validation: Made.evaluation(found: epoch + 1)))
      }
      writer.observe(.runEnded(.init(steps: 6, seconds: 3)))
      let page = try text(folder)
      #expect(page.contains("Epoch 3 of 3 is done."))
      #expect(page.contains("a note &lt;b&gt;"))
      #expect(page.contains("the test images are being classified"))
      let course = ClassCourse(reading: folder, classNames: ["cat", "dog", "owl"])
      #expect(course.epochs.map(\.epoch) == [1, 2, 3])
      #expect(course.epochs[1].f1[1] == 1 && course.epochs[0].f1[1] == 0)
    }
  }

  /// As after a kill that came before the first history was written.
  @Test("a resumed run without its earlier history has a report")
  func resumedWithoutHistory() throws {
    try withFolder { folder in
      let writer = RunReportWriter(Made.description(folder), warn: { Issue.record("\($0)") })
      writer.observe(Made.began(epochs: 4, steps: 8, from: 5))
      writer.observe(Made.epochEnded(2))
      let page = try String(
        contentsOf: folder.appendingPathComponent(RunReportWriter.fileName), encoding: .utf8)
      #expect(page.contains("</html>"))
    }
  }

  @Test("a resumed run has the epochs behind it, and not what it does again")
  func resumed() throws {
    try withFolder { folder in
      let rows = try Samples.rows(epochs: 4, done: 3, hasValidation: true)
      try Data(TrainingHistory(rows: rows).csv.utf8)
        .write(to: folder.appendingPathComponent("history.csv"))
      var course = ClassCourse(classNames: ["cat", "dog", "owl"])
      for epoch in 1...3 { course.add(epoch, f1: [0.25, 0.5, 0.75]) }
      try Data(course.csv.utf8).write(to: folder.appendingPathComponent(ClassCourse.fileName))

      let writer = RunReportWriter(Made.description(folder), warn: { Issue.record("\($0)") })
      writer.observe(Made.began(epochs: 4, steps: 160, from: 85))
      #expect(try text(folder).contains("Epoch 2 of 4 is done."))
      writer.observe(Made.epochBegan(2))
      writer.observe(Made.step(119, epoch: 2))
      writer.observe(Made.epochEnded(2, validation: Made.evaluation(found: 3)))
      try writer.observe(Made.stopped(after: 120, of: 160))
      let page = try text(folder)
      #expect(page.contains("Epoch 3 of 4 is done, step 120 of 160: the run was asked to stop."))
      #expect(page.contains("balance train --resume"))
      let after = ClassCourse(reading: folder, classNames: ["cat", "dog", "owl"])
      #expect(after.epochs.map(\.f1) == [[0.25, 0.5, 0.75], [0.25, 0.5, 0.75], [1, 1, 1]])
    }
  }

  @Test("a run that failed says why, and not that it can go on")
  func failed() throws {
    try withFolder { folder in
      let writer = RunReportWriter(
        Made.description(folder), warn: { Issue.record("\($0)") })
      writer.observe(Made.began(epochs: 1, steps: 10))
      try writer.observe(Made.stopped(after: 3, of: 10, resumable: false))
      #expect(try !text(folder).contains("--resume"))
      #expect(try text(folder).contains("step 3 of 10: the run was asked to stop"))
    }
  }

  @Test("a page that cannot be written stops nothing, and is said once")
  func unwritable() throws {
    try withFolder { folder in
      var warnings: [String] = []
      let missing = folder.appendingPathComponent("missing")
      let writer = RunReportWriter(Made.description(missing), warn: { warnings.append($0) })
      writer.observe(Made.began(epochs: 1, steps: 10))
      writer.observe(.runEnded(.init(steps: 10, seconds: 1)))
      try #require(warnings.count == 1)
      #expect(warnings[0].contains(missing.path))
    }
  }

  @Test("figures that are no numbers, or beyond all bounds, are drawn somewhere")
  func nonFinite() throws {
    var report = try Samples.report("training")
    report.rows = try TrainingHistory.rows(
      csv: Data(
        """
        epoch,steps,training loss,learning rate,validation loss,validation accuracy,F1,seconds
        1,40,1e+20,1e+300,nan,nan,nan,1e+300
        2,80,1e+20,1e-300,inf,0.5,0.5,nan

        """.utf8), path: "history.csv")
    var course = ClassCourse(classNames: Samples.classes("training"))
    course.add(1, f1: course.classNames.map { _ in .nan })
    course.add(2, f1: course.classNames.map { _ in .infinity })
    report.course = course
    for left in [Double.nan, .infinity, 1e300] {
      report.state = .training(secondsLeft: left)
      #expect(try report.html().contains("Training"))
    }
  }

  @Test("rows of epochs that no run has are refused", arguments: ["-1", "9223372036854775807"])
  func impossibleEpochs(epoch: String) {
    let csv = "epoch,steps,a,b,c,d,e,f\n\(epoch),1,1,1,,,,1\n1,\(epoch),1,1,,,,1\n"
    #expect(throws: BalanceError.self) {
      try TrainingHistory.rows(csv: Data(csv.utf8), path: "history.csv")
    }
  }
}
