#include "vector.h"

CK_CLONES void ck_channel_sums(const float *y, size_t images, size_t blocks, size_t plane,
                               double *sums) {
  const size_t channels = blocks * 16;
  for (size_t c = 0; c < 2 * channels; c++) sums[c] = 0;
  for (size_t n = 0; n < images; n++)
    for (size_t b = 0; b < blocks; b++) {
      const float *p = y + (n * blocks + b) * plane * 16;
      // Sums are taken about the plane's first pixel: near the mean, so squares lose no digits.
      const v16 origin = CK_LOAD(p);
      v16 s0 = {0}, s1 = {0}, q0 = {0}, q1 = {0};
      size_t i = 0;
      for (; i + 2 <= plane; i += 2) {
        const v16 a = CK_LOAD(p + i * 16) - origin, c = CK_LOAD(p + i * 16 + 16) - origin;
        s0 += a;
        s1 += c;
        q0 += a * a;
        q1 += c * c;
      }
      if (i < plane) {
        const v16 a = CK_LOAD(p + i * 16) - origin;
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

CK_CLONES void ck_scale_shift(const float *y, const float *scale, const float *shift,
                              const float *residual, int relu, float *out, size_t images,
                              size_t blocks, size_t plane) {
  const v16 floor = {0};
  for (size_t n = 0; n < images; n++)
    for (size_t b = 0; b < blocks; b++) {
      const size_t base = (n * blocks + b) * plane * 16;
      const v16 one = floor + 1.0f;
      const v16 s = scale ? CK_LOAD(scale + b * 16) : one;
      const v16 t = shift ? CK_LOAD(shift + b * 16) : floor;
      const float *p = y + base, *r = residual ? residual + base : NULL;
      float *o = out + base;
      if (r && relu)
        for (size_t i = 0; i < plane * 16; i += 16) {
          const v16 v = CK_LOAD(p + i) * s + t + CK_LOAD(r + i);
          CK_STORE(o + i, __builtin_elementwise_max(v, floor));
        }
      else if (r)
        for (size_t i = 0; i < plane * 16; i += 16)
          CK_STORE(o + i, CK_LOAD(p + i) * s + t + CK_LOAD(r + i));
      else if (relu)
        for (size_t i = 0; i < plane * 16; i += 16)
          CK_STORE(o + i, __builtin_elementwise_max(CK_LOAD(p + i) * s + t, floor));
      else
        for (size_t i = 0; i < plane * 16; i += 16) CK_STORE(o + i, CK_LOAD(p + i) * s + t);
    }
}

// The loop of ck_masked_gradient over one plane; constant flags leave one specialised loop each.
CK_INLINE void masked_plane(const float *f, const float *g, const float *a, const float *y,
                            const float *mean, float *h, size_t plane, int has_second, int masked,
                            int summed, v16 *sum, v16 *product) {
  const v16 zero = {0};
  const v16 m = summed ? CK_LOAD(mean) : zero;
  v16 s = zero, q = zero;
  for (size_t i = 0; i < plane * 16; i += 16) {
    v16 v = CK_LOAD(f + i);
    if (has_second) v += CK_LOAD(g + i);
    if (masked) v = (v16)((m16)v & (CK_LOAD(a + i) > zero));
    CK_STORE(h + i, v);
    if (summed) {
      s += v;
      q += v * (CK_LOAD(y + i) - m);
    }
  }
  *sum = s;
  *product = q;
}

CK_CLONES void ck_masked_gradient(const float *first, const float *second, const float *active,
                                  const float *y, const float *mean, float *h, double *sums,
                                  size_t images, size_t blocks, size_t plane) {
  const size_t channels = blocks * 16;
  if (y)
    for (size_t c = 0; c < 2 * channels; c++) sums[c] = 0;
  for (size_t n = 0; n < images; n++)
    for (size_t b = 0; b < blocks; b++) {
      const size_t o = (n * blocks + b) * plane * 16;
      const float *g = second ? second + o : NULL, *a = active ? active + o : NULL;
      const float *p = y ? y + o : NULL, *m = mean ? mean + b * 16 : NULL;
      v16 s, q;
      if (y && active && second)
        masked_plane(first + o, g, a, p, m, h + o, plane, 1, 1, 1, &s, &q);
      else if (y && active)
        masked_plane(first + o, g, a, p, m, h + o, plane, 0, 1, 1, &s, &q);
      else if (y && second)
        masked_plane(first + o, g, a, p, m, h + o, plane, 1, 0, 1, &s, &q);
      else if (y)
        masked_plane(first + o, g, a, p, m, h + o, plane, 0, 0, 1, &s, &q);
      else if (active && second)
        masked_plane(first + o, g, a, p, m, h + o, plane, 1, 1, 0, &s, &q);
      else if (active)
        masked_plane(first + o, g, a, p, m, h + o, plane, 0, 1, 0, &s, &q);
      else if (second)
        masked_plane(first + o, g, a, p, m, h + o, plane, 1, 0, 0, &s, &q);
      else
        masked_plane(first + o, g, a, p, m, h + o, plane, 0, 0, 0, &s, &q);
      if (y)
        for (size_t l = 0; l < 16; l++) {
          sums[b * 16 + l] += s[l];
          sums[channels + b * 16 + l] += q[l];
        }
    }
}

CK_CLONES void ck_normalization_gradient(const float *h, const float *y, const float *mean,
                                         const float *a, const float *b, const float *d, float *dy,
                                         size_t images, size_t blocks, size_t plane) {
  for (size_t n = 0; n < images; n++)
    for (size_t block = 0; block < blocks; block++) {
      const size_t base = (n * blocks + block) * plane * 16;
      const v16 m = CK_LOAD(mean + block * 16), va = CK_LOAD(a + block * 16);
      const v16 vb = CK_LOAD(b + block * 16), vd = CK_LOAD(d + block * 16);
      for (size_t i = base; i < base + plane * 16; i += 16)
        CK_STORE(dy + i, va * CK_LOAD(h + i) + (vb * (CK_LOAD(y + i) - m) + vd));
    }
}
