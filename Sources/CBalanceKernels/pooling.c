// Batch normalisation, ReLU and maximum over 2x2 windows of stride 2 as one layer. What lies
// between y and the maxima is never stored: the backward pass finds the winners again from y.
#include "vector.h"

// The four values of a window after normalisation: those of y at the pixel `at` and its neighbours.
CK_INLINE void load_window(const void *y, size_t at, size_t row, const v16 *scale,
                           const v16 *shift, const int bf16, v16 *z) {
  const v16 s = *scale, t = *shift;
  z[0] = CK_GET(y, at, bf16) * s + t;
  z[1] = CK_GET(y, at + 16, bf16) * s + t;
  z[2] = CK_GET(y, at + row, bf16) * s + t;
  z[3] = CK_GET(y, at + row + 16, bf16) * s + t;
}

CK_INLINE void maximum(const v16 *z, v16 *result) {
  *result = __builtin_elementwise_max(__builtin_elementwise_max(z[0], z[1]),
                                      __builtin_elementwise_max(z[2], z[3]));
}

// The gradient g of a window's maximum as that of its four values: the first of equals takes it.
CK_INLINE void route(const v16 *z, const v16 *gradient, const int relu, v16 *h) {
  const v16 zero = {0};
  v16 top;
  maximum(z, &top);
  m16 open = relu ? top > zero : zero == zero;
  for (int k = 0; k < 4; k++) {
    const m16 wins = open & (z[k] == top);
    h[k] = (v16)((m16)*gradient & wins);
    open &= ~wins;
  }
}

typedef struct {
  v16 scale, shift;
} affine;

CK_INLINE void load_affine(const float *scale, const float *shift, size_t block, affine *out) {
  const v16 zero = {0};
  out->scale = scale ? CK_LOAD(scale + block * 16) : zero + 1.0f;
  out->shift = shift ? CK_LOAD(shift + block * 16) : zero;
}

CK_INLINE void pooled_scale_shift(const ck_extent *e, const void *y, const float *scale,
                                  const float *shift, void *out, const int relu, const int bf16) {
  const v16 zero = {0};
  const size_t height = e->height / 2, width = e->width / 2, row = e->width * 16;
  for (size_t map = 0; map < e->images * e->blocks; map++) {
    affine f;
    load_affine(scale, shift, map % e->blocks, &f);
    for (size_t i = 0; i < height; i++)
      for (size_t j = 0; j < width; j++) {
        v16 z[4], top;
        load_window(y, (map * e->height + 2 * i) * row + 2 * j * 16, row, &f.scale, &f.shift, bf16,
                    z);
        maximum(z, &top);
        if (relu) top = __builtin_elementwise_max(top, zero);
        CK_PUT(out, ((map * height + i) * width + j) * 16, top, bf16);
      }
  }
}

CK_INLINE void pooled_gradient_sums(const ck_extent *e, const void *dout, const void *y,
                                    const float *scale, const float *shift, const float *mean,
                                    double *sums, const int relu, const int bf16) {
  const size_t height = e->height / 2, width = e->width / 2, row = e->width * 16;
  for (size_t map = 0; map < e->images * e->blocks; map++) {
    const size_t block = map % e->blocks;
    const v16 m = CK_LOAD(mean + block * 16);
    v16 s = {0}, q = {0};
    affine f;
    load_affine(scale, shift, block, &f);
    for (size_t i = 0; i < height; i++)
      for (size_t j = 0; j < width; j++) {
        const size_t at = (map * e->height + 2 * i) * row + 2 * j * 16;
        const v16 g = CK_GET(dout, ((map * height + i) * width + j) * 16, bf16);
        v16 z[4], h[4];
        load_window(y, at, row, &f.scale, &f.shift, bf16, z);
        route(z, &g, relu, h);
        s += (h[0] + h[1]) + (h[2] + h[3]);
        q += h[0] * (CK_GET(y, at, bf16) - m) + h[1] * (CK_GET(y, at + 16, bf16) - m);
        q += h[2] * (CK_GET(y, at + row, bf16) - m) + h[3] * (CK_GET(y, at + row + 16, bf16) - m);
      }
    for (size_t l = 0; l < 16; l++) {
      sums[block * 16 + l] += s[l];
      sums[(e->blocks + block) * 16 + l] += q[l];
    }
  }
}

// What turns h into dy: dy = a h + b (y - mean) + d.
typedef struct {
  v16 a, b, d, mean;
} backward;

CK_INLINE void put_gradient(const backward *k, const v16 *h, const void *y, size_t at, void *dy,
                            size_t to, const int bf16, const int dy_bf16) {
  CK_PUT(dy, to, k->a * *h + (k->b * (CK_GET(y, at, bf16) - k->mean) + k->d), dy_bf16);
}

