import BalanceCore
import BalanceDatasets
import Foundation

/// The images that a run saw: `images.csv`, with which a change of the data can be named.
struct SeenImages {
  struct Row {
    /// Relative to the dataset's root.
    let path: String
    let role: SplitRole
    let className: String
    let group: String?
    let content: String
  }

  private static let header = ["image", "role", "class", "group", "content"]

  let rows: [Row]

  init(rows: [Row]) { self.rows = rows }

  var csv: Data {
    var text = CSVText.line(Self.header)
    for row in rows {
      text += CSVText.line([
        row.path, row.role.rawValue, row.className, row.group ?? "", row.content,
      ])
    }
    return Data(text.utf8)
  }

  /// Nil where a run of an earlier version has no such file, or it is damaged.
  init?(reading folder: URL) {
    let place = folder.appendingPathComponent(RunFolder.File.images.rawValue)
    guard let data = try? RegularFile.read(place) else { return nil }
    var rows: [Row] = []
    do throws(BalanceError) {
      var reader = try CSVReader(data, name: place.path)
      guard try reader.nextFields() == Self.header else { return nil }
      while let fields = try reader.nextFields() {
        guard fields.count == Self.header.count, let role = SplitRole(rawValue: fields[1]) else {
          return nil
        }
        rows.append(
          Row(
            path: fields[0], role: role, className: fields[2],
            group: fields[3].isEmpty ? nil : fields[3], content: fields[4]))
      }
    } catch { return nil }
    self.rows = rows
  }
}
