#include "include/planar.h"

#include "moments.h"
#include "epilogue_internal.h"

// Pixels of a row that forward works on at a time.
enum { pixels_at_once = 6 };

// The rows of x under one row of y, as f32 with their padding: row c kernel + u is that of channel
// c and kernel row u. So long, with room for the pixels that the last ones are computed along with.
static size_t row_length(const ck_planar *s) {
  return ((s->out_width + pixels_at_once) * s->stride + s->kernel + 15) / 16 * 16;
}

size_t ck_planar_scratch_bytes(const ck_planar *s) {
  return s->channels * s->kernel * row_length(s) * sizeof(float);
}

CK_INLINE void copy_rows(const ck_planar *s, const void *x, size_t image, size_t out_row,
                         float *rows, int bf16) {
  const size_t length = row_length(s);
  for (size_t c = 0; c < s->channels; c++)
    for (size_t u = 0; u < s->kernel; u++) {
      float *to = rows + (c * s->kernel + u) * length;
      const size_t r = out_row * s->stride + u;
      const int inside = r >= s->padding && r - s->padding < s->in_height;
      const size_t from =
          ((image * s->channels + c) * s->in_height + (inside ? r - s->padding : 0)) * s->in_width;
      size_t width = length - s->padding < s->in_width ? length - s->padding : s->in_width;
      if (!inside) width = 0;
      for (size_t j = 0; j < s->padding; j++) to[j] = 0;
      if (bf16)
        for (size_t j = 0; j < width; j++) {
          const uint32_t bits = (uint32_t)((const uint16_t *)x)[from + j] << 16;
          __builtin_memcpy(to + s->padding + j, &bits, 4);
        }
      else
        __builtin_memcpy(to + s->padding, (const float *)x + from, width * sizeof(float));
      for (size_t j = s->padding + width; j < length; j++) to[j] = 0;
    }
}

// `blocks` blocks of outputs of a row.
CK_INLINE void forward_row(const ck_planar *s, const float *rows, const float *packed,
                           const ck_epilogue *e, const ck_bounds *bounds, size_t block, void *y,
                           size_t at, int is_first, moments *total, const int blocks,
                           const size_t stride, const int summed, const int bf16) {
  const size_t length = row_length(s), lines = s->channels * s->kernel;
  const size_t taps = lines * s->kernel, plane = s->out_height * s->out_width * 16;
  v16 bias[2];
  CK_UNROLL for (int b = 0; b < blocks; b++) ck_begin_sum(e, block + (size_t)b, &bias[b]);
  for (size_t j = 0; j < s->out_width; j += pixels_at_once) {
    v16 sum[pixels_at_once][2];
    CK_UNROLL for (int p = 0; p < pixels_at_once; p++)
      CK_UNROLL for (int b = 0; b < blocks; b++) sum[p][b] = bias[b];
    const float *w = packed + block * taps * 16;
    for (size_t line = 0; line < lines; line++) {
      const float *x = rows + line * length + j * stride;
      for (size_t v = 0; v < s->kernel; v++, w += 16, x++) {
        v16 weights[2];
        CK_UNROLL for (int b = 0; b < blocks; b++) weights[b] = CK_LOAD(w + b * taps * 16);
        CK_UNROLL for (size_t p = 0; p < pixels_at_once; p++)
          CK_UNROLL for (int b = 0; b < blocks; b++) sum[p][b] += x[p * stride] * weights[b];
      }
    }
    if (!summed && bounds->curved) {
      // A loop over memory, since the formula is too long to be written out for each sum.
      v16 sums[2][pixels_at_once];
      CK_UNROLL for (int b = 0; b < blocks; b++)
        CK_UNROLL for (int p = 0; p < pixels_at_once; p++) sums[b][p] = sum[p][b];
      for (size_t b = 0; b < (size_t)blocks; b++)
        for (size_t p = 0; p < pixels_at_once && j + p < s->out_width; p++)
          ck_end_sum(e, bounds, &sums[b][p], y, at + b * plane + (j + p) * 16, 1, bf16);
      continue;
    }
    if (is_first && j == 0)
      CK_UNROLL for (int b = 0; b < blocks; b++) total[b].origin = sum[0][b];
    CK_UNROLL for (size_t p = 0; p < pixels_at_once; p++)
      if (j + p < s->out_width)
        CK_UNROLL for (int b = 0; b < blocks; b++) {
          const size_t index = at + b * plane + (j + p) * 16;
          ck_end_sum(e, bounds, &sum[p][b], y, index, 0, bf16);
          if (summed) add_moments(&total[b], &sum[p][b]);
        }
  }
}

