import BalanceCore
import BalanceSampling
import Testing

@Suite struct PlanAuditTableTests {
  private func audit(_ names: [String]) throws -> PlanAudit {
    let labels = [0, 0, 0, 0, 0, 0, 0, 1, 1, 1]
    let plan = try EpochPlanner(
      SamplingSchedule(constant: .oversample, epochs: 3), labels: labels, classCount: names.count,
      seed: 0
    ).plan(epoch: 2, length: .natural)
    return PlanAudit(plan: plan, labels: labels, classNames: names)
  }

  @Test func showsEveryFigureAligned() throws {
    #expect(
      try audit(["nevus", "melanoma", "scar"]).table() == """
        sampling oversample, seed 0, epoch 2

        class    images draws expected   share distinct coverage mean most
        ------------------------------------------------------------------
        nevus         7     7   50.0 %  50.0 %        7  100.0 % 1.00    1
        melanoma      3     7   50.0 %  50.0 %        3  100.0 % 2.33    3
        scar          0     0    0.0 %   0.0 %        0    0.0 % 0.00    0
        ------------------------------------------------------------------
        all          10    14  100.0 % 100.0 %       10  100.0 % 1.40    3

        mean, most: draws of an image that is drawn at all
        no images, never drawn: scar

        """)
  }

  @Test func longAndWildNamesStayInTheirColumn() throws {
    let text = try audit([String(repeating: "é", count: 90), "red\u{1B}[31m\nline"]).table()
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(!text.contains("\u{1B}"))
    #expect(text.contains("ééé…"))
    #expect(text.contains("red\\u{1B}[31m\\nline"))
  }
}
