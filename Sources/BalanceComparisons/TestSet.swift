import BalanceCore

/// The test images that all runs were asked, in one order, with every run's answers.
struct TestSet {
  let classNames: [String]
  let truth: [Int32]
  /// The group of each image, as a number, or nil without groups.
  let groups: [Int32]?
  /// `predicted[r][i]`: what run r said of image i.
  let predicted: [[Int32]]
  /// Images of each class.
  let support: [Int]

  var classCount: Int { classNames.count }
  var count: Int { truth.count }

  /// Brings the runs' tables into the order of the first.
  ///
  /// - Throws: `BalanceError` (`data`) if there is no run, no test image, or if two runs were
  ///   asked different classes or images: such runs cannot be compared.
  init(_ runs: [ComparedRun]) throws(BalanceError) {
    guard let first = runs.first else {
      throw BalanceError(.data, "there are no runs to compare", remedy: "train at least one")
    }
    guard first.test.count > 0 else {
      throw BalanceError(
        .data, "the run has no test predictions", at: first.record.name,
        remedy: "split the dataset with a test share above 0 and train again")
    }
    classNames = first.test.classNames
    truth = first.test.truth.map(Int32.init)
    support = ClassCounts(names: classNames, labels: first.test.truth).counts
    groups = first.test.groups.map(Self.numbered)
    var predicted: [[Int32]] = []
    for run in runs {
      predicted.append(try Self.align(run, with: first))
    }
    self.predicted = predicted
  }

  /// Classes with test images, or that some run has predicted, in class order.
  var occurring: [Int] {
    var occurs = support.map { $0 > 0 }
    for answers in predicted { for answer in answers { occurs[Int(answer)] = true } }
    return occurs.indices.filter { occurs[$0] }
  }

  private static func align(_ run: ComparedRun, with first: ComparedRun) throws(BalanceError)
    -> [Int32]
  {
    guard run.test.classNames == first.test.classNames else {
      throw BalanceError(
        .data, "the classes differ from those of '\(first.record.name)'", at: run.record.name,
        remedy: "compare runs that were trained on the same dataset")
    }
    let isSameOrder = run.test.images.elementsEqual(first.test.images) { $0.hasSameBytes(as: $1) }
    if isSameOrder && run.test.truth == first.test.truth {
      return run.test.predicted.map(Int32.init)
    }
    var rows: [ByteKey: Int] = [:]
    for (row, image) in run.test.images.enumerated() { rows[ByteKey(image)] = row }
    var answers: [Int32] = []
    for (row, image) in first.test.images.enumerated() {
      guard run.test.count == first.test.count, let other = rows[ByteKey(image)],
        run.test.truth[other] == first.test.truth[row]
      else {
        throw BalanceError(
          .data,
          "its \(run.test.count) test images are not the \(first.test.count) of "
            + "'\(first.record.name)' (the first that differs: \(image))", at: run.record.name,
          remedy: "compare runs of one split, or evaluate both on the same images")
      }
      answers.append(Int32(run.test.predicted[other]))
    }
    return answers
  }

  private static func numbered(_ groups: [String]) -> [Int32] {
    var numbers: [ByteKey: Int32] = [:]
    return groups.map { group in
      if let number = numbers[ByteKey(group)] { return number }
      let number = Int32(numbers.count)
      numbers[ByteKey(group)] = number
      return number
    }
  }
}
