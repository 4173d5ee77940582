import BalanceCore
import BalanceNetworks
import BalanceTensors
import Foundation

/// What is to be timed, from the command line: `MODEL BATCH SIDE THREADS PRECISION`.
struct TimedProblem {
  let network: Network
  let parameters: Parameters
  let batch: Int
  let threads: Int
  let options: PlanOptions
  /// Normal, f32 `[batch, side, side, 3]`.
  let pixels: [Float]
  let labels: [Int32]
  /// Bytes resident before the problem was made.
  private let bytesBefore = Self.residentBytes

  init(_ arguments: [String]) throws {
    let numbers = arguments.dropFirst().prefix(3).compactMap(Int.init)
    guard arguments.count == 5, numbers.count == 3, numbers.allSatisfy({ $0 > 0 }),
      let precision = ActivationType(rawValue: arguments[4])
    else {
      throw BalanceError(.usage, "expected MODEL BATCH SIDE THREADS f32|bf16")
    }
    (batch, threads) = (numbers[0], numbers[2])
    options = PlanOptions(precision: precision)
    let input = ImageShape(height: numbers[1], width: numbers[1], channels: 3)
    network = try ModelCatalog.network(arguments[0], input: input, classes: 10)
    parameters = try Parameters(network, seed: 0)
    var generator = KeyedGenerator(seed: 0, .test)
    pixels = (0..<batch * input.count).map { _ in Float(generator.normal()) }
    labels = (0..<batch).map { _ in Int32(generator.below(10)) }
  }

  private struct About: Codable {
    let versions: String
    /// Seconds to make the plan, the first of this process.
    let planSeconds: Double
  }

  /// Makes the body, says what computes, then times the body as often as each line says. The answer
  /// ends with the bytes that the process has grown by since the problem was read.
  func serve(_ make: () throws -> () throws -> Void) throws {
    let clock = ContinuousClock()
    var body: () throws -> Void = {}
    let planning = try clock.measure { body = try make() }
    let about = Machine.libraryVersions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let header = About(
      versions: (about + [Machine.instructionSet]).joined(separator: ", "),
      planSeconds: planning / .seconds(1))
    try answer(String(decoding: try JSONEncoder().encode(header), as: UTF8.self))
    while let line = readLine(), let count = Int(line) {
      var times: [String] = []
      for _ in 0..<count { times.append("\(try clock.measure(body) / .seconds(1))") }
      times.append("\(Self.residentBytes - bytesBefore)")
      try answer(times.joined(separator: " "))
    }
  }

  /// A line that the other side can read at once.
  private func answer(_ line: String) throws {
    try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
  }

  /// As the system counts them; 0 where it does not say.
  private static var residentBytes: Int {
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = fields.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
