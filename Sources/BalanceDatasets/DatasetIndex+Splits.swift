public import BalanceCore
import Foundation
import GRDB

extension DatasetIndex {
  /// Makes a split and stores it, in place of a generated one of the same name.
  ///
  /// A pure function of paths, contents, classes, groups and the request: the same on every
  /// machine. See `SplitPlanner` for how the images are shared out. Where the request keeps the
  /// dataset's own test images, images to which the dataset gives no role stay outside. A member is
  /// a file's path: an image that leaves the dataset has its part again when it comes back.
  ///
  /// - Throws: `BalanceError`: `usage` where the request makes no sense, the name is that of a
  ///   split which the dataset brings along, or test images are to be kept and it has none of its
  ///   own, or has validation images besides; `data` where there are no images.
  public func makeSplit(_ request: SplitRequest) throws(BalanceError) -> SplitReport {
    try makeSplit(request, isAutomatic: false)
  }

  /// - Parameter isAutomatic: whether nobody asked for it, so that it gives way where the dataset
  ///   is read in another way later.
  package func makeSplit(_ request: SplitRequest, isAutomatic: Bool) throws(BalanceError)
    -> SplitReport
  {
    try request.validate()
    let kept = request.keepsTest ? try ownTest() : []
    let images = try request.keepsTest ? ownImages(.train) : images()
    guard !images.isEmpty else {
      throw BalanceError(
        .data, "there is no image that can be used, so nothing to split", at: root.path,
        remedy: "see 'balance analyze' for what is wrong with each file")
    }
    if let existing = try splits().first(where: { $0.name == request.name }),
      existing.origin != .generated
    {
      let source = existing.origin == .folders ? "folders" : "table"
      throw BalanceError(
        .usage, "the split '\(request.name)' comes from the dataset's \(source)", at: root.path,
        remedy: "choose another name with --name")
    }
    let names = try classNames()
    let plan = SplitPlanner(images: images, classCount: names.count, request: request).plan()
    let members = (Array(zip(images, plan.roles)) + kept.map { ($0, .test) })
      .sorted { precedesInBytes($0.0.path, $1.0.path) }
    let hash = Self.splitHash(members.map { ($0.path, $1) })
    let source = try storedSource()?.source
    try write { db in
      try db.execute(sql: "DELETE FROM split WHERE name = ?", arguments: [request.name])
      try db.execute(
        sql: """
          INSERT INTO split (name, origin, seed, val, test, keeps_test, hash, members,
            specification, automatic, created)
          VALUES (?, 'generated', ?, ?, ?, ?, ?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ'))
          """,
        arguments: try [
          request.name, Int64(bitPattern: request.seed), request.val, request.test,
          request.keepsTest, hash, members.count, source?.specification, isAutomatic,
        ])
      let split = db.lastInsertedRowID
      for (image, role) in members {
        try db.cachedExecute(
          "INSERT INTO split_member (split_id, path, role) VALUES (?, ?, ?)",
          [split, image.path, role.rawValue])
      }
    }
    return SplitReport(request: request, hash: hash, names: names, plan: plan, kept: kept)
  }

  /// The test images that the dataset itself says.
  private func ownTest() throws(BalanceError) -> [ImageRecord] {
    func refuse(_ what: String, _ remedy: String) -> BalanceError {
      BalanceError(.usage, what, at: root.path, remedy: remedy)
    }
    let test = try ownImages(.test)
    guard !test.isEmpty else {
      throw refuse(
        "has no test images of its own, in a folder or by a column of its table",
        "leave --keep-test out and give --test 0.15")
    }
    let validation = try ownImages(.val).count
    guard validation == 0 else {
      throw refuse(
        "has validation images of its own (\(validation)), which would go unused",
        "take its own split, '\(Self.defaultSplit)', which has them and the test images")
    }
    return test
  }

  /// The images to which the dataset itself gives a role.
  private func ownImages(_ role: SplitRole) throws(BalanceError) -> [ImageRecord] {
    guard let own = try splits().first(where: { $0.origin != .generated }) else { return [] }
    return try images(split: own.name, role: role)
  }

  /// - Parameter members: in the order of their paths' bytes.
  static func splitHash(_ members: some Sequence<(String, SplitRole)>) -> String {
    var text = ""
    for (path, role) in members { text += "\(path)\0\(role.rawValue)\n" }
    return ContentHash(of: text).hex
  }
}
