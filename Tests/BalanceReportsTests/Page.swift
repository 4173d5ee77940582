/// Just enough of a reader for our own pages: start tags with their attributes, and visible text.
struct Page {
  struct Tag {
    var name: String
    var attributes: [String: String]

    subscript(_ name: String) -> String? { attributes[name] }

    /// A figure in a data attribute.
    func number(_ name: String) -> Double? { attributes[name].flatMap(Double.init) }

    var classes: [String] { (attributes["class"] ?? "").split(separator: " ").map(String.init) }

    /// A length in percent from the style attribute.
    func percent(_ property: String) -> Double? {
      for declaration in (attributes["style"] ?? "").split(separator: ";") {
        let parts = declaration.split(separator: ":")
        guard parts.count == 2, parts[0] == property, parts[1].hasSuffix("%") else { continue }
        return Double(parts[1].dropLast())
      }
      return nil
    }
  }

  /// Start tags and the text after each, in order.
  let tags: [(tag: Tag, text: String)]
  let html: String

  init(_ html: String) {
    self.html = html
    let bytes = Array(html.utf8)
    var tags: [(Tag, String)] = []
    var at = 0
    while let open = bytes[at...].firstIndex(of: UInt8(ascii: "<")) {
      let end = bytes[open...].firstIndex(of: UInt8(ascii: ">")) ?? bytes.count - 1
      var next = bytes[end...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
      let head = bytes[open + 1..<end]
      if head.elementsEqual("style".utf8) || head.elementsEqual("script".utf8) {
        // What is inside is no markup.
        let close = Array("</\(String(decoding: head, as: UTF8.self))>".utf8)
        while next < bytes.count, !bytes[next...].starts(with: close) { next += 1 }
      } else {
        let text = Self.unescaped(bytes[end + 1..<next])
        if head.first != UInt8(ascii: "/") {
          tags.append((Self.tag(head), text))
        } else if !tags.isEmpty {
          tags[tags.count - 1].1 += text
        }
      }
      at = next
      if at >= bytes.count { break }
    }
    self.tags = tags
  }

  var text: String { tags.map(\.text).joined(separator: " ") }

  func all(_ name: String) -> [Tag] { tags.map(\.tag).filter { $0.classes.contains(name) } }

  private static func tag(_ head: ArraySlice<UInt8>) -> Tag {
    let name = head.prefix { $0 != UInt8(ascii: " ") }
    var attributes: [String: String] = [:]
    var rest = head.dropFirst(name.count)
    while let equals = rest.firstIndex(of: UInt8(ascii: "=")), equals + 1 < rest.endIndex {
      let key = String(decoding: rest[..<equals], as: UTF8.self).split(separator: " ").last ?? ""
      rest = rest[(equals + 2)...]
      guard let end = rest.firstIndex(of: UInt8(ascii: "\"")) else { break }
      attributes[String(key)] = unescaped(rest[..<end])
      rest = rest[(end + 1)...]
    }
    return Tag(name: String(decoding: name, as: UTF8.self), attributes: attributes)
  }

  private static let entities: [(name: [UInt8], character: UInt8)] = [
    ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
  ].map { (Array($0.0.utf8), Array($0.1.utf8)[0]) }

  static func unescaped(_ text: ArraySlice<UInt8>) -> String {
    var out: [UInt8] = []
    var at = text.startIndex
    while at < text.endIndex {
      if text[at] == UInt8(ascii: "&"),
        let entity = entities.first(where: { text[at...].starts(with: $0.name) })
      {
        out.append(entity.character)
        at += entity.name.count
      } else {
        out.append(text[at])
        at += 1
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
