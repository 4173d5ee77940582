import BalanceCore
import BalanceNetworks
import Foundation
import Testing

/// A network is read from a file, whose numbers may be anything.
@Suite struct NetworkSizeTests {
  /// The JSON of a small network with every whole number in turn replaced.
  private static func altered(_ number: Int) throws -> [(place: String, json: Data)] {
    let network = try ModelCatalog.network(
      "layers: conv 8, pool 2, residual 8, global-average, dropout 0.1, linear",
      input: ImageShape(height: 16, width: 16, channels: 3), classes: 3)
    let text = String(decoding: try CanonicalJSON.encode(network), as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return lines.indices.compactMap { line in
      let parts = lines[line].split(separator: ":")
      guard let last = parts.last, Int(last.filter { $0.isNumber }) != nil, !last.contains("\""),
        !last.contains(".")
      else { return nil }
      var changed = lines
      let head = parts.count > 1 ? parts[0] + ": " : ""
      changed[line] = head + "\(number)" + (lines[line].hasSuffix(",") ? "," : "")
      return ("line \(line): \(changed[line])", Data(changed.joined(separator: "\n").utf8))
    }
  }

  @Test(arguments: [.max, .min, -1, 0, 1 << 32, 1 << 62, 1 << 20] as [Int])
  func anyNumberGivesANetworkOrAnError(number: Int) throws {
    let cases = try Self.altered(number)
    #expect(cases.count > 20)
    var refused = 0
    for (_, json) in cases {
      guard let network = try? CanonicalJSON.decode(Network.self, from: json) else {
        refused += 1
        continue
      }
      #expect(network.parameterCount >= 0)
    }
    #expect(refused > cases.count / 2 || number == 0 || number == 1 << 20)
  }
}
