#include "activation_functions.h"

CK_INLINE void channel_sums(const void *y, size_t images, size_t blocks, size_t plane, double *sums,
                            const int bf16) {
  const size_t channels = blocks * 16;
  for (size_t n = 0; n < images; n++)
    for (size_t b = 0; b < blocks; b++) {
      const size_t base = (n * blocks + b) * plane * 16;
      // Sums are taken about the plane's first pixel: near the mean, so squares lose no digits.
      const v16 origin = CK_GET(y, base, bf16);
      v16 s0 = {0}, s1 = {0}, q0 = {0}, q1 = {0};
      size_t i = 0;
      for (; i + 2 <= plane; i += 2) {
        const v16 a = CK_GET(y, base + i * 16, bf16) - origin;
        const v16 c = CK_GET(y, base + i * 16 + 16, bf16) - origin;
        s0 += a;
        s1 += c;
        q0 += a * a;
        q1 += c * c;
      }
      if (i < plane) {
        const v16 a = CK_GET(y, base + i * 16, bf16) - origin;
        s0 += a;
        q0 += a * a;
      }
      s0 += s1;
      q0 += q1;
      for (size_t l = 0; l < 16; l++) {
        const double o = origin[l], s = s0[l], q = q0[l];
        sums[b * 16 + l] += s + o * (double)plane;
        sums[channels + b * 16 + l] += q + 2 * o * s + o * o * (double)plane;
      }
    }
}

CK_CLONES void ck_channel_sums(const void *y, const ck_extent *e, double *sums, int bf16) {
  if (bf16)
    channel_sums(y, e->images, e->blocks, e->height * e->width, sums, 1);
  else
    channel_sums(y, e->images, e->blocks, e->height * e->width, sums, 0);
}

// One run of pixels of ck_scale_shift, from element `at` of the maps to element `to` of `out`.
CK_INLINE void scale_shift_run(const void *y, const void *residual, size_t at, const v16 *scale,
                               const v16 *shift, void *out, size_t to, size_t pixels,
                               const int has_residual, const int activation, const int bf16,
                               const int out_bf16) {
  const v16 s = *scale, t = *shift;
  for (size_t i = 0; i < pixels * 16; i += 16) {
    v16 v = CK_GET(y, at + i, bf16) * s + t;
    if (has_residual) v += CK_GET(residual, at + i, bf16);
    apply(activation, &v, &v);
    CK_PUT(out, to + i, v, out_bf16);
  }
}

CK_INLINE void scale_shift(const ck_extent *e, const void *y, const float *scale,
                           const float *shift, const void *residual, void *out, float *padded,
                           const int has_residual, const int activation, const int bf16) {
  const size_t plane = e->height * e->width;
  const size_t rows = ck_winograd_padded(e->height), columns = ck_winograd_padded(e->width);
  for (size_t n = 0; n < e->images; n++)
    for (size_t b = 0; b < e->blocks; b++) {
      const v16 zero = {0};
      const v16 s = scale ? CK_LOAD(scale + b * 16) : zero + 1.0f;
      const v16 t = shift ? CK_LOAD(shift + b * 16) : zero;
      const size_t base = (n * e->blocks + b) * plane * 16;
      if (!padded) {
        scale_shift_run(y, residual, base, &s, &t, out, base, plane, has_residual, activation,
                        bf16, bf16);
        continue;
      }
      for (size_t r = 0; r < e->height; r++) {
        const size_t at = base + r * e->width * 16;
        float *row = padded + (((n * e->blocks + b) * rows + r + 1) * columns + 1) * 16;
        scale_shift_run(y, residual, at, &s, &t, row, 0, e->width, has_residual, activation, bf16,
                        0);
        if (out)
          for (size_t i = 0; i < e->width * 16; i += 16)
            CK_PUT(out, at + i, CK_LOAD(row + i), bf16);
      }
    }
}

