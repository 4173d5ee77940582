// The transforms of F(4x4, 3x3) on tiles of 16 channels. Element (i, j) of a transformed tile lies
// at 6 i + j times `step`.
#pragma once

#include "winograd_internal.h"

// B^T applied to six values.
CK_INLINE void ck_input_line(const v16 *d, float *out, size_t step) {
  const v16 even4 = d[4] - 4.0f * d[2], odd4 = d[3] - 4.0f * d[1];
  const v16 even1 = d[4] - d[2], odd1 = d[3] - d[1];
  CK_STORE(out, 4.0f * d[0] + (d[4] - 5.0f * d[2]));
  CK_STORE(out + step, even4 + odd4);
  CK_STORE(out + 2 * step, even4 - odd4);
  CK_STORE(out + 3 * step, even1 + 2.0f * odd1);
  CK_STORE(out + 4 * step, even1 - 2.0f * odd1);
  CK_STORE(out + 5 * step, 4.0f * d[1] + (d[5] - 5.0f * d[3]));
}

// out = B^T d B for the 6x6 tile at `tile`, whose rows lie `row` floats apart. Lines are read again
// for each pair of outputs: all 36 values would not fit the registers.
CK_INLINE void ck_input_tile(const float *tile, size_t row, float *out, size_t step) {
#define CK_PIXEL(i, j) CK_LOAD(tile + (i) * row + (j) * 16)
  v16 a[6], b[6];
  CK_UNROLL for (int j = 0; j < 6; j++)
    a[j] = 4.0f * CK_PIXEL(0, j) + (CK_PIXEL(4, j) - 5.0f * CK_PIXEL(2, j));
  ck_input_line(a, out, step);
  CK_UNROLL for (int j = 0; j < 6; j++) {
    const v16 even = CK_PIXEL(4, j) - 4.0f * CK_PIXEL(2, j);
    const v16 odd = CK_PIXEL(3, j) - 4.0f * CK_PIXEL(1, j);
    a[j] = even + odd;
    b[j] = even - odd;
  }
  ck_input_line(a, out + 6 * step, step);
  ck_input_line(b, out + 12 * step, step);
  CK_UNROLL for (int j = 0; j < 6; j++) {
    const v16 even = CK_PIXEL(4, j) - CK_PIXEL(2, j);
    const v16 odd = CK_PIXEL(3, j) - CK_PIXEL(1, j);
    a[j] = even + 2.0f * odd;
    b[j] = even - 2.0f * odd;
  }
  ck_input_line(a, out + 18 * step, step);
  ck_input_line(b, out + 24 * step, step);
  CK_UNROLL for (int j = 0; j < 6; j++)
    a[j] = 4.0f * CK_PIXEL(1, j) + (CK_PIXEL(5, j) - 5.0f * CK_PIXEL(3, j));
  ck_input_line(a, out + 30 * step, step);
#undef CK_PIXEL
}

// A^T applied to six values that lie `step` floats apart.
CK_INLINE void ck_output_line(const float *m, size_t step, v16 *out) {
#define CK_LINE(k) CK_LOAD(m + (k) * step)
  const v16 sum1 = CK_LINE(1) + CK_LINE(2), difference1 = CK_LINE(1) - CK_LINE(2);
  const v16 sum2 = CK_LINE(3) + CK_LINE(4), difference2 = CK_LINE(3) - CK_LINE(4);
  out[0] = CK_LINE(0) + sum1 + sum2;
  out[1] = difference1 + 2.0f * difference2;
  out[2] = sum1 + 4.0f * sum2;
  out[3] = (difference1 + 8.0f * difference2) + CK_LINE(5);
#undef CK_LINE
}

// A^T m A in two halves, so that no more values are alive at a time than there are registers:
// columns[j] = A^T applied to column j of m, then row i of the tile from all columns.
CK_INLINE void ck_output_columns(const float *m, size_t step, v16 columns[6][4]) {
  CK_UNROLL for (int j = 0; j < 6; j++)
    ck_output_line(m + j * step, 6 * step, columns[j]);
}
CK_INLINE void ck_output_row(v16 columns[6][4], int i, v16 *row) {
  ck_output_line((const float *)&columns[0][i], 64, row);
}

// A applied to four values that lie `step` floats apart.
CK_INLINE void ck_gradient_line(const float *y, size_t step, v16 *out) {
  const v16 y0 = CK_LOAD(y), y1 = CK_LOAD(y + step), y2 = CK_LOAD(y + 2 * step);
  const v16 y3 = CK_LOAD(y + 3 * step);
  const v16 even1 = y0 + y2, odd1 = y1 + y3;
  const v16 even2 = y0 + 4.0f * y2, odd2 = 2.0f * y1 + 8.0f * y3;
  out[0] = y0;
  out[1] = even1 + odd1;
  out[2] = even1 - odd1;
  out[3] = even2 + odd2;
  out[4] = even2 - odd2;
  out[5] = y3;
}

// out = A dY A^T for the 4x4 tile at `tile`.
CK_INLINE void ck_gradient_tile(const float *tile, size_t row, float *out, size_t step) {
  v16 columns[4][6];
  CK_UNROLL for (int j = 0; j < 4; j++)
    ck_gradient_line(tile + j * 16, row, columns[j]);
  CK_UNROLL for (int i = 0; i < 6; i++) {
    v16 line[6];
    ck_gradient_line((const float *)&columns[0][i], 96, line);
    CK_UNROLL for (int j = 0; j < 6; j++) CK_STORE(out + (6 * i + j) * step, line[j]);
  }
}

// G, of which both the weights' transform and its transpose are made.
static const float ck_weights_matrix[6][3] = {
    {1.0f / 4, 0, 0},
    {-1.0f / 6, -1.0f / 6, -1.0f / 6},
    {-1.0f / 6, 1.0f / 6, -1.0f / 6},
    {1.0f / 24, 1.0f / 12, 1.0f / 6},
    {1.0f / 24, -1.0f / 12, 1.0f / 6},
    {0, 0, 1},
};
