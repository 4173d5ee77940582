/// What a pickle holds: a value, and the tables that its containers, storages and tensors are
/// numbers into.
struct Pickle: Sendable {
  var root = PickleValue.none
  /// Lists and tuples.
  var sequences: [[PickleValue]] = []
  var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
  var storages: [TorchStorage] = []
  var tensors: [TorchTensor] = []

  /// What is wrong with a pickle.
  struct Fault: Error {
    let what: String
    var remedy = "fetch or export the weights again"
  }
}
