// Convolutions of an image's one to three planar channels, the first layer of a network:
//
//   y[o, i, j] = f(sum over c, u, v of
//                    w[o, c, u, v] x[c, i stride + u - padding, j stride + v - padding]
//                  + bias[o] + residual[o, i, j])
//
// forward, and the gradient with respect to w. For x86 processors with AVX2 and FMA, or AVX-512,
// and with its bf16 instructions where maps are bf16. One thread a call; threads may compute
// different parts of a map.
#pragma once

#include <stddef.h>

#include "epilogue.h"

#ifdef __cplusplus
extern "C" {
#endif

// x is [images, channels, in height, in width], y [images, out blocks, out height, out width, 16].
typedef struct {
  size_t images, channels, in_height, in_width, out_blocks, out_height, out_width;
  // kernel is 3, 5 or 7, stride 1 or 2.
  size_t kernel, stride, padding;
  // Whether to compute f32 by AVX-512, else by AVX2 and FMA.
  int avx512;
} ck_planar;

// Floats of packed weights, and of their gradient: [out blocks, channels, kernel, kernel, 16].
static inline size_t ck_planar_weights_count(const ck_planar *s) {
  return s->out_blocks * s->channels * s->kernel * s->kernel * 16;
}
// Bytes that forward and gradient need to work in.
size_t ck_planar_scratch_bytes(const ck_planar *shape);

// Packs weights [out channels, channels, kernel, kernel].
void ck_planar_weights(const ck_planar *shape, const float *weights, size_t out_channels,
                       float *packed);
// With `sums`, adds the sum of y and of its squares to sums[o] and sums[16 out blocks + o]; then
// there is no residual and no f. x and y are bf16 if `bf16`, else f32. A residual may be y.
void ck_planar_forward(const ck_planar *shape, const ck_part *part, const void *x,
                       const float *packed, const ck_epilogue *epilogue, void *y, double *sums,
                       void *scratch, int bf16);
// Adds the images' share to the gradient of the packed weights.
void ck_planar_gradient(const ck_planar *shape, const void *x, const void *dy,
                        float *packed_gradient, void *scratch, int bf16);
// The gradient of weights [out channels, channels, kernel, kernel] from the sum of `count`
// gradients of packed weights.
void ck_planar_weights_gradient(const ck_planar *shape, const float *const *packed, size_t count,
                                size_t out_channels, float *gradient);

#ifdef __cplusplus
}
#endif
