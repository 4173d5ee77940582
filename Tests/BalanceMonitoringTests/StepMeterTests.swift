import BalanceMonitoring
import BalanceTraining
import Testing

@Suite struct StepMeterTests {
  /// Readings of a whole run whose steps take `seconds` each.
  private func readings(
    epochs: Int, stepsPerEpoch: Int, seconds: Double = 0.5, leastSeconds: Double = 0,
    loss: (Int) -> Double = { Double($0) }
  ) -> [StepMeter.Reading] {
    var meter = StepMeter(
      epochs: epochs, totalSteps: epochs * stepsPerEpoch, at: 0, leastSeconds: leastSeconds)
    var moment = 0.0
    var readings: [StepMeter.Reading] = []
    for epoch in 0..<epochs {
      // Something else than steps takes time between epochs.
      moment += 100
      meter.restart(at: moment)
      for index in 0..<stepsPerEpoch {
        moment += seconds
        let step = epoch * stepsPerEpoch + index
        let event = TrainingEvent.StepEnded(
          step: step, epoch: epoch, count: 10, loss: loss(step), learningRate: 0.1)
        if let reading = meter.add(event, at: moment) { readings.append(reading) }
      }
    }
    return readings
  }

  @Test(
    "short runs keep every step, long ones a thousand readings, never less than one an epoch",
    arguments: [(3, 7, 21), (10, 1000, 1000), (7, 100_000, 994), (2000, 5, 2000), (1, 1, 1)])
  func count(epochs: Int, stepsPerEpoch: Int, expected: Int) {
    let readings = readings(epochs: epochs, stepsPerEpoch: stepsPerEpoch)
    #expect(readings.count == expected)
    #expect(readings.last?.steps == epochs * stepsPerEpoch)
  }

  @Test("a reading is the mean of its images and its own time only")
  func mean() {
    let all = readings(epochs: 500, stepsPerEpoch: 6)
    // Two readings an epoch, of three steps each.
    #expect(all.count == 1000)
    #expect(all[0].loss == 1)
    #expect(all[1].loss == 4)
    #expect(all[2].loss == 7)
    #expect(all.allSatisfy { $0.imagesPerSecond == 20 })
    #expect(all[2].epoch == 1)
  }

  @Test("readings that follow too soon are left out, across an epoch's end too")
  func leastSeconds() {
    #expect(readings(epochs: 4, stepsPerEpoch: 10, seconds: 0.05, leastSeconds: 1).isEmpty)
    let slow = readings(epochs: 2, stepsPerEpoch: 10, seconds: 0.25, leastSeconds: 1)
    #expect(slow.map(\.steps) == [4, 8, 14, 18])
    #expect(slow.map(\.loss) == [1.5, 5.5, 11.5, 15.5])
  }
}
