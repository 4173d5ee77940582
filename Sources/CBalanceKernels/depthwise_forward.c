#include "include/depthwise.h"

#include "epilogue_internal.h"

// Pixels of a row that are worked on at a time.
enum { pixels_at_once = 7 };

// Vectors of a row of x with its padding, and with room for the pixels that the last ones are
// computed along with.
static size_t row_length(const ck_depthwise *s) {
  const size_t read = (s->out_width + pixels_at_once - 1) * s->stride + s->kernel;
  const size_t held = s->in_width + 2 * s->padding;
  return read > held ? read : held;
}

size_t ck_depthwise_scratch_bytes(const ck_depthwise *s) {
  return s->kernel * row_length(s) * 16 * sizeof(float);
}

void ck_depthwise_weights(const ck_depthwise *s, const float *weights, size_t channels,
                          float *packed) {
  const size_t taps = s->kernel * s->kernel;
  for (size_t c = 0; c < s->blocks * 16; c++)
    for (size_t t = 0; t < taps; t++)
      packed[(c / 16 * taps + t) * 16 + c % 16] = c < channels ? weights[c * taps + t] : 0;
}

// Row r of the padded block that begins at element `plane` of x, as f32.
CK_INLINE void read_row(const ck_depthwise *s, const void *x, size_t plane, size_t r, float *to,
                        const int bf16) {
  const int inside = r >= s->padding && r - s->padding < s->in_height;
  const size_t from = plane + (inside ? r - s->padding : 0) * s->in_width * 16;
  const size_t width = inside ? s->in_width : 0, length = row_length(s);
  for (size_t j = 0; j < s->padding; j++) CK_STORE(to + j * 16, (v16){0});
  for (size_t j = 0; j < width; j++)
    CK_STORE(to + (s->padding + j) * 16, CK_GET(x, from + j * 16, bf16));
  for (size_t j = s->padding + width; j < length; j++) CK_STORE(to + j * 16, (v16){0});
}

// The row of y that begins at element `at`, from `kernel` rows of x.
CK_INLINE void forward_row(const ck_depthwise *s, const float *const *rows, const float *packed,
                           const ck_epilogue *e, const ck_bounds *bounds, size_t block, void *y,
                           size_t at, const size_t kernel, const size_t stride, const int bf16) {
  v16 bias;
  ck_begin_sum(e, block, &bias);
  for (size_t j = 0; j < s->out_width; j += pixels_at_once) {
    v16 sum[pixels_at_once];
    CK_UNROLL for (size_t p = 0; p < pixels_at_once; p++) sum[p] = bias;
    CK_UNROLL for (size_t u = 0; u < kernel; u++) {
      const float *row = rows[u] + j * stride * 16;
      CK_UNROLL for (size_t v = 0; v < kernel; v++) {
        const v16 weights = CK_LOAD(packed + (u * kernel + v) * 16);
        CK_UNROLL for (size_t p = 0; p < pixels_at_once; p++)
          sum[p] += CK_LOAD(row + (p * stride + v) * 16) * weights;
      }
    }
    if (bounds->curved) {
      v16 sums[pixels_at_once];
      CK_UNROLL for (size_t p = 0; p < pixels_at_once; p++) sums[p] = sum[p];
      for (size_t p = 0; p < pixels_at_once && j + p < s->out_width; p++)
        ck_end_sum(e, bounds, &sums[p], y, at + (j + p) * 16, 1, bf16);
      continue;
    }
    CK_UNROLL for (size_t p = 0; p < pixels_at_once; p++)
      if (j + p < s->out_width) ck_end_sum(e, bounds, &sum[p], y, at + (j + p) * 16, 0, bf16);
  }
}

// The last rows of x that have been read lie in a ring: row r at r modulo kernel.
CK_INLINE void forward(const ck_depthwise *s, const ck_part *part, const void *x,
                       const float *packed, const ck_epilogue *e, void *y, float *ring,
                       const size_t kernel, const size_t stride, const int bf16) {
  const size_t in_plane = s->in_height * s->in_width * 16, length = row_length(s) * 16;
  ck_bounds bounds;
  ck_find_bounds(e, &bounds);
  for (size_t n = 0; n < s->images; n++)
    for (size_t block = part->first_block; block < part->end_block; block++) {
      const size_t map = n * s->blocks + block;
      size_t read = 0;
      for (size_t i = part->first_row; i < part->end_row; i++) {
        if (read < i * stride) read = i * stride;
        for (; read < i * stride + kernel; read++)
          read_row(s, x, map * in_plane, read, ring + read % kernel * length, bf16);
        const float *rows[5];
        for (size_t u = 0; u < kernel; u++) rows[u] = ring + (i * stride + u) % kernel * length;
        forward_row(s, rows, packed + block * kernel * kernel * 16, e, &bounds, block, y,
                    (map * s->out_height + i) * s->out_width * 16, kernel, stride, bf16);
      }
    }
}

CK_INLINE void forward_of(const ck_depthwise *s, const ck_part *part, const void *x,
                          const float *packed, const ck_epilogue *e, void *y, void *scratch,
                          const int bf16) {
  if (s->kernel == 3 && s->stride == 1)
    forward(s, part, x, packed, e, y, scratch, 3, 1, bf16);
  else if (s->kernel == 3)
    forward(s, part, x, packed, e, y, scratch, 3, 2, bf16);
  else if (s->stride == 1)
    forward(s, part, x, packed, e, y, scratch, 5, 1, bf16);
  else
    forward(s, part, x, packed, e, y, scratch, 5, 2, bf16);
}

CK_FOR_AVX512_BF16 static void forward_bf16(const ck_depthwise *s, const ck_part *part,
                                            const void *x, const float *packed,
                                            const ck_epilogue *e, void *y, void *scratch) {
  forward_of(s, part, x, packed, e, y, scratch, 1);
}

CK_FOR_AVX512 static void forward_avx512(const ck_depthwise *s, const ck_part *part, const void *x,
                                         const float *packed, const ck_epilogue *e, void *y,
                                         void *scratch) {
  forward_of(s, part, x, packed, e, y, scratch, 0);
}

CK_FOR_AVX2 static void forward_avx2(const ck_depthwise *s, const ck_part *part, const void *x,
                                     const float *packed, const ck_epilogue *e, void *y,
                                     void *scratch) {
  forward_of(s, part, x, packed, e, y, scratch, 0);
}

void ck_depthwise_forward(const ck_depthwise *s, const ck_part *part, const void *x,
                          const float *packed, const ck_epilogue *epilogue, void *y, void *scratch,
                          int bf16) {
  (bf16 ? forward_bf16 : s->avx512 ? forward_avx512 : forward_avx2)(s, part, x, packed, epilogue, y,
                                                                    scratch);
}
