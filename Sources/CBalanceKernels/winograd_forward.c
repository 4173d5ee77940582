#include "moments.h"
#include "winograd_transforms.h"

// m[b][t] = sum over blocks and lanes i of v[block][t][i] u[b][block][i], for `tiles` tiles and
// `blocks` blocks of outputs.
CK_INLINE void multiply(const float *v, size_t in_blocks, const float *u, float *m,
                        const int tiles, const int blocks) {
  v16 sum[16][2];
  CK_UNROLL for (int t = 0; t < tiles; t++)
    CK_UNROLL for (int b = 0; b < blocks; b++) sum[t][b] = (v16){0};
  for (size_t block = 0; block < in_blocks; block++, v += ck_block_step, u += 256)
#pragma clang loop unroll_count(4)
    for (size_t i = 0; i < 16; i++) {
      v16 weights[2];
      CK_UNROLL for (int b = 0; b < blocks; b++)
        weights[b] = CK_LOAD(u + (size_t)b * in_blocks * 256 + i * 16);
      CK_UNROLL for (int t = 0; t < tiles; t++) {
        const float value = v[t * 16 + i];
        CK_UNROLL for (int b = 0; b < blocks; b++) sum[t][b] += value * weights[b];
      }
    }
  CK_UNROLL for (int t = 0; t < tiles; t++)
    CK_UNROLL for (int b = 0; b < blocks; b++) CK_STORE(m + b * ck_block_step + t * 16, sum[t][b]);
}

// One of the 36 products of a group, as many tiles at a time as sums fit the registers: 16 of 512
// bits, or, `narrow`, 12 of 256. The last tiles may be computed along with neighbours that nobody
// reads.
CK_INLINE void multiply_part(const float *v, size_t in_blocks, const float *u, float *m,
                             size_t tiles, const int blocks, const int narrow) {
  size_t t = 0;
  if (narrow) {
    // Six at a time, unless fours take as many turns.
    for (; tiles > t + 8 || tiles == t + 5 || tiles == t + 6; t += 6)
      multiply(v + t * 16, in_blocks, u, m + t * 16, 6, blocks);
  } else {
    if (blocks == 1)
      for (; t + 16 <= tiles; t += 16)
        multiply(v + t * 16, in_blocks, u, m + t * 16, 16, 1);
    for (; t + 8 <= tiles; t += 8)
      multiply(v + t * 16, in_blocks, u, m + t * 16, 8, blocks);
  }
  for (; t < tiles; t += 4)
    multiply(v + t * 16, in_blocks, u, m + t * 16, 4, blocks);
}

// Stores a tile of which `height` rows and `width` columns lie within the map; constants 4 where
// all of it does.
CK_INLINE void store_tile(v16 columns[6][4], void *out, size_t at, size_t row_step, size_t height,
                          size_t width, moments *total, const int summed, const int bf16) {
  CK_UNROLL for (size_t i = 0; i < 4; i++) {
    v16 row[4];
    ck_output_row(columns, (int)i, row);
    if (summed && i == 0 && total->count == 0) total->origin = row[0];
    CK_UNROLL for (size_t j = 0; j < 4; j++)
      if (i < height && j < width) {
        CK_PUT(out, at + i * row_step + j * 16, row[j], bf16);
        if (summed) add_moments(total, &row[j]);
      }
  }
  total->count += height * width;
}

// Transforms one block of a group's products and stores them, without what lies outside the map.
CK_INLINE void store_group(const ck_winograd *s, ck_tile tile, size_t count, const float *m,
                           size_t m_step, size_t block, void *out, double *sums,
                           const int summed, const int bf16) {
  moments total = {{0}, {0}, {0}, 0};
  for (size_t t = 0; t < count; t++, ck_tile_next(s, &tile)) {
    v16 columns[6][4];
    ck_output_columns(m + t * 16, m_step, columns);
    const size_t plane = (tile.image * s->out_blocks + block) * s->height;
    const size_t at = ((plane + tile.row) * s->width + tile.column) * 16, row = s->width * 16;
    const size_t height = s->height - tile.row, width = s->width - tile.column;
    if (height >= 4 && width >= 4)
      store_tile(columns, out, at, row, 4, 4, &total, summed, bf16);
    else
      store_tile(columns, out, at, row, height < 4 ? height : 4, width < 4 ? width : 4, &total,
                 summed, bf16);
  }
  if (summed) flush_moments(&total, sums + block * 16, s->out_blocks * 16);
}

