import BalanceCore
import Tensors

/// One fused layer of a plan. `forward` and `backward` are called by every thread of the pool at
/// once, each with its own images; a step that needs the others' sums meets them at a barrier.
protocol PlanStep: AnyObject {
  /// What computes the step's convolution, where it is one.
  var algorithms: PlannedConvolution.Passes? { get }
  /// Roughly how much `prepare` and `finish` have to do, to share the steps out.
  var weight: Int { get }
  /// Plans the backward pass: takes the gradients that flow into this step's output, says which
  /// buffers live at `time`, and contributes to its inputs' gradients.
  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler)
    throws(BalanceError)
  /// Before the forward pass: brings parameters into the form that the step computes with. Called
  /// by one thread; all threads wait behind it.
  func prepare()
  func forward(_ thread: ThreadContext)
  /// Before the backward pass, as `prepare` is before the forward pass.
  func prepareBackward()
  func backward(_ thread: ThreadContext)
  /// After the backward pass: adds up the threads' parameter gradients. Called by one thread.
  func finish()
}

extension PlanStep {
  var algorithms: PlannedConvolution.Passes? { nil }
  var weight: Int { 0 }
  func prepare() {}
  func prepareBackward() {}
  func finish() {}
}

/// A step that begins with a batch norm, as the convolution before it sees it: it may ask for the
/// sums that the norm needs and compute the gradient of its own output, a few images at a time.
protocol NormGradientSource: AnyObject {
  /// The thread's sums of y and y², cleared; nil where nobody needs them.
  func beginSums(_ thread: Int) -> UnsafeMutablePointer<Double>?
  /// Says that y's gradient is computed at this time.
  func touchGradient(_ time: Int)
  /// dy of some of a thread's images, to `dy` or within zeros to `padded`.
  func writeGradient(
    _ images: Range<Int>, _ thread: Int, into dy: UnsafeMutableRawPointer?,
    padded: UnsafeMutablePointer<Float>?)
}

/// A convolution by own kernels, which works for the norm that alone reads what it makes.
protocol NormFeeder: AnyObject {
  func feed(_ target: any NormGradientSource)
}

/// A tensor of a plan: where a graph value lives.
struct PlanValue {
  enum Layout {
    /// `[C, H, W]` an image.
    case planar
    /// `[⌈C/16⌉, H, W, 16]` an image.
    case blocked
    /// `[F]` an image.
    case rows
  }

  let id: Int
  let shape: ValueShape
  let layout: Layout
  let type: ActivationType
  let buffer: PlanBuffer

  /// The feature map's shape; features count as the channels of one pixel.
  var image: ImageShape { shape.image }

  /// Values stored for one image, padding included.
  var elements: Int { Self.elements(image, layout) }
  var bytesPerImage: Int { elements * type.bytes }

  static func elements(_ shape: ImageShape, _ layout: Layout) -> Int {
    layout == .blocked ? BlockedKernels.blocks(shape.channels) * 16 * shape.plane : shape.count
  }
}

extension BlockedKernels {
  /// Loops over so many images of a feature map, or over these of its blocks of 16 channels.
  init(_ value: PlanValue, images: Int, blocks: Range<Int>? = nil) {
    self.init(
      images: images, channels: blocks.map { $0.count * 16 } ?? value.image.channels,
      height: value.image.height, width: value.image.width, type: value.type)
  }
}

extension ChannelKernels {
  /// Work on so many images of a feature map.
  init(_ value: PlanValue, images: Int) {
    self.init(images: images, plane: value.image.plane, type: value.type)
  }
}

/// A gradient that flows into a value from one of its readers.
struct GradientContribution {
  let buffer: PlanBuffer
  /// Whether the receiver may overwrite it.
  let exclusive: Bool
}

/// The sum of the gradients that flow into a value.
struct IncomingGradient {
  private let buffers: [PlanBuffer]
  private let sum: PlanBuffer
  private let value: PlanValue
  private let memory: PlanMemory

  /// Plans the sum of gradients of `value` at `time`; in place where one contribution may be
  /// overwritten.
  init(_ incoming: [GradientContribution], of value: PlanValue, at time: Int, in plan: PlanCompiler)
  {
    precondition(!incoming.isEmpty, "a value without readers has no gradient")
    let owned = incoming.first { $0.exclusive }?.buffer
    let needsSum = incoming.count > 1
    sum = needsSum ? owned ?? plan.memory.perImage(like: value) : incoming[0].buffer
    let target = sum
    buffers = incoming.map(\.buffer).filter { $0 !== target }
    self.value = value
    memory = plan.memory
    for contribution in incoming { contribution.buffer.touch(time) }
    sum.touch(time)
    isExclusive = needsSum || incoming[0].exclusive
    startsFromSum = owned != nil || !needsSum
  }

  /// Whether the sum may be overwritten.
  let isExclusive: Bool
  private let startsFromSum: Bool

  var buffer: PlanBuffer { sum }

  /// Adds up this thread's part and returns it.
  func resolve(_ thread: ThreadContext) -> UnsafeMutableRawPointer {
    let count = value.elements * memory.images(thread.index)
    let total = memory.raw(sum, thread.index)
    for (index, buffer) in buffers.enumerated() {
      let part = memory.raw(buffer, thread.index)
      if index == 0, !startsFromSum {
        total.copyMemory(from: part, byteCount: count * value.type.bytes)
      } else if value.layout == .rows {
        let (rows, addends) = (
          memory.pointer(sum, thread.index), memory.pointer(buffer, thread.index)
        )
        for i in 0..<count { rows[i] += addends[i] }
      } else {
        BlockedKernels.add(part, to: total, count: count, type: value.type)
      }
    }
    return total
  }
}
