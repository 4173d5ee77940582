extension String {
  /// The runs of ASCII letters in a name, in lower case.
  var letterRuns: [String] {
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    return lowercased().utf8.split { !letters.contains($0) }.map { String(Substring($0)) }
  }
}
