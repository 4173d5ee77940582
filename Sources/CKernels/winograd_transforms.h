// The transforms of F(4x4, 3x3) on tiles of 16 channels. Element (i, j) of a transformed tile lies
// at 6 i + j times `step`.
#pragma once

#include "winograd_internal.h"

CK_AVX512_BEGIN

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

// A^T applied to six values.
CK_INLINE void ck_output_line(v16 m0, v16 m1, v16 m2, v16 m3, v16 m4, v16 m5, v16 *out) {
  const v16 sum1 = m1 + m2, difference1 = m1 - m2;
  const v16 sum2 = m3 + m4, difference2 = m3 - m4;
  out[0] = m0 + sum1 + sum2;
  out[1] = difference1 + 2.0f * difference2;
  out[2] = sum1 + 4.0f * sum2;
  out[3] = (difference1 + 8.0f * difference2) + m5;
}

// A^T m A in two halves, so that no more values are alive at a time than there are registers:
// columns[j] = A^T applied to column j of m, then row i of the tile from all columns.
CK_INLINE void ck_output_columns(const float *m, size_t step, v16 columns[6][4]) {
  CK_UNROLL for (int j = 0; j < 6; j++)
    ck_output_line(CK_LOAD(m + j * step), CK_LOAD(m + (6 + j) * step), CK_LOAD(m + (12 + j) * step),
                   CK_LOAD(m + (18 + j) * step), CK_LOAD(m + (24 + j) * step),
                   CK_LOAD(m + (30 + j) * step), columns[j]);
}
CK_INLINE void ck_output_row(v16 columns[6][4], int i, v16 *row) {
  ck_output_line(columns[0][i], columns[1][i], columns[2][i], columns[3][i], columns[4][i],
                 columns[5][i], row);
}

// A applied to four values.
CK_INLINE void ck_gradient_line(v16 y0, v16 y1, v16 y2, v16 y3, v16 *out) {
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
    ck_gradient_line(CK_LOAD(tile + j * 16), CK_LOAD(tile + row + j * 16),
                     CK_LOAD(tile + 2 * row + j * 16), CK_LOAD(tile + 3 * row + j * 16),
                     columns[j]);
  CK_UNROLL for (int i = 0; i < 6; i++) {
    v16 line[6];
    ck_gradient_line(columns[0][i], columns[1][i], columns[2][i], columns[3][i], line);
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

CK_AVX512_END
