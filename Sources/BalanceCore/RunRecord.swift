public import Foundation

/// What one training run was and what it used: the identity card in its run folder.
///
/// Everything that could change its figures is here, so that two runs can be told apart and
/// one can be repeated.
public struct RunRecord: Codable, Hashable, Sendable {
  /// Where and with what the run was computed; timings and bits depend on it.
  public struct Machine: Codable, Hashable, Sendable {
    public var processor: String
    public var cores: Int
    public var threads: Int
    /// The instruction set that the primitives really use ("AVX-512", "AVX2").
    public var instructionSet: String
    /// Names and versions: balance, Swift, oneDNN, OpenBLAS, …
    public var versions: [String: String]

    public init(
      processor: String, cores: Int, threads: Int, instructionSet: String,
      versions: [String: String]
    ) {
      self.processor = processor
      self.cores = cores
      self.threads = threads
      self.instructionSet = instructionSet
      self.versions = versions
    }
  }

  /// Convolutions of a network that one algorithm computes.
  public struct ConvolutionGroup: Codable, Hashable, Sendable {
    /// With the precision ("own Winograd, f32").
    public var algorithm: String
    public var count: Int
    /// Names of layers, in the network's order.
    public var layers: [String]

    public init(algorithm: String, layers: [String]) {
      self.algorithm = algorithm
      count = layers.count
      self.layers = layers
    }
  }

  /// Where a run could not be computed any further: a loss or an answer was no finite number.
  public struct Divergence: Codable, Hashable, Sendable {
    /// Optimizer steps until then.
    public var step: Int
    /// What was found, without a full stop.
    public var reason: String

    public init(step: Int, reason: String) {
      (self.step, self.reason) = (step, reason)
    }
  }

  /// The run folder's name.
  public var name: String
  /// The sampling strategy as it is spelled on the command line ("oversample").
  public var strategy: String
  /// The loss as it is spelled on the command line ("focal").
  public var loss: String
  /// The loss's fingerprint: formula, parameters, weights, reduction.
  public var lossFingerprint: String
  public var model: String
  public var seed: UInt64
  /// Every setting of the run, flat, as text: what `diff` compares.
  public var settings: [String: String]
  /// Class counts of the training split.
  public var trainingCounts: ClassCounts
  public var optimizerSteps: Int
  /// Images drawn, with repeats.
  public var imagesDrawn: Int
  /// Images drawn per class, with repeats.
  public var drawsPerClass: [Int]
  /// Distinct training images seen per class.
  public var distinctPerClass: [Int]
  /// Wall-clock seconds of training with its validations.
  public var seconds: Double
  public var finished: Date
  /// The hash of the split that was used.
  public var splitHash: String
  /// Leaks that were let through with `--allow-leak`; empty when the split is clean.
  public var allowedLeaks: [String]
  public var machine: Machine
  /// The main figures on the test images, which are in `evaluation.json` with all others. Absent
  /// in runs of earlier versions.
  public var scores: Scores?

  /// The main figures of a run.
  public struct Scores: Codable, Hashable, Sendable {
    public var accuracy: Double
    public var macroF1: Double

    public init(accuracy: Double, macroF1: Double) {
      (self.accuracy, self.macroF1) = (accuracy, macroF1)
    }
  }

  /// What happened that the settings do not say, a sentence each: a new head.
  public var notes: [String]?
  /// What computed the convolutions, by purpose: "training", "evaluation". Absent where a head was
  /// trained on features.
  public var convolutions: [String: [ConvolutionGroup]]?
  /// The data that the run saw; nil in runs of earlier versions.
  public var data: DataIdentity?
  /// As the run wrote it; nil in runs of earlier versions. Readers take `knownRemedy`.
  public var remedy: Remedy?
  /// Nil where the run came to its end. One that diverged has neither weights nor predictions.
  public var divergence: Divergence?
  /// What the files of results hold: the XXH3-128 of each, in hexadecimal digits, by its name. Nil
  /// in runs of earlier versions.
  public var files: [String: String]?

  public init(
    name: String, strategy: String, loss: String, lossFingerprint: String, model: String,
    seed: UInt64, settings: [String: String], trainingCounts: ClassCounts, optimizerSteps: Int,
    imagesDrawn: Int, drawsPerClass: [Int], distinctPerClass: [Int], seconds: Double,
    finished: Date, splitHash: String, allowedLeaks: [String], machine: Machine,
    notes: [String]? = nil, convolutions: [String: [ConvolutionGroup]]? = nil,
    data: DataIdentity? = nil, remedy: Remedy? = nil, divergence: Divergence? = nil
  ) {
    self.name = name
    self.strategy = strategy
    self.loss = loss
    self.lossFingerprint = lossFingerprint
    self.model = model
    self.seed = seed
    self.settings = settings
    self.trainingCounts = trainingCounts
    self.optimizerSteps = optimizerSteps
    self.imagesDrawn = imagesDrawn
    self.drawsPerClass = drawsPerClass
    self.distinctPerClass = distinctPerClass
    self.seconds = seconds
    self.finished = finished
    self.splitHash = splitHash
    self.allowedLeaks = allowedLeaks
    self.machine = machine
    self.notes = notes
    self.convolutions = convolutions
    self.data = data
    self.remedy = remedy
    self.divergence = divergence
  }
}

extension RunRecord {
  /// What the run did against imbalance, whichever version wrote it.
  public var knownRemedy: Remedy {
    if let remedy { return remedy }
    var known = Remedy(settings: settings)
    (known.strategy, known.loss) = (strategy, loss)
    return known
  }
}