CK_INLINE void forward(const ck_planar *s, const ck_part *part, const void *x,
                       const float *packed, const ck_epilogue *e, void *y, double *sums,
                       float *rows, const size_t stride, const int summed, const int narrow,
                       const int bf16) {
  ck_bounds bounds;
  ck_find_bounds(e, &bounds);
  for (size_t n = 0; n < s->images; n++)
    for (size_t block = part->first_block; block < part->end_block;) {
      const int pair = !narrow && block + 2 <= part->end_block;
      moments total[2] = {{{0}, {0}, {0}, 0}, {{0}, {0}, {0}, 0}};
      for (size_t i = part->first_row; i < part->end_row; i++) {
        copy_rows(s, x, n, i, rows, bf16);
        const size_t at = ((n * s->out_blocks + block) * s->out_height + i) * s->out_width * 16;
        const int is_first = i == part->first_row;
        if (pair)
          forward_row(s, rows, packed, e, &bounds, block, y, at, is_first, total, 2, stride,
                      summed, bf16);
        else
          forward_row(s, rows, packed, e, &bounds, block, y, at, is_first, total, 1, stride,
                      summed, bf16);
      }
      for (int b = 0; summed && b < 1 + pair; b++) {
        total[b].count = (part->end_row - part->first_row) * s->out_width;
        flush_moments(&total[b], sums + (block + (size_t)b) * 16, s->out_blocks * 16);
      }
      block += pair ? 2 : 1;
    }
}

CK_INLINE void forward_of(const ck_planar *s, const ck_part *part, const void *x,
                          const float *packed, const ck_epilogue *e, void *y, double *sums,
                          void *scratch, const int narrow, const int bf16) {
  if (s->stride == 1 && sums)
    forward(s, part, x, packed, e, y, sums, scratch, 1, 1, narrow, bf16);
  else if (s->stride == 1)
    forward(s, part, x, packed, e, y, sums, scratch, 1, 0, narrow, bf16);
  else if (sums)
    forward(s, part, x, packed, e, y, sums, scratch, 2, 1, narrow, bf16);
  else
    forward(s, part, x, packed, e, y, sums, scratch, 2, 0, narrow, bf16);
}

CK_FOR_AVX512_BF16 static void forward_bf16(const ck_planar *s, const ck_part *part, const void *x,
                                            const float *packed, const ck_epilogue *e, void *y,
                                            double *sums, void *scratch) {
  forward_of(s, part, x, packed, e, y, sums, scratch, 0, 1);
}

CK_FOR_AVX512 static void forward_avx512(const ck_planar *s, const ck_part *part, const void *x,
                                         const float *packed, const ck_epilogue *e, void *y,
                                         double *sums, void *scratch) {
  forward_of(s, part, x, packed, e, y, sums, scratch, 0, 0);
}

CK_FOR_AVX2 static void forward_avx2(const ck_planar *s, const ck_part *part, const void *x,
                                     const float *packed, const ck_epilogue *e, void *y,
                                     double *sums, void *scratch) {
  forward_of(s, part, x, packed, e, y, sums, scratch, 1, 0);
}

void ck_planar_forward(const ck_planar *s, const ck_part *part, const void *x, const float *packed,
                       const ck_epilogue *epilogue, void *y, double *sums, void *scratch,
                       int bf16) {
  (bf16 ? forward_bf16 : s->avx512 ? forward_avx512 : forward_avx2)(s, part, x, packed, epilogue, y,
                                                                    sums, scratch);
}

// Adds one row of y to the gradients of `lines` rows of taps, `kernel` each, of one block.
CK_INLINE void gradient_row(const ck_planar *s, const float *rows, const void *dy, size_t at,
                            float *gradient, const size_t lines, const size_t kernel,
                            const size_t stride, const int bf16) {
  const size_t length = row_length(s);
  v16 sum[27];
  CK_UNROLL for (size_t t = 0; t < lines * kernel; t++) sum[t] = (v16){0};
  for (size_t j = 0; j < s->out_width; j++) {
    const v16 g = CK_GET(dy, at + j * 16, bf16);
    CK_UNROLL for (size_t l = 0; l < lines; l++)
      CK_UNROLL for (size_t v = 0; v < kernel; v++)
        sum[l * kernel + v] += rows[l * length + j * stride + v] * g;
  }
  CK_UNROLL for (size_t t = 0; t < lines * kernel; t++)
    CK_STORE(gradient + t * 16, CK_LOAD(gradient + t * 16) + sum[t]);
}

