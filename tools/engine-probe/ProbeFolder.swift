import BalanceCore
import BalanceNetworks
import Foundation

/// The folder in which another program lays a problem, and finds what was computed.
struct ProbeFolder {
  /// The model that problem.json names, beside what else it says.
  struct Model: Codable {
    let model: String
    let height, width, channels: Int
    let classes: Int

    func network() throws -> Network {
      try ModelCatalog.network(
        model, input: ImageShape(height: height, width: width, channels: channels),
        classes: classes)
    }
  }

  let url: URL

  func callAsFunction(_ name: String) -> URL { url.appendingPathComponent(name) }

  func decode<T: Decodable>(_ type: T.Type, from name: String = "problem.json") throws -> T {
    try CanonicalJSON.decode(type, from: Data(contentsOf: self(name)))
  }

  func values<T: BitwiseCopyable>(_ name: String, as type: T.Type = Float.self) throws -> [T] {
    try Data(contentsOf: self(name)).withUnsafeBytes { Array($0.bindMemory(to: T.self)) }
  }
}
