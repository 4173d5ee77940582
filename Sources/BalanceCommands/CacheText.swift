import BalanceCore
import BalanceLoading
import Foundation

/// What `balance cache` prints.
struct CacheText {
  private let places: [CachePlace]
  private let removes: Bool

  init(_ places: [CachePlace], removes: Bool) {
    self.places = places
    self.removes = removes
  }

  var text: String {
    guard !places.isEmpty else { return "no read-only dataset has an index in your cache\n" }
    return places.map(section).joined(separator: "\n")
  }

  private func section(_ place: CachePlace) -> String {
    var text = "\(Printable.line(place.folder)): \(Self.size(place.files))\n"
    if !place.files.isEmpty {
      var table = TextTable(["file", "what", "size", "images", "in the index"], widest: 44)
      for file in place.files { table.add(Self.row(file)) }
      text += table.text
    }
    if removes {
      text += "removed: \(place.removed.count) files, \(Self.size(place.removed))\n"
    } else {
      let removable = place.files.filter(\.isRemovable)
      if !removable.isEmpty { text += "--prune removes \(Self.size(removable)) of it\n" }
    }
    return text
  }

  private static func row(_ file: PixelCacheFolder.File) -> [String] {
    let isCounted = file.kind == .pixels
    return [
      Printable.line(file.name), file.kind.rawValue, DiskSpace.text(file.bytes),
      isCounted ? NumberText.grouped(file.images) : "–",
      isCounted ? NumberText.grouped(file.current) : "–",
    ]
  }

  private static func size(_ files: [PixelCacheFolder.File]) -> String {
    DiskSpace.text(files.reduce(0) { $0 + $1.bytes })
  }
}
