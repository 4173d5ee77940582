/// Reads a pickle of protocol 2 and later as far as `torch.save` needs it to write tensors:
/// dictionaries, lists, tuples, strings, numbers, and views of storages.
///
/// No name that is looked up leads to code: the few of `TorchGlobal` are known here, any other is
/// an error. What is made is at most proportional to the bytes read, and nothing recurses.
///
/// Source: the opcodes of Python's `pickletools`; `torch/serialization.py` and `torch/_utils.py` of
/// PyTorch for what it writes.
struct PickleReader {
  typealias Fault = Pickle.Fault

  private var source: ByteReader
  private var pickle = Pickle()
  private var stack: [PickleValue] = []
  /// Where in the stack the marks are.
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  /// Storages by their keys: tensors share them.
  private var storageNumbers: [String: Int] = [:]

  /// The most opcodes of a pickle. The largest networks have some 10,000 tensors, of some 50 each.
  private static let limit = 4_000_000
  private static let mostTensors = 200_000
  /// The most bytes of a string: names have some dozens.
  private static let longestString = 1 << 20

  /// Reads one pickle from `position` on.
  ///
  /// - Returns: what it holds, and where it ends.
  /// - Throws: `Fault` for what is cut off, unknown or out of bounds.
  static func read(_ bytes: UnsafeRawBufferPointer, from position: Int = 0) throws(Fault)
    -> (pickle: Pickle, end: Int)
  {
    var reader = PickleReader(source: ByteReader(bytes, at: position))
    try reader.run()
    return (reader.pickle, reader.source.position)
  }

  private init(source: ByteReader) { self.source = source }

  private mutating func run() throws(Fault) {
    for _ in 0..<Self.limit {
      let opcode = try source.byte()
      if opcode == UInt8(ascii: ".") {
        pickle.root = try pop()
        return
      }
      try perform(opcode)
    }
    throw Fault(what: "its pickle has more than \(Self.limit) steps")
  }