CK_INLINE void forward(const ck_winograd *s, const float *padded, const float *transformed,
                       void *out, double *sums, float *scratch, const int summed, const int bf16,
                       const int narrow) {
  const size_t rows = ck_winograd_padded(s->height), columns = ck_winograd_padded(s->width);
  const size_t total = ck_tile_count(s), v_step = ck_group_step(s->in_blocks);
  const size_t u_step = s->out_blocks * s->in_blocks * 256;
  float *v = scratch, *m = scratch + 36 * v_step;
  ck_tile tile = {0, 0, 0};
  for (size_t first = 0; first < total; first += ck_group_tiles) {
    const size_t count = total - first < ck_group_tiles ? total - first : ck_group_tiles;
    const ck_tile start = tile;
    for (size_t t = 0; t < count; t++, ck_tile_next(s, &tile))
      for (size_t b = 0; b < s->in_blocks; b++) {
        const size_t plane = (tile.image * s->in_blocks + b) * rows;
        ck_input_tile(padded + ((plane + tile.row) * columns + tile.column) * 16, columns * 16,
                      v + b * ck_block_step + t * 16, v_step);
      }
    for (size_t block = 0; block < s->out_blocks;) {
      const size_t blocks = !narrow && block + 2 <= s->out_blocks ? 2 : 1;
      const size_t m_step = ck_group_step(blocks);
      const float *u = transformed + block * s->in_blocks * 256;
      for (size_t x = 0; x < 36; x++)
        if (blocks == 2)
          multiply_part(v + x * v_step, s->in_blocks, u + x * u_step, m + x * m_step, count, 2, 0);
        else
          multiply_part(v + x * v_step, s->in_blocks, u + x * u_step, m + x * m_step, count, 1,
                        narrow);
      for (size_t b = 0; b < blocks; b++)
        store_group(s, start, count, m + b * ck_block_step, m_step, block + b, out, sums, summed,
                    bf16);
      block += blocks;
    }
  }
}

CK_INLINE void forward_of(const ck_winograd *s, const float *padded, const float *transformed,
                          void *out, double *sums, void *scratch, int bf16, const int narrow) {
  if (sums && bf16)
    forward(s, padded, transformed, out, sums, scratch, 1, 1, narrow);
  else if (sums)
    forward(s, padded, transformed, out, sums, scratch, 1, 0, narrow);
  else if (bf16)
    forward(s, padded, transformed, out, sums, scratch, 0, 1, narrow);
  else
    forward(s, padded, transformed, out, sums, scratch, 0, 0, narrow);
}

CK_FOR_AVX512 static void forward_avx512(const ck_winograd *s, const float *padded,
                                         const float *transformed, void *out, double *sums,
                                         void *scratch, int bf16) {
  forward_of(s, padded, transformed, out, sums, scratch, bf16, 0);
}

CK_FOR_AVX2 static void forward_avx2(const ck_winograd *s, const float *padded,
                                     const float *transformed, void *out, double *sums,
                                     void *scratch, int bf16) {
  forward_of(s, padded, transformed, out, sums, scratch, bf16, 1);
}

void ck_winograd_forward(const ck_winograd *s, const float *padded, const float *transformed,
                         void *out, double *sums, void *scratch, int bf16) {
  (s->avx512 ? forward_avx512 : forward_avx2)(s, padded, transformed, out, sums, scratch, bf16);
}
