/// Texts of which earlier indices have one: a single one is stored as itself, several as a list.
struct OneOrMore: Hashable, Sendable {
  let values: [String]

  init(_ values: [String]) { self.values = values }
}

extension OneOrMore: Codable {
  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let one = try? value.decode(String.self) {
      values = [one]
    } else {
      values = try value.decode([String].self)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    if values.count == 1 {
      try value.encode(values[0])
    } else {
      try value.encode(values)
    }
  }
}
