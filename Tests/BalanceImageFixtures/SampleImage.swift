public import Foundation

/// One of the small files in `Tests/Goldens/images.json`, which were made without the library.
public struct SampleImage: Decodable, Sendable {
  /// Begins with the id of its format: `jpeg 4:2:0`.
  public let name: String
  public let file: Data

  /// A file of a format.
  ///
  /// - Throws: where the goldens cannot be read or have none.
  public static func of(_ id: String) throws -> SampleImage {
    struct Goldens: Decodable { let images: [SampleImage] }
    let place = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Goldens/images.json")
    let goldens = try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: place))
    guard let found = goldens.images.first(where: { $0.name.hasPrefix(id + " ") }) else {
      throw CocoaError(.fileReadNoSuchFile)
    }
    return found
  }
}
