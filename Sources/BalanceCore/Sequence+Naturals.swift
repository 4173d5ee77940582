extension Sequence<Int> {
  /// The sum; nil where a number is negative or the sum is beyond `Int`, as it may be in a file.
  package var sumOfNaturals: Int? {
    var sum = 0
    for number in self {
      let (next, overflow) = sum.addingReportingOverflow(number)
      guard number >= 0, !overflow else { return nil }
      sum = next
    }
    return sum
  }
}
