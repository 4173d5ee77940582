import BalanceCore
import BalanceDatasets
import BalanceMetrics
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
    var text = Self.header.joined(separator: ",") + "\n"
    for row in rows {
      let fields = [row.path, row.role.rawValue, row.className, row.group ?? "", row.content]
      for (index, field) in fields.enumerated() {
        if index > 0 { text += "," }
        CSVText.append(field, to: &text)
      }
      text += "\n"
    }
    return Data(text.utf8)
  }

  /// Nil where a run of an earlier version has no such file, or it is damaged.
  init?(reading folder: URL) {
    let place = folder.appendingPathComponent(RunFolder.File.images.rawValue)
    guard let data = try? RegularFile.read(place) else { return nil }
    var rows: [Row] = []
    var isHeader = true
    do throws(BalanceError) {
      try CSVText.forEachRecord(in: Array(data)) { record throws(BalanceError) in
        defer { isHeader = false }
        if isHeader, record.fields == Self.header { return }
        guard !isHeader, record.fields.count == Self.header.count,
          let role = SplitRole(rawValue: record.fields[1])
        else { throw BalanceError(.data, "is damaged", at: place.path) }
        rows.append(
          Row(
            path: record.fields[0], role: role, className: record.fields[2],
            group: record.fields[3].isEmpty ? nil : record.fields[3], content: record.fields[4]))
      } malformed: {
        BalanceError(.data, "line \($0.line): \($0.what)", at: place.path)
      }
    } catch { return nil }
    self.rows = rows
  }
}
