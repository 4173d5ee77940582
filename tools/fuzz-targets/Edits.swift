import Foundation

/// Edits of a sound file, as an input spells them: a large file whose every byte the fuzzer would
/// have to copy lets it find little.
///
/// Records of a kind (1 byte), a place in 65,536ths of the file and a distance from there (2 bytes
/// each), a length (1 byte) and so many bytes: written over what is there, put in, or taken
/// out. What is left at the end makes no edit.
struct Edits {
  private struct Edit {
    let kind: UInt8
    let share: Int
    let distance: Int
    let bytes: Data
  }

  private var edits: [Edit] = []

  init(_ data: Data) {
    var rest = data[...]
    while rest.count >= 6 {
      let head = Array(rest.prefix(6))
      rest = rest.dropFirst(6)
      let length = Int(head[5] % 32)
      edits.append(
        Edit(
          kind: head[0] % 4, share: Int(head[1]) << 8 | Int(head[2]),
          distance: Int(head[3]) << 8 | Int(head[4]), bytes: Data(rest.prefix(length))))
      rest = rest.dropFirst(length)
    }
  }

  /// An input that writes text over the bytes at a place.
  static func overwrite(_ place: UInt16, _ text: String) -> Data {
    Data([0, 0, 0, UInt8(place >> 8), UInt8(place & 0xFF), UInt8(text.utf8.count)]) + text.utf8
  }

  func applied(to sound: Data) -> Data {
    var file = sound
    for edit in edits {
      let place = min(file.count, edit.share * file.count >> 16 + edit.distance)
      let end = min(file.count, place + edit.bytes.count)
      switch edit.kind {
      case 2: file.insert(contentsOf: edit.bytes, at: place)
      case 3: file.removeSubrange(place..<end)
      default: file.replaceSubrange(place..<end, with: edit.bytes.prefix(end - place))
      }
    }
    return file
  }
}
