public import BalanceCore
public import BalanceDatasets
import BalanceImages
import BalanceLoading
import BalanceNetworks
import BalanceTensors
public import Foundation

/// Predicts images of a dataset with the weights of a finished run.
public struct Reprediction {
  private let run: RunFolder
  private let record: RunRecord

  public init(_ run: RunFolder, record: RunRecord) {
    self.run = run
    self.record = record
  }

  /// The images, with their labels as positions in `classNames`, and what the user should know of
  /// them, a line each.
  private struct Chosen {
    var images: [ImageRecord]
    var labels: [Int]
    var notes: [String] = []
  }

  /// What the run says of images, its classes being matched with the dataset's by their names.
  ///
  /// - Throws: `BalanceError` with code `data` where the dataset is not the run's own, or has
  ///   changed since, and its own test images are asked for; where there is no such image; or where
  ///   images are of a class that the run does not know: no answer could be right.
  public func predict(
    _ part: EvaluatedPart, of index: DatasetIndex, threads: Int, cacheFolder: URL,
    progress: any ProgressReporter
  ) throws -> PredictionTable {
    let model = try run.model()
    let chosen = try part == .ownTest ? ownTest(of: index) : others(part, of: index, model)
    for note in chosen.notes { progress.note("note: \(note)") }
    let input = model.network.input
    let cache = try PixelCache.build(
      images: chosen.images, root: index.root, size: (width: input.width, height: input.height),
      channels: input.channels, range: model.range ?? .full, at: cacheFolder, threads: threads,
      progress: progress)
    let batchSize = record.settings["batch-size"].flatMap(Int.init) ?? 32
    let evaluator = try Evaluator(
      model.network, parameters: run.parameters(of: model), batchSize: batchSize,
      pool: ComputePool(threads: threads), options: model.options.onThisMachine)
    let loader = BatchLoader(
      inOrder: chosen.images.indices, of: cache, labels: chosen.labels, batchSize: batchSize,
      normalization: model.normalization)
    return PredictionTable(
      classNames: model.classNames, images: chosen.images, labels: chosen.labels,
      probabilities: try evaluator.probabilities(loader, check: { try cache.check() }))
  }

  private func ownTest(of index: DatasetIndex) throws(BalanceError) -> Chosen {
    let data = try TrainingData(
      index, split: record.settings["split"], allowLeak: !record.allowedLeaks.isEmpty)
    if let change = run.change(of: data, since: record) {
      throw BalanceError(
        .data,
        "is not the dataset and split that the run '\(record.name)' was trained on: \(change)",
        at: index.root.path,
        remedy: "train the run again, or say which images it is to be evaluated on all the same: "
          + "--split \(DatasetIndex.allImages), or --role test")
    }
    let images = Array(data.images[data.test])
    return Chosen(images: images, labels: images.map(\.label))
  }

  private func others(
    _ part: EvaluatedPart, of index: DatasetIndex, _ model: ModelDescription
  ) throws(BalanceError) -> Chosen {
    let (images, words) = try images(part, of: index)
    guard !images.isEmpty else {
      throw BalanceError(
        .data, "there are no images to evaluate: \(words)", at: index.root.path,
        remedy: "'balance analyze' shows what there is")
    }
    var known: [String: Int] = [:]
    for (label, name) in model.classNames.enumerated() { known[name] = known[name] ?? label }
    let names = try index.classNames()
    var unknown: [Int: Int] = [:]
    var labels: [Int] = []
    for image in images {
      if let label = known[names[image.label]] {
        labels.append(label)
      } else {
        unknown[image.label, default: 0] += 1
      }
    }
    guard unknown.isEmpty else {
      let list = unknown.sorted { $0.key < $1.key }
        .map { "'\(names[$0.key])' (\(NumberText.counted($0.value, "image")))" }
      let more = list.count > 5 ? " and \(list.count - 5) more" : ""
      throw BalanceError(
        .data,
        "has classes that the run does not know: \(list.prefix(5).joined(separator: ", "))\(more)",
        at: index.root.path,
        remedy: "leave these images out, or name their classes as the run does: "
          + model.classNames.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
          + (model.classNames.count > 5 ? ", …" : ""))
    }
    return Chosen(images: images, labels: labels, notes: notes(images, names, words, index))
  }

  /// The images, and what they are in words.
  private func images(_ part: EvaluatedPart, of index: DatasetIndex) throws(BalanceError)
    -> ([ImageRecord], String)
  {
    guard case .split(let name, let role) = part else {
      return (try index.images(), "all images of the dataset")
    }
    let own = record.settings["split"]
    let hasOwn = try index.splits().contains { $0.name == own }
    let split = name ?? (hasOwn ? own : nil) ?? DatasetIndex.defaultSplit
    let words = role.map { "role \($0.rawValue) of the split '\(split)'" } ?? "the split '\(split)'"
    return (try index.images(split: split, role: role), words)
  }

  /// Whether they are images that the run knows, and how.
  private func notes(
    _ images: [ImageRecord], _ names: [String], _ words: String, _ index: DatasetIndex
  ) -> [String] {
    let place = "\(index.root.relativePath), \(words), \(images.count) images"
    guard let seen = SeenImages(reading: run.url) else {
      return ["evaluated on \(place); the run does not say which images it was trained on"]
    }
    var test: Set<[ByteKey]> = []
    var trained: Set<String> = []
    for row in seen.rows {
      if row.role == .test {
        test.insert([row.path, row.className, row.content].map(ByteKey.init))
      }
      if row.role == .train { trained.insert(row.content) }
    }
    let isOwn =
      images.count == test.count
      && images.allSatisfy {
        test.contains([$0.path, names[$0.label], $0.contentHash].map(ByteKey.init))
      }
    var notes = [
      isOwn
        ? "evaluated on the run's own test images: \(place)"
        : "evaluated on other images than the run's own test images: \(place)"
    ]
    let known = images.count { trained.contains($0.contentHash) }
    if known > 0 {
      notes.append(
        "the run was trained on \(known) of these \(images.count) images: figures on them are too "
          + "good")
    }
    return notes
  }
}
