import BalanceCore
import BalanceMetrics
import BalanceMonitoring
import BalanceTensorBoardFormat
import BalanceTraining
import Foundation
import SwiftProtobuf
import Testing

@Suite struct TensorBoardLogTests {
  /// CRC-32C bit by bit, as the definition has it.
  private static func naiveChecksum(_ bytes: Data) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = (crc >> 1) ^ (0x82F6_3B78 & (0 &- (crc & 1))) }
    }
    let value = crc ^ 0xFFFF_FFFF
    return ((value >> 15) | (value << 17)) &+ 0xA282_EAD8
  }

  /// The events of a file, with every checksum checked.
  private static func events(_ url: URL) throws -> [TensorBoardEvent] {
    var data = try Data(contentsOf: url)
    func take(_ count: Int) throws -> Data {
      try #require(data.count >= count)
      defer { data = Data(data.dropFirst(count)) }
      return Data(data.prefix(count))
    }
    func number(_ data: Data) -> UInt64 { data.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    var events: [TensorBoardEvent] = []
    while !data.isEmpty {
      let length = try take(8)
      #expect(try number(take(4)) == UInt64(naiveChecksum(length)))
      let event = try take(Int(number(length)))
      #expect(try number(take(4)) == UInt64(naiveChecksum(event)))
      events.append(try TensorBoardEvent(serializedBytes: event))
    }
    return events
  }

  /// (step, value) by tag.
  private static func scalars(_ events: [TensorBoardEvent]) -> [String: [Int64: Float]] {
    var scalars: [String: [Int64: Float]] = [:]
    for event in events {
      for value in event.summary.value {
        if case .simpleValue(let number)? = value.value {
          scalars[value.tag, default: [:]][event.step] = number
        }
      }
    }
    return scalars
  }

  private func log(_ folder: URL, _ events: [TrainingEvent], at start: Double = 1_000_000_000)
    throws
  {
    var moment = start
    let log = TensorBoardLog(
      Made.description(folder, settings: ["data": "a|b\n<i>\u{202E}[x](y)"]),
      warn: { Issue.record("\($0)") },
      now: {
        moment += 1
        return Date(timeIntervalSince1970: moment)
      })
    for event in events { log.observe(event) }
  }

  @Test("values of steps, epochs and classes are under their tags at the steps done")
  func values() throws {
    try withFolder { folder in
      let evaluation = Made.evaluation(found: 2)
      try log(
        folder,
        [
          Made.began(epochs: 2, steps: 4), Made.epochBegan(0), Made.step(0, epoch: 0, loss: 3),
          Made.step(1, epoch: 0, loss: 2, rate: 0.05),
          Made.epochEnded(0, loss: 2.5, rate: 0.05, validation: evaluation),
          Made.epochBegan(1), Made.step(2, epoch: 1, loss: 1.5), Made.step(3, epoch: 1, loss: 1),
          Made.epochEnded(1, loss: 1.25), .runEnded(.init(steps: 4, seconds: 1)),
        ])
      let files = EventFile.files(in: folder)
      try #require(files.count == 1)
      let events = try Self.events(files[0])
      #expect(events[0].fileVersion == "brain.Event:2")
      #expect(events[0].wallTime == 1_000_000_001)
      #expect(events[1].sessionLog.status == .start && events[1].step == 1)
      let scalars = Self.scalars(events)
      #expect(scalars["training/loss"] == [1: 3, 2: 2, 3: 1.5, 4: 1])
      #expect(scalars["training/learning rate"]?[2] == 0.05)
      // Ten images, and a second between any two events.
      #expect(scalars["training/images per second"]?[1] == 10)
      #expect(scalars["epoch/training loss"] == [2: 2.5, 4: 1.25])
      #expect(scalars["validation/accuracy"] == [2: Float(4.0 / 6)])
      #expect(scalars["validation/macro F1"] == [2: Float(evaluation.macro.f1)])
      #expect(scalars["validation/loss"] == [2: Float(evaluation.negativeLogLikelihood)])
      #expect(scalars["F1/dog"] == [2: 1] && scalars["F1/owl"] == [2: 0])
      let text = try #require(events.flatMap(\.summary.value).first { $0.tag == "settings" })
      #expect(text.metadata.pluginData.pluginName == "text")
      let table = String(decoding: text.tensor.stringVal[0], as: UTF8.self)
      #expect(table.contains("| model | cnn |\n"))
      // Names mean nothing in Markdown, and stay in their cell.
      #expect(table.contains("| data | a\\|b\\\\n&lt;i&gt;\\\\u{202E}\\[x\\](y) |\n"))
      #expect(table.contains("| loss fingerprint | cross-entropy |\n"))
    }
  }

  @Test("a resumed run writes another file, which begins with a session start")
  func resumed() throws {
    try withFolder { folder in
      try log(
        folder,
        [
          Made.began(epochs: 1, steps: 4), Made.epochBegan(0), Made.step(0, epoch: 0),
          Made.step(1, epoch: 0), Made.step(2, epoch: 0, loss: 9),
        ])
      // By a clock that has been set back.
      try log(
        folder,
        [
          Made.began(epochs: 1, steps: 4, from: 2), Made.epochBegan(0),
          Made.step(2, epoch: 0, loss: 5), Made.step(3, epoch: 0),
        ], at: 999_999_000)
      let files = EventFile.files(in: folder)
      try #require(files.count == 2)
      #expect(files[1].lastPathComponent == "events.out.tfevents.1000000002.balance")
      let second = try Self.events(files[1])
      #expect(second[1].sessionLog.status == .start && second[1].step == 3)
      #expect(Self.scalars(second)["training/loss"] == [3: 5, 4: 1])
      #expect(second.flatMap(\.summary.value).allSatisfy { $0.tag != "settings" })
      #expect(TensorBoardLog.isFound(in: folder))
    }
  }

  @Test(
    "a file whose number none can follow is named in the warning",
    arguments: ["9223372036854775807", "9223372036854775808", "9999999999", "18446744073709551616"])
  func lastNumber(number: String) throws {
    try withFolder { folder in
      let name = "events.out.tfevents.\(number).other"
      try Data().write(to: folder.appendingPathComponent(name))
      var warnings: [String] = []
      let log = TensorBoardLog(Made.description(folder), warn: { warnings.append($0) })
      for event in [Made.began(epochs: 1, steps: 2), Made.epochBegan(0), Made.step(0, epoch: 0)] {
        log.observe(event)
      }
      try #require(warnings.count == 1)
      #expect(warnings[0].contains(name))
      #expect(EventFile.files(in: folder).count == 1)
    }
  }

  @Test("many classes over many epochs stay a small file, with the last epoch in it")
  func manyClasses() throws {
    try withFolder { folder in
      let classes = (0..<1000).map { "class \($0)" }
      let evaluation = Made.evaluation(classes, found: 500)
      var events = [Made.began(epochs: 120, steps: 120)]
      for epoch in 0..<120 {
        events += [
          Made.epochBegan(epoch), Made.step(epoch, epoch: epoch),
          Made.epochEnded(epoch, validation: evaluation),
        ]
      }
      try log(folder, events)
      let file = try #require(EventFile.files(in: folder).first)
      let f1 = try #require(Self.scalars(try Self.events(file))["F1/class 7"])
      #expect(f1.count == 61 && f1[120] == 1 && f1[1] == 1 && f1[2] == nil)
      #expect(try Data(contentsOf: file).count < 2_500_000)
    }
  }

  @Test("where nothing can be written the run goes on, and it is said once")
  func unwritable() throws {
    try withFolder { folder in
      let missing = folder.appendingPathComponent("missing")
      var warnings: [String] = []
      let log = TensorBoardLog(Made.description(missing), warn: { warnings.append($0) })
      for event in [Made.began(epochs: 1, steps: 2), Made.epochBegan(0), Made.step(0, epoch: 0)] {
        log.observe(event)
      }
      try #require(warnings.count == 1)
      #expect(warnings[0].contains(missing.path))
    }
  }
}
