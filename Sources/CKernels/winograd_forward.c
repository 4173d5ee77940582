#include "winograd_transforms.h"

CK_AVX512_BEGIN

// m[t][b] = sum over i of v[t][i] u[b][i], for `tiles` tiles and `blocks` blocks of outputs.
CK_INLINE void multiply(const float *v, size_t channels, const float *u, float *m, size_t m_tile,
                        const int tiles, const int blocks) {
  v16 sum[16][2];
  CK_UNROLL for (int t = 0; t < tiles; t++)
    CK_UNROLL for (int b = 0; b < blocks; b++) sum[t][b] = (v16){0};
#pragma clang loop unroll_count(2)
  for (size_t i = 0; i < channels; i++) {
    v16 weights[2];
    CK_UNROLL for (int b = 0; b < blocks; b++)
      weights[b] = CK_LOAD(u + ((size_t)b * channels + i) * 16);
    CK_UNROLL for (int t = 0; t < tiles; t++) {
      const float value = v[(size_t)t * channels + i];
      CK_UNROLL for (int b = 0; b < blocks; b++) sum[t][b] += value * weights[b];
    }
  }
  CK_UNROLL for (int t = 0; t < tiles; t++)
    CK_UNROLL for (int b = 0; b < blocks; b++) CK_STORE(m + t * m_tile + b * 16, sum[t][b]);
}

CK_INLINE void multiply_group(const float *v, size_t v_step, size_t channels, const float *u,
                              size_t u_step, float *m, size_t m_step, size_t tiles,
                              const int blocks) {
  for (size_t x = 0; x < 36; x++) {
    size_t t = 0;
    if (blocks == 1)
      for (; t + 16 <= tiles; t += 16)
        multiply(v + x * v_step + t * channels, channels, u + x * u_step,
                 m + x * m_step + t * 16, 16, 16, 1);
    for (; t + 8 <= tiles; t += 8)
      multiply(v + x * v_step + t * channels, channels, u + x * u_step,
               m + x * m_step + t * blocks * 16, blocks * 16, 8, blocks);
    // The last tiles may be computed along with neighbours that nobody reads.
    for (; t < tiles; t += 4)
      multiply(v + x * v_step + t * channels, channels, u + x * u_step,
               m + x * m_step + t * blocks * 16, blocks * 16, 4, blocks);
  }
}

// Sums about an origin near the mean, so that squares lose no digits.
typedef struct {
  v16 origin, sum, squares;
  size_t count;
} moments;

CK_INLINE void add_moments(moments *m, v16 value) {
  const v16 offset = value - m->origin;
  m->sum += offset;
  m->squares += offset * offset;
}

static void flush_moments(const moments *m, double *sums, size_t channels) {
  const double n = (double)m->count;
  for (size_t l = 0; l < 16; l++) {
    const double o = m->origin[l], s = m->sum[l], q = m->squares[l];
    sums[l] += s + o * n;
    sums[channels + l] += q + 2 * o * s + o * o * n;
  }
}

// Transforms one block of a group's products and stores them, without what lies outside the map.
CK_INLINE void store_group(const ck_winograd *s, size_t first, size_t count, const float *m,
                           size_t m_step, size_t m_tile, size_t block, void *out, double *sums,
                           const int summed, const int bf16) {
  moments total = {{0}, {0}, {0}, 0};
  for (size_t t = 0; t < count; t++) {
    const ck_tile tile = ck_tile_at(s, first + t);
    v16 y[16];
    ck_output_tile(m + t * m_tile, m_step, y);
    const size_t plane = (tile.image * s->out_blocks + block) * s->height;
    const size_t at = ((plane + 4 * tile.row) * s->width + 4 * tile.column) * 16;
    if (summed && t == 0) total.origin = y[0];
    if (4 * tile.row + 4 <= s->height && 4 * tile.column + 4 <= s->width) {
      CK_UNROLL for (int i = 0; i < 4; i++)
        CK_UNROLL for (int j = 0; j < 4; j++)
          CK_PUT(out, at + (i * s->width + j) * 16, y[4 * i + j], bf16);
      if (summed) {
        CK_UNROLL for (int i = 0; i < 16; i++) add_moments(&total, y[i]);
        total.count += 16;
      }
    } else {
      _Alignas(64) float kept[16][16];
      for (int i = 0; i < 16; i++) CK_STORE(kept[i], y[i]);
      for (size_t i = 0; i < 4 && 4 * tile.row + i < s->height; i++)
        for (size_t j = 0; j < 4 && 4 * tile.column + j < s->width; j++) {
          const v16 value = CK_LOAD(kept[4 * i + j]);
          CK_PUT(out, at + (i * s->width + j) * 16, value, bf16);
          if (summed) {
            add_moments(&total, value);
            total.count++;
          }
        }
    }
  }
  if (summed) flush_moments(&total, sums + block * 16, s->out_blocks * 16);
}

CK_INLINE void forward(const ck_winograd *s, const float *padded, const float *transformed,
                       void *out, double *sums, float *scratch, const int summed, const int bf16) {
  const size_t rows = ck_winograd_padded(s->height), columns = ck_winograd_padded(s->width);
  const size_t channels = s->in_blocks * 16, group = ck_group_tiles(s);
  const size_t total =
      s->images * ck_winograd_tiles(s->height) * ck_winograd_tiles(s->width);
  const size_t v_step = ck_group_step(group, channels);
  float *v = scratch, *m = scratch + 36 * v_step;
  for (size_t first = 0; first < total; first += group) {
    const size_t count = total - first < group ? total - first : group;
    for (size_t t = 0; t < count; t++) {
      const ck_tile tile = ck_tile_at(s, first + t);
      for (size_t b = 0; b < s->in_blocks; b++) {
        const size_t plane = (tile.image * s->in_blocks + b) * rows;
        ck_input_tile(padded + ((plane + 4 * tile.row) * columns + 4 * tile.column) * 16,
                      columns * 16, v + t * channels + b * 16, v_step);
      }
    }
    for (size_t block = 0; block < s->out_blocks;) {
      const int pair = block + 2 <= s->out_blocks;
      const size_t m_tile = pair ? 32 : 16, m_step = ck_group_step(group, m_tile);
      const float *u = transformed + block * channels * 16;
      const size_t u_step = s->out_blocks * channels * 16;
      if (pair)
        multiply_group(v, v_step, channels, u, u_step, m, m_step, count, 2);
      else
        multiply_group(v, v_step, channels, u, u_step, m, m_step, count, 1);
      for (size_t b = 0; b < m_tile / 16; b++)
        store_group(s, first, count, m + b * 16, m_step, m_tile, block + b, out, sums, summed,
                    bf16);
      block += m_tile / 16;
    }
  }
}

void ck_winograd_forward(const ck_winograd *s, const float *padded, const float *transformed,
                         void *out, double *sums, void *scratch, int bf16) {
  if (sums && bf16)
    forward(s, padded, transformed, out, sums, scratch, 1, 1);
  else if (sums)
    forward(s, padded, transformed, out, sums, scratch, 1, 0);
  else if (bf16)
    forward(s, padded, transformed, out, sums, scratch, 0, 1);
  else
    forward(s, padded, transformed, out, sums, scratch, 0, 0);
}

CK_AVX512_END
