import BalanceNetworks
import BalanceONNXFormat

extension ONNXGraphWriter {
  /// f(x) of every value.
  mutating func activation(
    _ kind: Operation.Activation, _ input: String, name: String
  ) -> String {
    switch kind {
    case .relu: return node("Relu", [input], name: name)
    case .relu6:
      let low = constant(0, name: name + "/low")
      let high = constant(6, name: name + "/high")
      return node("Clip", [input, low, high], name: name)
    case .silu:
      let gate = node("Sigmoid", [input], name: name + "/gate")
      return node("Mul", [input, gate], name: name)
    case .hardSwish: return node("HardSwish", [input], name: name)
    case .sigmoid: return node("Sigmoid", [input], name: name)
    case .hardSigmoid:
      return node(
        "HardSigmoid", [input], name: name, ONNXAttribute("alpha", 1.0 / 6),
        ONNXAttribute("beta", 0.5))
    }
  }

  /// Rows divided by their lengths, or by `floor`, a value's name, where they are shorter.
  mutating func directions(_ rows: String, floor: String, name: String) -> String {
    let lengths = node(
      "ReduceL2", [rows], name: name + "/lengths", ONNXAttribute("axes", [1]),
      ONNXAttribute("keepdims", 1))
    let divisors = node("Max", [lengths, floor], name: name + "/divisors")
    return node("Div", [rows, divisors], name: name)
  }
}
