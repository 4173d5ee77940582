/// What a path that a pattern matches says.
struct PathMatch: Equatable {
  var label: String?
  var split: String?
  /// Where a pattern has several, with `/` between.
  var group: String?
}

extension PathPattern {
  /// What the placeholders stand for in a path; nil where the pattern does not match it.
  ///
  /// - Complexity: O(bytes of the path × placeholders, stars and texts of the pattern).
  func match(_ path: String) -> PathMatch? {
    let bytes = Array(path.utf8)
    let ends = Ends(tokens, bytes)
    guard ends.isReached(from: 0, at: 0) else { return nil }
    var match = PathMatch()
    var place = 0
    for (number, token) in tokens.enumerated() {
      // The longest that lets the rest match.
      let next = ends.furthest(token, number, from: place)
      if case .capture(let placeholder) = token {
        match.take(String(decoding: bytes[place..<next], as: UTF8.self), placeholder)
      }
      place = next
    }
    return match
  }
}

extension PathMatch {
  fileprivate mutating func take(_ text: String, _ placeholder: PathPattern.Placeholder) {
    switch placeholder {
    case .class: label = text
    case .split: split = text
    case .group: group = group.map { "\($0)/\(text)" } ?? text
    }
  }
}

/// For each token and each place in a path, whether from there on the rest of the tokens matches
/// the rest of the path: a table that is filled once, from the end, so that no reading is tried
/// twice.
private struct Ends {
  private let bytes: [UInt8]
  private let width: Int
  private var reached: [Bool]

  init(_ tokens: [PathPattern.Token], _ bytes: [UInt8]) {
    self.bytes = bytes
    width = bytes.count + 1
    reached = [Bool](repeating: false, count: (tokens.count + 1) * width)
    reached[tokens.count * width + bytes.count] = true
    for number in tokens.indices.reversed() { fill(tokens[number], number) }
  }

  func isReached(from token: Int, at place: Int) -> Bool { reached[token * width + place] }

  private mutating func fill(_ token: PathPattern.Token, _ number: Int) {
    // Whether the rest matches somewhere behind, as far as the token may go.
    var isBehind = false
    for place in (0...bytes.count).reversed() {
      let here = isReached(from: number + 1, at: place)
      let isSlash = place < bytes.count && bytes[place] == slash
      switch token {
      case .text(let text): isBehind = follows(text, place, number)
      case .oneOf(let texts): isBehind = texts.contains { follows($0, place, number) }
      case .run: isBehind = here || !isSlash && isBehind
      case .capture:
        // One byte at least.
        let next = place < bytes.count && isReached(from: number + 1, at: place + 1)
        isBehind = place < bytes.count && !isSlash && (next || isBehind)
      case .folders:
        reached[number * width + place] = here || isBehind
        isBehind = isBehind || place > 0 && bytes[place - 1] == slash && here
        continue
      }
      reached[number * width + place] = isBehind
    }
  }

  private func follows(_ text: [UInt8], _ place: Int, _ number: Int) -> Bool {
    place + text.count <= bytes.count
      && isReached(from: number + 1, at: place + text.count)
      && bytes[place..<place + text.count].elementsEqual(text)
  }

  /// Where the token ends that begins at a place from which it matches.
  func furthest(_ token: PathPattern.Token, _ number: Int, from place: Int) -> Int {
    switch token {
    case .text(let text): return place + text.count
    case .oneOf(let texts):
      let lengths = texts.filter { follows($0, place, number) }.map(\.count)
      return place + (lengths.max() ?? 0)
    case .run, .capture:
      let end = bytes[place...].firstIndex(of: slash) ?? bytes.count
      return (place...end).last { isReached(from: number + 1, at: $0) } ?? place
    case .folders:
      let places = (place...bytes.count).reversed()
      return places.first {
        isReached(from: number + 1, at: $0) && ($0 == place || bytes[$0 - 1] == slash)
      } ?? place
    }
  }
}

private let slash = UInt8(ascii: "/")
