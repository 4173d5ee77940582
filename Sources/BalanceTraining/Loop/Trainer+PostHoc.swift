import BalanceCore

extension Trainer {
  /// Does to the last layer what the configuration's `postHoc` asks for; says what, nil for
  /// nothing.
  ///
  /// - Throws: as `LastLayerCorrection`; `TrainingStopped`.
  func correct() throws -> String? {
    let note = try LastLayerCorrection(parameters, data.dataset.trainingCounts)
      .apply(configuration.remedy.postHoc) { try predict(data.dataset.validation) }
    if let note { notes.append(note) }
    return note
  }
}
