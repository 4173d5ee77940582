// Convolutions of 1x1 windows over blocked maps:
//
//   y[o, i, j] = f(sum over c of w[o, c] x[c, i stride, j stride] + bias[o] + residual[o, i, j])
//
// For x86 processors with AVX2 and FMA, or AVX-512, and with its bf16 instructions where maps are
// bf16. One thread a call; threads may compute different parts of a map.
#pragma once

#include <stddef.h>

#include "epilogue.h"

#ifdef __cplusplus
extern "C" {
#endif

// x is [images, in blocks, in height, in width, 16], y the same of out.
typedef struct {
  size_t images, in_blocks, in_height, in_width, out_blocks, out_height, out_width, stride;
  // Whether to compute f32 by AVX-512, else by AVX2 and FMA.
  int avx512;
} ck_pointwise;

// Floats of packed weights: [out blocks, in blocks, 16 in, 16 out].
static inline size_t ck_pointwise_weights_count(const ck_pointwise *s) {
  return s->in_blocks * s->out_blocks * 256;
}
// Bytes that forward needs to work in.
size_t ck_pointwise_scratch_bytes(const ck_pointwise *shape);

// Packs weights [out channels, in channels].
void ck_pointwise_weights(const ck_pointwise *shape, const float *weights, size_t out_channels,
                          size_t in_channels, float *packed);
// x and y are bf16 if `bf16`, else f32. A residual may be y.
void ck_pointwise_forward(const ck_pointwise *shape, const ck_part *part, const void *x,
                          const float *packed, const ck_epilogue *epilogue, void *y,
                          void *scratch, int bf16);

#ifdef __cplusplus
}
#endif
