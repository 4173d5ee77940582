#include "include/pointwise.h"

#include "epilogue_internal.h"

// Pixels and blocks of outputs whose sums are kept in registers together: as many as there are room
// for, of 512 bits, or, `narrow`, of 256.
enum { pixels_at_once = 14, blocks_at_once = 2, narrow_pixels_at_once = 6 };

// Pixels are worked on so many at a time: their inputs, as f32, stay in the cache while all weights
// pass by.
static size_t chunk_pixels(const ck_pointwise *s) {
  const size_t pixels = ((size_t)64 << 10) / (s->in_blocks * 16 * sizeof(float));
  const size_t groups = pixels / pixels_at_once;
  return (groups < 2 ? 2 : groups) * pixels_at_once;
}

// Floats of a chunk, with room behind it for the pixels that its last ones are computed along with.
static size_t chunk_floats(const ck_pointwise *s) {
  return (chunk_pixels(s) * s->in_blocks + narrow_pixels_at_once) * 16;
}

size_t ck_pointwise_scratch_bytes(const ck_pointwise *s) {
  return chunk_floats(s) * sizeof(float) + chunk_pixels(s) * 2 * sizeof(size_t);
}

void ck_pointwise_weights(const ck_pointwise *s, const float *weights, size_t out_channels,
                          size_t in_channels, float *packed) {
  for (size_t ob = 0; ob < s->out_blocks; ob++)
    for (size_t i = 0; i < s->in_blocks * 16; i++)
      for (size_t l = 0; l < 16; l++) {
        const size_t o = ob * 16 + l;
        *packed++ = o < out_channels && i < in_channels ? weights[o * in_channels + i] : 0;
      }
}

// The pixels of a chunk: the element of the first block where each lies, in x and in y.
typedef struct {
  float *values;
  size_t *from, *to;
  size_t count, most;
} chunk;

// The chunk's pixels from number `first` of the call on.
static void place_pixels(const ck_pointwise *s, const ck_part *part, size_t first, chunk *c) {
  const size_t in_plane = s->in_height * s->in_width, out_plane = s->out_height * s->out_width;
  const size_t per_image = (part->end_row - part->first_row) * s->out_width;
  size_t n = first / per_image, j = first % s->out_width;
  size_t i = part->first_row + first % per_image / s->out_width;
  for (size_t p = 0; p < c->count; p++) {
    c->from[p] = (n * s->in_blocks * in_plane + (i * s->in_width + j) * s->stride) * 16;
    c->to[p] = (n * s->out_blocks * out_plane + i * s->out_width + j) * 16;
    if (++j < s->out_width) continue;
    j = 0;
    if (++i < part->end_row) continue;
    i = part->first_row;
    n++;
  }
}

// Values as f32: [in blocks, most, 16].
CK_INLINE void read_pixels(const ck_pointwise *s, const void *x, const chunk *c, const int bf16) {
  const size_t plane = s->in_height * s->in_width * 16;
  for (size_t b = 0; b < s->in_blocks; b++) {
    float *values = c->values + b * c->most * 16;
    for (size_t p = 0; p < c->count; p++)
      CK_STORE(values + p * 16, CK_GET(x, c->from[p] + b * plane, bf16));
  }
}

// Outputs of a group of pixels, of which `count` are the chunk's, in `blocks` blocks.
CK_INLINE void group(const ck_pointwise *s, const float *x, size_t x_step, const float *packed,
                     const ck_epilogue *e, const ck_bounds *bounds, void *y, const size_t *to,
                     size_t count, size_t block, const int pixels, const int blocks,
                     const int curved, const int bf16) {
  const size_t plane = s->out_height * s->out_width * 16, w_step = s->in_blocks * 256;
  v16 sum[pixels_at_once][blocks_at_once];
  CK_UNROLL for (int b = 0; b < blocks; b++) {
    v16 bias;
    ck_begin_sum(e, block + (size_t)b, &bias);
    CK_UNROLL for (int p = 0; p < pixels; p++) sum[p][b] = bias;
  }
  const float *w = packed + block * w_step;
  for (size_t in = 0; in < s->in_blocks; in++, x += x_step, w += 256)
#pragma clang loop unroll_count(4)
    for (size_t i = 0; i < 16; i++) {
      v16 weights[blocks_at_once];
      CK_UNROLL for (int b = 0; b < blocks; b++)
        weights[b] = CK_LOAD(w + (size_t)b * w_step + i * 16);
      CK_UNROLL for (int p = 0; p < pixels; p++) {
        const float value = x[p * 16 + i];
        CK_UNROLL for (int b = 0; b < blocks; b++) sum[p][b] += value * weights[b];
      }
    }
  if (curved) {
    // A loop over memory, since the formula is too long to be written out for each sum.
    v16 sums[blocks_at_once][pixels_at_once];
    CK_UNROLL for (int b = 0; b < blocks; b++)
      CK_UNROLL for (int p = 0; p < pixels; p++) sums[b][p] = sum[p][b];
    for (size_t b = 0; b < (size_t)blocks; b++)
      for (size_t p = 0; p < count && p < (size_t)pixels; p++)
        ck_end_sum(e, bounds, &sums[b][p], y, to[p] + (block + b) * plane, 1, bf16);
    return;
  }
  CK_UNROLL for (int p = 0; p < pixels; p++)
    if ((size_t)p < count)
      CK_UNROLL for (int b = 0; b < blocks; b++)
        ck_end_sum(e, bounds, &sum[p][b], y, to[p] + (block + (size_t)b) * plane, 0, bf16);
}

