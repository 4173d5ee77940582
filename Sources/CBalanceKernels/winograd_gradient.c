#include "winograd_transforms.h"

// u[b][i] += sum over tiles of v[t][i] e[b][t], for `channels` channels i and `blocks` blocks b.
CK_INLINE void accumulate(const float *v, const float *e, float *u, size_t u_block, size_t tiles,
                          const int channels, const int blocks) {
  v16 sum[16][2];
  CK_UNROLL for (int i = 0; i < channels; i++)
    CK_UNROLL for (int b = 0; b < blocks; b++) sum[i][b] = CK_LOAD(u + b * u_block + i * 16);
#pragma clang loop unroll_count(2)
  for (size_t t = 0; t < tiles; t++) {
    v16 gradient[2];
    CK_UNROLL for (int b = 0; b < blocks; b++)
      gradient[b] = CK_LOAD(e + b * ck_block_step + t * 16);
    CK_UNROLL for (int i = 0; i < channels; i++) {
      const float value = v[t * 16 + i];
      CK_UNROLL for (int b = 0; b < blocks; b++) sum[i][b] += value * gradient[b];
    }
  }
  CK_UNROLL for (int i = 0; i < channels; i++)
    CK_UNROLL for (int b = 0; b < blocks; b++) CK_STORE(u + b * u_block + i * 16, sum[i][b]);
}

// The products of a group of tiles for all pairs of blocks, as many channels at a time as sums fit
// the registers: 16 of 512 bits, or, `narrow`, 12 of 256.
CK_INLINE void accumulate_group(const float *v, size_t in_blocks, const float *e,
                                size_t out_blocks, float *u, size_t tiles, const int narrow) {
  for (size_t block = 0; block < out_blocks;) {
    const size_t blocks = !narrow && block + 2 <= out_blocks ? 2 : 1;
    const float *gradient = e + block * ck_block_step;
    for (size_t b = 0; b < in_blocks; b++) {
      const float *values = v + b * ck_block_step;
      float *line = u + (block * in_blocks + b) * 256;
      if (narrow) {
        accumulate(values, gradient, line, 0, tiles, 6, 1);
        accumulate(values + 6, gradient, line + 96, 0, tiles, 6, 1);
        accumulate(values + 12, gradient, line + 192, 0, tiles, 4, 1);
      } else if (blocks == 2) {
        accumulate(values, gradient, line, in_blocks * 256, tiles, 8, 2);
        accumulate(values + 8, gradient, line + 128, in_blocks * 256, tiles, 8, 2);
      } else {
        accumulate(values, gradient, line, 0, tiles, 16, 1);
      }
    }
    block += blocks;
  }
}

CK_INLINE void gradient(const ck_winograd *s, const float *padded, const float *padded_dout,
                        float *transformed_gradient, void *scratch, const int narrow) {
  const size_t rows = ck_winograd_padded(s->height), columns = ck_winograd_padded(s->width);
  const size_t ins = s->in_blocks, outs = s->out_blocks, total = ck_tile_count(s);
  const size_t v_step = ck_group_step(ins), e_step = ck_group_step(outs);
  float *v = scratch, *e = v + 36 * v_step;
  ck_tile tile = {0, 0, 0};
  for (size_t first = 0; first < total; first += ck_group_tiles) {
    const size_t count = total - first < ck_group_tiles ? total - first : ck_group_tiles;
    for (size_t t = 0; t < count; t++, ck_tile_next(s, &tile)) {
      for (size_t b = 0; b < ins; b++)
        ck_input_tile(
            padded + (((tile.image * ins + b) * rows + tile.row) * columns + tile.column) * 16,
            columns * 16, v + b * ck_block_step + t * 16, v_step);
      for (size_t b = 0; b < outs; b++)
        ck_gradient_tile(padded_dout + (((tile.image * outs + b) * rows + tile.row + 1) * columns +
                                        tile.column + 1) * 16,
                         columns * 16, e + b * ck_block_step + t * 16, e_step);
    }
    for (size_t x = 0; x < 36; x++)
      accumulate_group(v + x * v_step, ins, e + x * e_step, outs,
                       transformed_gradient + x * ins * outs * 256, count, narrow);
  }
}

CK_FOR_AVX512 static void gradient_avx512(const ck_winograd *s, const float *padded,
                                          const float *padded_dout, float *transformed_gradient,
                                          void *scratch) {
  gradient(s, padded, padded_dout, transformed_gradient, scratch, 0);
}

CK_FOR_AVX2 static void gradient_avx2(const ck_winograd *s, const float *padded,
                                      const float *padded_dout, float *transformed_gradient,
                                      void *scratch) {
  gradient(s, padded, padded_dout, transformed_gradient, scratch, 1);
}

void ck_winograd_gradient(const ck_winograd *s, const float *padded, const float *padded_dout,
                          float *transformed_gradient, void *scratch) {
  (s->avx512 ? gradient_avx512 : gradient_avx2)(s, padded, padded_dout, transformed_gradient,
                                                scratch);
}