CK_INLINE void pooled_gradient(const ck_extent *e, const void *dout, const void *y,
                               const float *scale, const float *shift,
                               const ck_normalization *n, void *out, int is_padded,
                               const int relu, const int bf16, const int out_bf16) {
  const v16 zero = {0};
  const size_t height = e->height / 2, width = e->width / 2, row = e->width * 16;
  // Rows and columns of the result, which may lie within a border of one pixel.
  const size_t to_row = (is_padded ? ck_winograd_padded(e->width) : e->width) * 16;
  const size_t to_rows = is_padded ? ck_winograd_padded(e->height) : e->height;
  const size_t origin = is_padded ? to_row + 16 : 0;
  for (size_t map = 0; map < e->images * e->blocks; map++) {
    const size_t block = map % e->blocks;
    const backward k = {n->a ? CK_LOAD(n->a + block * 16) : zero + 1.0f,
                        n->b ? CK_LOAD(n->b + block * 16) : zero,
                        n->d ? CK_LOAD(n->d + block * 16) : zero,
                        n->mean ? CK_LOAD(n->mean + block * 16) : zero};
    affine f;
    load_affine(scale, shift, block, &f);
    for (size_t i = 0; i < e->height; i++) {
      const size_t from = (map * e->height + i) * row;
      const size_t to = origin + (map * to_rows + i) * to_row;
      const int alone = i == 2 * height;
      for (size_t j = 0; j < width; j++) {
        if (alone) {
          put_gradient(&k, &zero, y, from + 2 * j * 16, out, to + 2 * j * 16, bf16, out_bf16);
          put_gradient(&k, &zero, y, from + 2 * j * 16 + 16, out, to + 2 * j * 16 + 16, bf16,
                       out_bf16);
          continue;
        }
        const size_t at = from + 2 * j * 16, target = to + 2 * j * 16;
        const v16 g = CK_GET(dout, ((map * height + i / 2) * width + j) * 16, bf16);
        v16 z[4], h[4];
        load_window(y, at, row, &f.scale, &f.shift, bf16, z);
        route(z, &g, relu, h);
        put_gradient(&k, &h[0], y, at, out, target, bf16, out_bf16);
        put_gradient(&k, &h[1], y, at + 16, out, target + 16, bf16, out_bf16);
        put_gradient(&k, &h[2], y, at + row, out, target + to_row, bf16, out_bf16);
        put_gradient(&k, &h[3], y, at + row + 16, out, target + to_row + 16, bf16, out_bf16);
      }
      // The last column of an odd width belongs to no window, nor does the last row.
      for (size_t r = 0; r < (alone ? 1 : 2) && e->width > 2 * width; r++)
        put_gradient(&k, &zero, y, from + r * row + 2 * width * 16, out,
                     to + r * to_row + 2 * width * 16, bf16, out_bf16);
      if (!alone) i++;
    }
  }
}

#define EACH_CASE(call)                      \
  switch ((relu != 0) * 2 + (bf16 != 0)) {   \
    case 0: call(0, 0); break;               \
    case 1: call(0, 1); break;               \
    case 2: call(1, 0); break;               \
    default: call(1, 1); break;              \
  }

CK_CLONES void ck_pooled_scale_shift(const ck_extent *e, const void *y, const float *scale,
                                     const float *shift, int relu, void *out, int bf16) {
#define FORWARD(has_relu, is_bf16) pooled_scale_shift(e, y, scale, shift, out, has_relu, is_bf16)
  EACH_CASE(FORWARD)
}

CK_CLONES void ck_pooled_gradient_sums(const ck_extent *e, const void *dout, const void *y,
                                       const float *scale, const float *shift, int relu,
                                       const float *mean, double *sums, int bf16) {
#define SUMS(has_relu, is_bf16) \
  pooled_gradient_sums(e, dout, y, scale, shift, mean, sums, has_relu, is_bf16)
  EACH_CASE(SUMS)
}

CK_CLONES void ck_pooled_gradient(const ck_extent *e, const void *dout, const void *y,
                                  const float *scale, const float *shift, int relu,
                                  const ck_normalization *n, void *dy, float *padded, int bf16) {
#define GRADIENT(has_relu, is_bf16)                                                             \
  padded ? pooled_gradient(e, dout, y, scale, shift, n, padded, 1, has_relu, is_bf16, 0)        \
         : pooled_gradient(e, dout, y, scale, shift, n, dy, 0, has_relu, is_bf16, is_bf16)
  EACH_CASE(GRADIENT)
}