CK_CLONES void ck_scale_shift(const ck_extent *e, const void *y, const float *scale,
                              const float *shift, const void *residual, int activation, void *out,
                              float *padded, int bf16) {
#define CK_CASE(kind, has_residual, is_bf16)                                               \
  case ((kind) * 2 + has_residual) * 2 + is_bf16:                                          \
    scale_shift(e, y, scale, shift, residual, out, padded, has_residual, kind, is_bf16);   \
    break;
#define CK_TYPES(kind)    \
  CK_CASE(kind, 0, 0)     \
  CK_CASE(kind, 0, 1)     \
  CK_CASE(kind, 1, 0)     \
  CK_CASE(kind, 1, 1)
  switch ((activation * 2 + (residual != NULL)) * 2 + (bf16 != 0)) {
    CK_TYPES(ck_identity)
    CK_TYPES(ck_relu)
    CK_TYPES(ck_relu6)
    CK_TYPES(ck_silu)
    CK_TYPES(ck_hard_swish)
  }
#undef CK_TYPES
#undef CK_CASE
}

// What the mask of ck_masked_gradient is made of: nothing, ReLU's output, or, from masked_by_input
// on, the input of the activation whose kind is added to that.
enum { unmasked, masked_by_output, masked_by_input };

CK_INLINE void masked_gradient(const ck_extent *e, const void *first, const void *second,
                               const ck_gradient_mask *mask, const void *y, const float *mean,
                               void *h, double *sums, const int has_second, const int kind,
                               const int summed, const int first_bf16, const int bf16) {
  const int masked = kind < masked_by_input ? kind : masked_by_input;
  const int activation = kind - masked_by_input;
  const v16 zero = {0};
  const size_t plane = e->height * e->width, channels = e->blocks * 16;
  for (size_t n = 0; n < e->images; n++)
    for (size_t b = 0; b < e->blocks; b++) {
      const size_t base = (n * e->blocks + b) * plane * 16;
      const v16 m = summed ? CK_LOAD(mean + b * 16) : zero;
      const v16 scale = masked == masked_by_input ? CK_LOAD(mask->scale + b * 16) : zero;
      const v16 shift = masked == masked_by_input ? CK_LOAD(mask->shift + b * 16) : zero;
      v16 s = zero, q = zero;
      for (size_t i = base; i < base + plane * 16; i += 16) {
        v16 v = CK_GET(first, i, first_bf16);
        if (has_second) v += CK_GET(second, i, bf16);
        const v16 input = summed ? CK_GET(y, i, bf16) : zero;
        if (masked == masked_by_output)
          v = (v16)((m16)v & (CK_GET(mask->output, i, bf16) > zero));
        if (masked == masked_by_input) {
          v16 x = input * scale + shift;
          if (mask->residual) x += CK_GET(mask->residual, i, bf16);
          if (activation == ck_relu) {
            v = (v16)((m16)v & (x > zero));
          } else {
            slope(activation, &x, &x);
            v *= x;
          }
        }
        CK_PUT(h, i, v, bf16);
        s += v;
        q += v * (input - m);
      }
      if (summed)
        for (size_t l = 0; l < 16; l++) {
          sums[b * 16 + l] += s[l];
          sums[channels + b * 16 + l] += q[l];
        }
    }
}

