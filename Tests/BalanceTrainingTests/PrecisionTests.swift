import BalanceCore
import BalanceNetworks
import BalanceTensors
import BalanceTraining
import Testing

@Suite struct PrecisionTests {
  @Test func autoIsDecidedWithAReasonAndRecorded() throws {
    try Pictures.with { pictures in
      let configuration = Pictures.configuration { $0.precision = .auto }
      let resolved = try ResolvedConfiguration(configuration, for: pictures.data())
      #expect([.f32, .bf16].contains(resolved.precision))
      let note = try #require(resolved.precisionNote)
      #expect(note.hasPrefix("precision auto is \(resolved.precision.rawValue)"))
      #expect(resolved.settled.precision.used == resolved.precision)
      let run = try pictures.training(configuration).run(
        into: RunFolderWriter(at: pictures.run("auto")), pool: ComputePool(threads: 1),
        observers: [])
      let record = try run.record()
      #expect(record.settings["precision"] == resolved.precision.rawValue)
      #expect(record.notes?.contains(note) == true)
    }
  }

  @Test func theRecordListsWhatComputesEachConvolution() throws {
    try Pictures.with { pictures in
      let configuration = Pictures.configuration { $0.convolution = .direct }
      let run = try pictures.training(configuration).run(
        into: RunFolderWriter(at: pictures.run("direct")), pool: ComputePool(threads: 1),
        observers: [])
      let listed = try #require(try run.record().convolutions)
      #expect(Set(listed.keys) == ["training", "evaluation"])
      let network = try run.model().network
      let names = network.nodes.filter {
        if case .convolution = $0.operation { true } else { false }
      }.map(\.name)
      for groups in listed.values {
        #expect(groups.map(\.algorithm) == ["oneDNN direct, f32"])
        #expect(groups.first?.layers == names && groups.first?.count == names.count)
      }
    }
  }
}
