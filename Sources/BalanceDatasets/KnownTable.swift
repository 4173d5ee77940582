import BalanceCore
import Foundation

/// Tables whose columns are known from their names, so that nobody has to choose them.
enum KnownTable {
  /// The source for a table of a known form; nil where the form is not known, or where its images
  /// are not in exactly one place.
  static func source(file: String, in container: DatasetContainer, root: URL) -> CSVSource? {
    let table = container.path.appendingPath(file)
    guard var reader = try? CSVReader(root.appendingPathComponent(table), name: table),
      let columns = try? TableColumns(&reader).names
    else { return nil }
    // HAM10000's metadata: https://doi.org/10.1038/sdata.2018.161
    if file == "HAM10000_metadata.csv" || file == "HAM10000_metadata",
      Set(["lesion_id", "image_id", "dx"]).isSubset(of: columns),
      let image = columns.firstIndex(of: "image_id"), (try? reader.next()) == true,
      image < reader.fieldCount, let name = reader.field(image)
    {
      let places = container.folders.map { container.path.appendingPath($0) }.filter { folder in
        access(root.appendingPathComponent("\(folder)/\(name).jpg").path, F_OK) == 0
      }
      guard places.count == 1 else { return nil }
      let parts = container.folders.filter { $0.hasBytePrefix("HAM10000_images") }
        .map { container.path.appendingPath($0) }
      return CSVSource(
        file: table, imageColumn: "image_id",
        imageRoots: parts.contains(places[0]) ? parts : places, imageSuffix: ".jpg",
        labelColumns: ["dx"], groupColumn: "lesion_id")
    }
    return nil
  }
}