  private mutating func perform(_ opcode: UInt8) throws(Fault) {
    switch opcode {
    case 0x80: try protocolVersion()
    case 0x95: _ = try source.integer(8)  // FRAME: what follows is framed, which changes nothing.
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.bool(true))
    case 0x89: stack.append(.bool(false))
    case UInt8(ascii: "J"): stack.append(.int(try source.integer(4)))
    case UInt8(ascii: "K"): stack.append(.int(try source.natural(1)))
    case UInt8(ascii: "M"): stack.append(.int(try source.natural(2)))
    case 0x8A: stack.append(try long(bytes: source.natural(1)))
    case 0x8B: stack.append(try long(bytes: source.natural(4)))
    case UInt8(ascii: "G"): stack.append(.float(try source.bigEndianDouble()))
    case 0x8C, UInt8(ascii: "U"): try string(length: source.natural(1))
    case UInt8(ascii: "X"), UInt8(ascii: "T"): try string(length: source.natural(4))
    case 0x8D: try string(length: source.natural(8))
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "0"): _ = try pop()
    case UInt8(ascii: "1"): _ = try popToMark()
    case UInt8(ascii: "2"): stack.append(try top())
    case UInt8(ascii: ")"): pushTuple([])
    case 0x85: pushTuple(try pop(1))
    case 0x86: pushTuple(try pop(2))
    case 0x87: pushTuple(try pop(3))
    case UInt8(ascii: "t"): pushTuple(try popToMark())
    case UInt8(ascii: "]"): pushList([])
    case UInt8(ascii: "l"): pushList(try popToMark())
    case UInt8(ascii: "a"): try append(pop(1))
    case UInt8(ascii: "e"): try append(popToMark())
    case UInt8(ascii: "}"): pushDictionary()
    case UInt8(ascii: "s"): try setItems(pop(2))
    case UInt8(ascii: "u"): try setItems(popToMark())
    case UInt8(ascii: "q"): memo[try source.natural(1)] = try top()
    case UInt8(ascii: "r"): memo[try source.natural(4)] = try top()
    case 0x94: memo[memo.count] = try top()
    case UInt8(ascii: "h"): try recall(source.natural(1))
    case UInt8(ascii: "j"): try recall(source.natural(4))
    case UInt8(ascii: "c"): try pushGlobal(module: source.line(), name: source.line())
    case 0x93: try pushGlobal()
    case UInt8(ascii: "R"): try reduce()
    case UInt8(ascii: "b"): try build()
    case UInt8(ascii: "Q"): try persistentID()
    default:
      throw Fault(
        what: "its pickle has the opcode 0x\(String(opcode, radix: 16)), which tensors do not need",
        remedy: Self.remedy)
    }
  }

  private static let remedy =
    "write it again in Python: torch.save(model.state_dict(), NAME), or with safetensors.torch"

  private mutating func protocolVersion() throws(Fault) {
    let version = try source.byte()
    guard (2...5).contains(version) else {
      throw Fault(what: "its pickle is of protocol \(version), not of 2 to 5", remedy: Self.remedy)
    }
  }

  // MARK: Numbers and strings

  private mutating func long(bytes count: Int) throws(Fault) -> PickleValue {
    guard count <= 255 else { throw Fault(what: "its pickle has a number of \(count) bytes") }
    if count <= 8 { return .int(try source.integer(count)) }
    return .long(Array(try source.bytes(count)))
  }

  private mutating func string(length: Int) throws(Fault) {
    guard length <= Self.longestString else {
      throw Fault(what: "its pickle has a string of \(length) bytes")
    }
    stack.append(.string(String(decoding: try source.bytes(length), as: UTF8.self)))
  }

  // MARK: Containers

  private mutating func pushTuple(_ values: [PickleValue]) {
    stack.append(.tuple(pickle.sequences.count))
    pickle.sequences.append(values)
  }

  private mutating func pushList(_ values: [PickleValue]) {
    stack.append(.list(pickle.sequences.count))
    pickle.sequences.append(values)
  }

  private mutating func pushDictionary() {
    stack.append(.dictionary(pickle.dictionaries.count))
    pickle.dictionaries.append([])
  }

  private mutating func append(_ values: [PickleValue]) throws(Fault) {
    guard case .list(let number) = try top() else { throw misplaced("adds to what is no list") }
    pickle.sequences[number] += values
  }

  private mutating func setItems(_ values: [PickleValue]) throws(Fault) {
    guard case .dictionary(let number) = try top(), values.count.isMultiple(of: 2) else {
      throw misplaced("sets items of what is no dictionary")
    }
    for index in stride(from: 0, to: values.count, by: 2) {
      pickle.dictionaries[number].append((values[index], values[index + 1]))
    }
  }

  private mutating func recall(_ number: Int) throws(Fault) {
    guard let value = memo[number] else { throw misplaced("recalls what it has not kept") }
    stack.append(value)
  }

  // MARK: Objects

  private mutating func pushGlobal() throws(Fault) {
    let parts = try pop(2)
    guard case .string(let module) = parts[0], case .string(let name) = parts[1] else {
      throw misplaced("looks up what is no name")
    }
    try pushGlobal(module: module, name: name)
  }

  private mutating func pushGlobal(module: String, name: String) throws(Fault) {
    guard let global = TorchGlobal(module: module, name: name) else {
      throw Fault(
        what:
          "its pickle names '\(module).\(name)', and only tensors, dictionaries, lists, strings "
          + "and numbers are read", remedy: Self.remedy)
    }
    stack.append(.global(global))
  }

  /// A call of a name; of those that there are, this is what it would make.
  private mutating func reduce() throws(Fault) {
    let parts = try pop(2)
    guard case .global(let global) = parts[0], case .tuple(let number) = parts[1] else {
      throw misplaced("calls what is no name")
    }
    let arguments = pickle.sequences[number]
    switch global {
    case .orderedDict where arguments.isEmpty: pushDictionary()
    case .rebuildTensor: try rebuildTensor(arguments)
    case .rebuildParameter:
      guard case .tensor = arguments.first else {
        throw misplaced("makes a parameter of no tensor")
      }
      stack.append(arguments[0])
    case .orderedDict, .storage: throw misplaced("calls a name with what it does not take")
    }
  }

  /// Attributes of an object: of an `OrderedDict` the versions of modules, which nothing here
  /// needs.
  private mutating func build() throws(Fault) {
    _ = try pop()
    guard case .dictionary = try top() else {
      throw misplaced("gives attributes to what is no OrderedDict")
    }
  }

  /// `("storage", type, key, location, values)`, with a view of it behind, which is not used since
  /// PyTorch 0.4.
  private mutating func persistentID() throws(Fault) {
    guard case .tuple(let number) = try pop() else { throw misplaced("refers to no storage") }
    let parts = pickle.sequences[number]
    guard parts.count == 5 || parts.count == 6 && parts[5] == .none, parts[0] == .string("storage"),
      case .global(.storage(let dtype)) = parts[1], case .string(let key) = parts[2],
      case .int(let count) = parts[4], count >= 0
    else { throw misplaced("refers to what is no storage") }
    let storage = TorchStorage(key: key, dtype: dtype, count: count)
    if let known = storageNumbers[key] {
      guard pickle.storages[known] == storage else {
        throw misplaced("has two storages '\(key)' that differ")
      }
      stack.append(.storage(known))
    } else {
      storageNumbers[key] = pickle.storages.count
      stack.append(.storage(pickle.storages.count))
      pickle.storages.append(storage)
    }
  }

  /// `(storage, offset, size, stride, …)`: what is behind is about gradients.
  private mutating func rebuildTensor(_ arguments: [PickleValue]) throws(Fault) {
    guard arguments.count >= 4, case .storage(let storage) = arguments[0],
      case .int(let offset) = arguments[1], let shape = naturals(arguments[2]),
      let strides = naturals(arguments[3]),
      let view = StridedView(offset: offset, shape: shape, strides: strides)
    else { throw misplaced("makes a tensor of what is no view of a storage") }
    guard view.fits(pickle.storages[storage].count) else {
      throw Fault(
        what: "a tensor of shape \(shape) and strides \(strides) from \(offset) on reaches beyond "
          + "its storage of \(pickle.storages[storage].count) values")
    }
    guard view.count <= Self.mostValues else {
      throw Fault(what: "a tensor of shape \(shape) has more values than any network's")
    }
    guard pickle.tensors.count < Self.mostTensors else {
      throw misplaced("has more than \(Self.mostTensors) tensors")
    }
    stack.append(.tensor(pickle.tensors.count))
    pickle.tensors.append(TorchTensor(storage: storage, view: view))
  }

  /// A tuple of whole numbers from 0; nil for anything else.
  private func naturals(_ value: PickleValue) -> [Int]? {
    guard case .tuple(let number) = value, pickle.sequences[number].count <= Self.mostDimensions
    else { return nil }
    var result: [Int] = []
    for part in pickle.sequences[number] {
      guard case .int(let size) = part, size >= 0 else { return nil }
      result.append(size)
    }
    return result
  }

  private static let mostDimensions = 32
  /// Of a tensor: one that repeats what its storage has can claim any number.
  private static let mostValues = 1 << 31

  // MARK: The stack

  private func misplaced(_ what: String) -> Fault { Fault(what: "its pickle \(what)") }

  private var bottom: Int { marks.last ?? 0 }

  private func top() throws(Fault) -> PickleValue {
    guard stack.count > bottom, let value = stack.last else { throw misplaced("takes too much") }
    return value
  }

  private mutating func pop() throws(Fault) -> PickleValue {
    let value = try top()
    stack.removeLast()
    return value
  }

  private mutating func pop(_ count: Int) throws(Fault) -> [PickleValue] {
    guard stack.count - bottom >= count else { throw misplaced("takes too much") }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(Fault) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw misplaced("has a mark too few") }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }
}
