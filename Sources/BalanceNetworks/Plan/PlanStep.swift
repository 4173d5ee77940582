import BalanceCore
import BalanceTensors

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
