/// Test images with the same truth and the same answers of every run, counted together.
///
/// Most images are answered alike by all runs, so a bootstrap draw has far fewer patterns to count
/// than images.
struct AnswerPatterns {
  /// The pattern of each image.
  let ofImage: [Int32]
  /// True class of each pattern.
  let truth: [Int32]
  /// `predicted[r][p]`: what run r said of the images of pattern p.
  let predicted: [[Int32]]

  init(truth: [Int32], predicted: [[Int32]]) {
    var index: [[Int32]: Int32] = [:]
    var representatives: [Int] = []
    ofImage = truth.indices.map { image in
      let key = [truth[image]] + predicted.map { $0[image] }
      if let known = index[key] { return known }
      let new = Int32(representatives.count)
      index[key] = new
      representatives.append(image)
      return new
    }
    self.truth = representatives.map { truth[$0] }
    self.predicted = predicted.map { answers in representatives.map { answers[$0] } }
  }
}