// As many rows of taps at a time as registers hold.
CK_INLINE void gradient_rows(const ck_planar *s, const float *rows, const void *dy, size_t at,
                             float *gradient, const size_t kernel, const size_t stride,
                             const int narrow, const int bf16) {
  const size_t lines = s->channels * kernel, length = row_length(s);
  const size_t most = narrow ? (kernel == 3 ? 2 : 1) : (kernel == 3 ? 9 : kernel == 5 ? 5 : 3);
  size_t l = 0;
  for (; l + most <= lines; l += most)
    gradient_row(s, rows + l * length, dy, at, gradient + l * kernel * 16, most, kernel, stride,
                 bf16);
  for (; l < lines; l++)
    gradient_row(s, rows + l * length, dy, at, gradient + l * kernel * 16, 1, kernel, stride,
                 bf16);
}

CK_INLINE void gradient(const ck_planar *s, const void *x, const void *dy, float *packed,
                        float *rows, const size_t kernel, const size_t stride, const int narrow,
                        const int bf16) {
  const size_t taps = s->channels * kernel * kernel;
  for (size_t n = 0; n < s->images; n++)
    for (size_t i = 0; i < s->out_height; i++) {
      copy_rows(s, x, n, i, rows, bf16);
      for (size_t block = 0; block < s->out_blocks; block++)
        gradient_rows(s, rows, dy,
                      ((n * s->out_blocks + block) * s->out_height + i) * s->out_width * 16,
                      packed + block * taps * 16, kernel, stride, narrow, bf16);
    }
}

CK_INLINE void gradient_of(const ck_planar *s, const void *x, const void *dy, float *packed,
                           float *rows, const int narrow, const int bf16) {
#define CK_CASE(kernel, stride)                                         \
  case (kernel) * 4 + (stride):                                         \
    gradient(s, x, dy, packed, rows, kernel, stride, narrow, bf16);     \
    break;
  switch (s->kernel * 4 + s->stride) {
    CK_CASE(3, 1)
    CK_CASE(3, 2)
    CK_CASE(5, 1)
    CK_CASE(5, 2)
    CK_CASE(7, 1)
    CK_CASE(7, 2)
  }
#undef CK_CASE
}

CK_FOR_AVX512_BF16 static void gradient_bf16(const ck_planar *s, const void *x, const void *dy,
                                             float *packed, float *rows) {
  gradient_of(s, x, dy, packed, rows, 0, 1);
}

CK_FOR_AVX512 static void gradient_avx512(const ck_planar *s, const void *x, const void *dy,
                                          float *packed, float *rows) {
  gradient_of(s, x, dy, packed, rows, 0, 0);
}

CK_FOR_AVX2 static void gradient_avx2(const ck_planar *s, const void *x, const void *dy,
                                      float *packed, float *rows) {
  gradient_of(s, x, dy, packed, rows, 1, 0);
}

void ck_planar_gradient(const ck_planar *s, const void *x, const void *dy, float *packed_gradient,
                        void *scratch, int bf16) {
  (bf16 ? gradient_bf16 : s->avx512 ? gradient_avx512 : gradient_avx2)(s, x, dy, packed_gradient,
                                                                       scratch);
}

void ck_planar_weights(const ck_planar *s, const float *weights, size_t out_channels,
                       float *packed) {
  const size_t taps = s->channels * s->kernel * s->kernel;
  for (size_t o = 0; o < s->out_blocks * 16; o++)
    for (size_t t = 0; t < taps; t++)
      packed[(o / 16 * taps + t) * 16 + o % 16] = o < out_channels ? weights[o * taps + t] : 0;
}

void ck_planar_weights_gradient(const ck_planar *s, const float *const *packed, size_t count,
                                size_t out_channels, float *gradient) {
  const size_t taps = s->channels * s->kernel * s->kernel;
  for (size_t o = 0; o < out_channels; o++)
    for (size_t t = 0; t < taps; t++) {
      float sum = 0;
      for (size_t p = 0; p < count; p++) sum += packed[p][(o / 16 * taps + t) * 16 + o % 16];
      gradient[o * taps + t] = sum;
    }
}
