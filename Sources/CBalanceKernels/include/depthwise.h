// Convolutions of each channel of a blocked map by a window of its own:
//
//   y[c, i, j] = f(sum over u, v of w[c, u, v] x[c, i stride + u - padding, j stride + v - padding]
//                  + bias[c] + residual[c, i, j])
//
// For x86 processors with AVX2 and FMA, or AVX-512, and with its bf16 instructions where maps are
// bf16. One thread a call; threads may compute different parts of a map.
#pragma once

#include <stddef.h>

#include "epilogue.h"

#ifdef __cplusplus
extern "C" {
#endif

// x is [images, blocks, in height, in width, 16], y [images, blocks, out height, out width, 16].
typedef struct {
  size_t images, blocks, in_height, in_width, out_height, out_width;
  // kernel is 3 or 5, stride 1 or 2.
  size_t kernel, stride, padding;
  // Whether to compute f32 by AVX-512, else by AVX2 and FMA.
  int avx512;
} ck_depthwise;

// Floats of packed weights: [blocks, kernel, kernel, 16].
static inline size_t ck_depthwise_weights_count(const ck_depthwise *s) {
  return s->blocks * s->kernel * s->kernel * 16;
}
// Bytes that forward needs to work in.
size_t ck_depthwise_scratch_bytes(const ck_depthwise *shape);

// Packs weights [channels, kernel, kernel].
void ck_depthwise_weights(const ck_depthwise *shape, const float *weights, size_t channels,
                          float *packed);
// x and y are bf16 if `bf16`, else f32. A residual may be y.
void ck_depthwise_forward(const ck_depthwise *shape, const ck_part *part, const void *x,
                          const float *packed, const ck_epilogue *epilogue, void *y,
                          void *scratch, int bf16);

#ifdef __cplusplus
}
#endif
