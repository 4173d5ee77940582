import CBalanceKernels

/// The part of an output that a call of a kernel computes, of all its images.
package struct KernelPart: Sendable {
  var native: ck_part

  /// - Parameters:
  ///   - blocks: of 16 channels.
  ///   - rows: of a map.
  package init(blocks: Range<Int>, rows: Range<Int>) {
    native = ck_part(
      first_block: blocks.lowerBound, end_block: blocks.upperBound, first_row: rows.lowerBound,
      end_row: rows.upperBound)
  }
}