CK_CLONES void ck_masked_gradient(const ck_extent *e, const void *first, int first_bf16,
                                  const void *second, const ck_gradient_mask *mask, const void *y,
                                  const float *mean, void *h, double *sums, int bf16) {
  const int masked = mask == NULL     ? unmasked
                     : mask->output   ? masked_by_output
                                      : masked_by_input + mask->activation;
#define CK_CASE(kind, has_second, summed, type, is_first_bf16, is_bf16)                        \
  case ((kind) * 4 + has_second * 2 + summed) * 3 + type:                                        \
    masked_gradient(e, first, second, mask, y, mean, h, sums, has_second, kind, summed,        \
                    is_first_bf16, is_bf16);                                                   \
    break;
#define CK_TYPES(kind, has_second, summed)       \
  CK_CASE(kind, has_second, summed, 0, 0, 0)     \
  CK_CASE(kind, has_second, summed, 1, 1, 1)     \
  CK_CASE(kind, has_second, summed, 2, 0, 1)
  const int type = !bf16 ? 0 : first_bf16 ? 1 : 2;
  switch ((masked * 4 + (second != NULL) * 2 + (y != NULL)) * 3 + type) {
    CK_TYPES(unmasked, 0, 0)
    CK_TYPES(unmasked, 0, 1)
    CK_TYPES(unmasked, 1, 0)
    CK_TYPES(unmasked, 1, 1)
    CK_TYPES(masked_by_output, 0, 0)
    CK_TYPES(masked_by_output, 0, 1)
    CK_TYPES(masked_by_output, 1, 0)
    CK_TYPES(masked_by_output, 1, 1)
    CK_TYPES(masked_by_input + ck_relu, 0, 1)
    CK_TYPES(masked_by_input + ck_relu, 1, 1)
    CK_TYPES(masked_by_input + ck_relu6, 0, 1)
    CK_TYPES(masked_by_input + ck_relu6, 1, 1)
    CK_TYPES(masked_by_input + ck_silu, 0, 1)
    CK_TYPES(masked_by_input + ck_silu, 1, 1)
    CK_TYPES(masked_by_input + ck_hard_swish, 0, 1)
    CK_TYPES(masked_by_input + ck_hard_swish, 1, 1)
  }
#undef CK_TYPES
#undef CK_CASE
}

CK_INLINE void normalization_gradient(const ck_extent *e, const void *h, const void *y,
                                      const float *mean, const float *a, const float *b,
                                      const float *d, void *dy, float *padded, const int bf16) {
  const size_t plane = e->height * e->width;
  const size_t rows = ck_winograd_padded(e->height), columns = ck_winograd_padded(e->width);
  for (size_t n = 0; n < e->images; n++)
    for (size_t block = 0; block < e->blocks; block++) {
      const size_t base = (n * e->blocks + block) * plane * 16;
      const v16 m = CK_LOAD(mean + block * 16), va = CK_LOAD(a + block * 16);
      const v16 vb = CK_LOAD(b + block * 16), vd = CK_LOAD(d + block * 16);
      if (!padded) {
        for (size_t i = base; i < base + plane * 16; i += 16)
          CK_PUT(dy, i, va * CK_GET(h, i, bf16) + (vb * (CK_GET(y, i, bf16) - m) + vd), bf16);
        continue;
      }
      for (size_t r = 0; r < e->height; r++) {
        const size_t at = base + r * e->width * 16;
        float *row = padded + (((n * e->blocks + block) * rows + r + 1) * columns + 1) * 16;
        for (size_t i = 0; i < e->width * 16; i += 16)
          CK_STORE(row + i,
                   va * CK_GET(h, at + i, bf16) + (vb * (CK_GET(y, at + i, bf16) - m) + vd));
      }
    }
}

CK_CLONES void ck_normalization_gradient(const ck_extent *e, const void *h, const void *y,
                                         const float *mean, const float *a, const float *b,
                                         const float *d, void *dy, float *padded, int bf16) {
  if (bf16)
    normalization_gradient(e, h, y, mean, a, b, d, dy, padded, 1);
  else
    normalization_gradient(e, h, y, mean, a, b, d, dy, padded, 0);
}

CK_CLONES void ck_add(void *total, const void *part, size_t count, int bf16) {
  if (bf16)
    for (size_t i = 0; i < count; i += 16)
      CK_PUT(total, i, CK_GET(total, i, 1) + CK_GET(part, i, 1), 1);
  else
    for (size_t i = 0; i < count; i += 16)
      CK_PUT(total, i, CK_GET(total, i, 0) + CK_GET(part, i, 0), 0);
}
