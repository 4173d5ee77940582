#include "winograd_transforms.h"

CK_AVX512_BEGIN

// u[b][i] += sum over tiles of v[t][i] e[t][b], for `channels` channels i and `blocks` blocks b.
CK_INLINE void accumulate(const float *v, size_t v_tile, const float *e, size_t e_tile, float *u,
                          size_t u_block, size_t tiles, const int channels, const int blocks) {
  v16 sum[16][2];
  CK_UNROLL for (int i = 0; i < channels; i++)
    CK_UNROLL for (int b = 0; b < blocks; b++) sum[i][b] = CK_LOAD(u + b * u_block + i * 16);
#pragma clang loop unroll_count(2)
  for (size_t t = 0; t < tiles; t++) {
    v16 gradient[2];
    CK_UNROLL for (int b = 0; b < blocks; b++) gradient[b] = CK_LOAD(e + t * e_tile + b * 16);
    CK_UNROLL for (int i = 0; i < channels; i++) {
      const float value = v[t * v_tile + i];
      CK_UNROLL for (int b = 0; b < blocks; b++) sum[i][b] += value * gradient[b];
    }
  }
  CK_UNROLL for (int i = 0; i < channels; i++)
    CK_UNROLL for (int b = 0; b < blocks; b++) CK_STORE(u + b * u_block + i * 16, sum[i][b]);
}

// The products of a group of tiles for all pairs of blocks.
CK_INLINE void accumulate_group(const float *v, size_t in, const float *e, size_t out, float *u,
                                size_t tiles) {
  for (size_t block = 0; block < out / 16;) {
    float *line = u + block * in * 16;
    if (block + 2 <= out / 16) {
      for (size_t i = 0; i < in; i += 8)
        accumulate(v + i, in, e + block * 16, out, line + i * 16, in * 16, tiles, 8, 2);
      block += 2;
    } else {
      for (size_t i = 0; i < in; i += 16)
        accumulate(v + i, in, e + block * 16, out, line + i * 16, in * 16, tiles, 16, 1);
      block += 1;
    }
  }
}

void ck_winograd_gradient(const ck_winograd *s, const float *padded, const float *padded_dout,
                          float *transformed_gradient, void *scratch) {
  const size_t rows = ck_winograd_padded(s->height), columns = ck_winograd_padded(s->width);
  const size_t in = s->in_blocks * 16, out = s->out_blocks * 16, group = ck_group_tiles(s);
  const size_t total =
      s->images * ck_winograd_tiles(s->height) * ck_winograd_tiles(s->width);
  const size_t v_step = ck_group_step(group, in), e_step = ck_group_step(group, out);
  float *v = scratch, *e = v + 36 * v_step;
  for (size_t first = 0; first < total; first += group) {
    const size_t count = total - first < group ? total - first : group;
    for (size_t t = 0; t < count; t++) {
      const ck_tile tile = ck_tile_at(s, first + t);
      const size_t row = 4 * tile.row, column = 4 * tile.column;
      for (size_t b = 0; b < s->in_blocks; b++)
        ck_input_tile(
            padded + (((tile.image * s->in_blocks + b) * rows + row) * columns + column) * 16,
            columns * 16, v + t * in + b * 16, v_step);
      for (size_t b = 0; b < s->out_blocks; b++)
        ck_gradient_tile(padded_dout + (((tile.image * s->out_blocks + b) * rows + row + 1) *
                                            columns + column + 1) * 16,
                         columns * 16, e + t * out + b * 16, e_step);
    }
    for (size_t x = 0; x < 36; x++)
      accumulate_group(v + x * v_step, in, e + x * e_step, out,
                       transformed_gradient + x * in * out, count);
  }
}

CK_AVX512_END
