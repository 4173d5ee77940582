import BalanceCore

/// Draws whole passes into buffers that it keeps: a pass after the first allocates nothing.
struct PassGenerator {
  private let rule: PassRule
  private let groups: ClassGroups
  private let seed: UInt64
  /// The images of the pass, in order.
  private var images: [Int32]
  /// Images sorted by class; within a class in any order while a pass is chosen, ascending again
  /// after it, so that a pass does not depend on those before it.
  private var positions: [Int32]
  /// How often each image has occurred; all 0 before a pass is numbered.
  private var occurrences: [Int32]
  private var words: [UInt64]
  /// The swaps to take back.
  private var swaps: [(Int, Int)] = []
  /// Of independent draws.
  private var aliases: AliasTable?

  init(_ rule: PassRule, groups: ClassGroups, seed: UInt64) {
    let length = rule.length(groups.counts)
    self.rule = rule
    self.groups = groups
    self.seed = seed
    images = [Int32](repeating: 0, count: length)
    positions = groups.positions
    occurrences = [Int32](repeating: 0, count: groups.imageCount)
    words = [UInt64](repeating: 0, count: min(length, 4096))
    if case .independent(let shares) = rule {
      aliases = AliasTable(shares: shares, groups: groups)
    }
  }

  /// Fills `images` with pass `pass`.
  mutating func generate(_ pass: Int) {
    switch rule {
    case .everyImage:
      for image in images.indices { images[image] = Int32(truncatingIfNeeded: image) }
      shuffle(pass)
    case .independent:
      drawIndependently(pass)
    case .perClass(let draws):
      chooseByClass(pass, draws: draws)
      shuffle(pass)
    }
  }

  /// Writes the draws of `range` of the pass with their copy numbers.
  ///
  /// - Parameter isLast: no pass follows, so the counts need not be cleared, which would touch as
  ///   much memory again.
  mutating func number(
    _ range: Range<Int>, into draws: UnsafeMutablePointer<Draw>, isLast: Bool
  ) {
    occurrences.withUnsafeMutableBufferPointer { occurrences in
      images.withUnsafeBufferPointer { images in
        for i in 0..<range.lowerBound { occurrences[Int(images[i])] += 1 }
        for i in range {
          let image = images[i]
          draws[i - range.lowerBound] = Draw(image: image, copy: occurrences[Int(image)])
          occurrences[Int(image)] += 1
        }
        if isLast { return }
        for i in 0..<range.upperBound { occurrences[Int(images[i])] = 0 }
      }
    }
  }

  /// Which of a pass's random numbers are meant.
  private enum Stage: Int {
    case choice, order
  }

  private func generator(_ pass: Int, _ stage: Stage) -> KeyedGenerator {
    KeyedGenerator(seed: seed, .sampling, pass, stage.rawValue)
  }

  private mutating func drawIndependently(_ pass: Int) {
    guard let aliases else { return }
    var generator = generator(pass, .choice)
    words.withUnsafeMutableBufferPointer { words in
      images.withUnsafeMutableBufferPointer { images in
        positions.withUnsafeBufferPointer { positions in
          var at = 0
          while at < images.count {
            let count = min(words.count, images.count - at)
            let chunk = UnsafeMutableBufferPointer(rebasing: words[0..<count])
            generator.fill(chunk)
            aliases.draw(
              UnsafeBufferPointer(chunk), from: positions,
              into: UnsafeMutableBufferPointer(rebasing: images[at..<at + count]))
            at += count
          }
        }
      }
    }
  }

  /// Every image of a class ⌊draws / n_c⌋ times, and a random remainder without replacement.
  private mutating func chooseByClass(_ pass: Int, draws: [Int]) {
    var generator = generator(pass, .choice)
    swaps.removeAll(keepingCapacity: true)
    var at = 0
    for c in groups.occupied {
      let start = groups.starts[c]
      let count = groups.counts[c]
      for _ in 0..<draws[c] / count {
        for position in start..<start + count {
          images[at] = positions[position]
          at += 1
        }
      }
      // The first steps of a Fisher–Yates shuffle choose without replacement.
      for step in 0..<draws[c] % count {
        let other = start + step + below(count - step, generator.next())
        positions.swapAt(start + step, other)
        swaps.append((start + step, other))
        images[at] = positions[start + step]
        at += 1
      }
    }
    for (a, b) in swaps.reversed() { positions.swapAt(a, b) }
  }

  /// Fisher–Yates.
  private mutating func shuffle(_ pass: Int) {
    var generator = generator(pass, .order)
    words.withUnsafeMutableBufferPointer { words in
      images.withUnsafeMutableBufferPointer { images in
        var left = images.count
        while left > 1 {
          let count = min(words.count, left - 1)
          generator.fill(UnsafeMutableBufferPointer(rebasing: words[0..<count]))
          for i in 0..<count {
            images.swapAt(left - 1 - i, below(left - i, words[i]))
          }
          left -= count
        }
      }
    }
  }
}

/// Uniform on `0..<bound` from one 64-bit number, with a bias under bound / 2⁶⁴.
@inline(__always)
private func below(_ bound: Int, _ word: UInt64) -> Int {
  Int(truncatingIfNeeded: word.multipliedFullWidth(by: UInt64(bound)).high)
}
