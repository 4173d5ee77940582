import BalanceCore
import Foundation
import Synchronization

/// Looks up size, times and number of listed files, on all threads.
enum FileStatus {
  /// Fills in what tells a changed file; what is missing, outside the root or not a file becomes a
  /// problem instead.
  static func resolve(
    _ listing: inout Listing, in confinement: Confinement, threads: Int
  ) {
    let candidates = listing.candidates
    guard !candidates.isEmpty else { return }
    let block = 1024
    let blocks = (candidates.count + block - 1) / block
    let results = Mutex<[Int: ([Candidate], [ProblemRecord])]>([:])
    let next = Atomic<Int>(0)
    Parallel.run(threads: max(1, min(threads, blocks))) {
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < blocks else { return }
        let range = index * block..<min((index + 1) * block, candidates.count)
        var found: [Candidate] = []
        var problems: [ProblemRecord] = []
        found.reserveCapacity(range.count)
        for var candidate in candidates[range] {
          if let problem = look(at: &candidate, confinement) {
            problems.append(problem)
          } else {
            found.append(candidate)
          }
        }
        results.withLock { $0[index] = (found, problems) }
      }
    }
    let parts = results.withLock { $0 }
    listing.candidates.removeAll(keepingCapacity: true)
    for index in 0..<blocks {
      guard let (found, problems) = parts[index] else { continue }
      listing.candidates += found
      listing.problems += problems
    }
  }

  private static func look(at candidate: inout Candidate, _ confinement: Confinement)
    -> ProblemRecord?
  {
    let path = candidate.path
    let absolute = confinement.absolute(path)
    var status = stat()
    guard lstat(absolute, &status) == 0 else { return missing(path, errno) }
    if status.st_mode & S_IFMT == S_IFLNK {
      if confinement.contains(real: path) == false { return outside(path) }
      guard stat(absolute, &status) == 0 else { return missing(path, errno) }
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      return ProblemRecord(
        path: path, kind: .notAFile, message: "is a folder or a special file, not an image file",
        remedy: "remove it or put an image file in its place")
    }
    candidate.take(status)
    return nil
  }

  static func missing(_ path: String, _ code: Int32) -> ProblemRecord {
    code == ENOENT || code == ENOTDIR
      ? ProblemRecord(
        path: path, kind: .missing, message: "the file is not there",
        remedy: "restore the file or remove its row or link")
      : ProblemRecord(
        path: path, kind: .unreadable,
        message: "cannot be looked up (\(String(cString: strerror(code))))",
        remedy: "check the permissions of the file and its folders")
  }

  static func unreadable(folder: String, _ error: BalanceError) -> ProblemRecord {
    ProblemRecord(
      path: folder.isEmpty ? "." : folder, kind: .unreadable, message: error.what,
      remedy: "check the permissions of the folder, and whether its path is too long")
  }

  static func outside(_ path: String) -> ProblemRecord {
    ProblemRecord(
      path: path, kind: .outsideRoot, message: "leads out of the dataset's folder",
      remedy: "move the file into the dataset, or allow it with --allow-outside-root")
  }
}

extension stat {
  /// Last change of the content, nanoseconds since 1970.
  var modifiedNanoseconds: Int64 {
    #if canImport(Darwin)
      st_mtimespec.nanoseconds
    #else
      st_mtim.nanoseconds
    #endif
  }

  /// Last change of the content, the name or anything else about the file, nanoseconds since 1970.
  var changedNanoseconds: Int64 {
    #if canImport(Darwin)
      st_ctimespec.nanoseconds
    #else
      st_ctim.nanoseconds
    #endif
  }
}

extension timespec {
  /// Since 1970; the largest or smallest number for times before 1677 and after 2262.
  fileprivate var nanoseconds: Int64 {
    let (product, overflows) = Int64(tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflowsAgain) = product.addingReportingOverflow(Int64(tv_nsec))
    return overflows || overflowsAgain ? (tv_sec < 0 ? .min : .max) : sum
  }
}