CK_INLINE void forward(const ck_pointwise *s, const ck_part *part, const void *x,
                       const float *packed, const ck_epilogue *e, void *y, void *scratch,
                       const int narrow, const int curved, const int bf16) {
  const size_t most = chunk_pixels(s);
  const size_t total = s->images * (part->end_row - part->first_row) * s->out_width;
  const size_t pixels = narrow ? narrow_pixels_at_once : pixels_at_once;
  float *values = scratch;
  size_t *places = (size_t *)(values + chunk_floats(s));
  chunk c = {values, places, places + most, 0, most};
  ck_bounds bounds;
  ck_find_bounds(e, &bounds);
  for (size_t first = 0; first < total; first += most) {
    c.count = total - first < most ? total - first : most;
    place_pixels(s, part, first, &c);
    read_pixels(s, x, &c, bf16);
    for (size_t block = part->first_block; block < part->end_block;) {
      const size_t blocks = !narrow && block + 2 <= part->end_block ? 2 : 1;
      for (size_t p = 0; p < c.count; p += pixels) {
        const float *from = values + p * 16;
        const size_t *to = c.to + p;
        if (narrow)
          group(s, from, most * 16, packed, e, &bounds, y, to, c.count - p, block,
                narrow_pixels_at_once, 1, curved, bf16);
        else if (blocks == 2)
          group(s, from, most * 16, packed, e, &bounds, y, to, c.count - p, block,
                pixels_at_once, 2, curved, bf16);
        else
          group(s, from, most * 16, packed, e, &bounds, y, to, c.count - p, block,
                pixels_at_once, 1, curved, bf16);
      }
      block += blocks;
    }
  }
}

CK_INLINE void forward_of(const ck_pointwise *s, const ck_part *part, const void *x,
                          const float *packed, const ck_epilogue *e, void *y, void *scratch,
                          const int narrow, const int bf16) {
  if (e->activation > ck_relu6)
    forward(s, part, x, packed, e, y, scratch, narrow, 1, bf16);
  else
    forward(s, part, x, packed, e, y, scratch, narrow, 0, bf16);
}

CK_FOR_AVX512_BF16 static void forward_bf16(const ck_pointwise *s, const ck_part *part,
                                            const void *x, const float *packed,
                                            const ck_epilogue *e, void *y, void *scratch) {
  forward_of(s, part, x, packed, e, y, scratch, 0, 1);
}

CK_FOR_AVX512 static void forward_avx512(const ck_pointwise *s, const ck_part *part, const void *x,
                                         const float *packed, const ck_epilogue *e, void *y,
                                         void *scratch) {
  forward_of(s, part, x, packed, e, y, scratch, 0, 0);
}

CK_FOR_AVX2 static void forward_avx2(const ck_pointwise *s, const ck_part *part, const void *x,
                                     const float *packed, const ck_epilogue *e, void *y,
                                     void *scratch) {
  forward_of(s, part, x, packed, e, y, scratch, 1, 0);
}

void ck_pointwise_forward(const ck_pointwise *s, const ck_part *part, const void *x,
                          const float *packed, const ck_epilogue *epilogue, void *y, void *scratch,
                          int bf16) {
  (bf16 ? forward_bf16 : s->avx512 ? forward_avx512 : forward_avx2)(s, part, x, packed, epilogue, y,
                                                                    scratch);
}
