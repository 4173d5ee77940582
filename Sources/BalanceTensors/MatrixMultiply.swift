import CBalanceOpenBLAS

/// C = A B + β C on row-major f32 matrices, by OpenBLAS on the calling thread.
///
/// - Parameters:
///   - a: `[rows, inner]`, or `[inner, rows]` if `transposeA`.
///   - b: `[inner, columns]`, or `[columns, inner]` if `transposeB`.
///   - c: `[rows, columns]`.
package func matrixMultiply(
  rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Float>, transposeA: Bool = false,
  _ b: UnsafePointer<Float>, transposeB: Bool = false, beta: Float = 0,
  into c: UnsafeMutablePointer<Float>
) {
  guard rows > 0, columns > 0 else { return }
  obl_sgemm(
    transposeA ? 1 : 0, transposeB ? 1 : 0, Int32(rows), Int32(columns), Int32(inner), 1, a,
    Int32(transposeA ? rows : inner), b, Int32(transposeB ? inner : columns), beta, c,
    Int32(columns))
}
