// Convolutions of 3x3 windows, stride 1 and padding 1 by Winograd's F(4x4, 3x3): a tile of 4x4
// outputs costs 36 multiplications a pair of channels instead of 144.
//
//   Y = A^T [ (G g G^T) * (B^T d B) ] A        forward, and over the data with g turned by 180
//   degrees dg = G^T [ (A dY A^T) * (B^T d B) ] G      weight gradient
//
// d is a 6x6 tile of the input, g the 3x3 weights, Y the 4x4 tile of the output, * the product by
// elements, summed over channels (or tiles): 36 small matrix products. Points 0, 1, -1, 2, -2, and
// infinity. Source: Lavin and Gray, Fast algorithms for convolutional neural networks, CVPR 2016.
//
// For x86 processors with AVX-512, or AVX2 and FMA. One thread a call. Inputs are f32 and padded:
// see ck_winograd.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The images of one call. A padded map is [images, blocks, padded height, padded width, 16]: the
// map from row 1 and column 1 on, zeros around it and behind it up to whole tiles of four.
typedef struct {
  size_t images, in_blocks, out_blocks, height, width;
  // Whether forward and gradient compute by AVX-512, else by AVX2 and FMA; the bits are the same.
  int avx512;
} ck_winograd;

static inline size_t ck_winograd_tiles(size_t side) { return (side + 3) / 4; }
static inline size_t ck_winograd_padded(size_t side) { return 4 * ck_winograd_tiles(side) + 2; }

// Floats of transformed weights, and of their gradient: [36, out blocks, in blocks x 16, 16].
size_t ck_winograd_weights_count(const ck_winograd *shape);
// Bytes that forward and gradient need to work in.
size_t ck_winograd_scratch_bytes(const ck_winograd *shape);

// G g G^T of weights [out channels, in channels, 3, 3]. `turned` makes those of the gradient with
// respect to the data: `shape` then counts the blocks of that convolution, whose input is dY.
void ck_winograd_weights(const ck_winograd *shape, const float *weights, size_t out_channels,
                         size_t in_channels, int turned, float *transformed);
// out [images, out blocks, height, width, 16]; with `sums`, adds the sum of out and of its squares
// to each channel's sums[c] and sums[16 out blocks + c].
void ck_winograd_forward(const ck_winograd *shape, const float *padded, const float *transformed,
                         void *out, double *sums, void *scratch, int bf16);
// Adds the images' share to the gradient of the transformed weights.
void ck_winograd_gradient(const ck_winograd *shape, const float *padded, const float *padded_dout,
                          float *transformed_gradient, void *scratch);
// The gradient of the weights [out channels, in channels, 3, 3] from the sum of `count` gradients
// of the transformed weights.
void ck_winograd_weights_gradient(const ck_winograd *shape, const float *const *transformed,
                                  size_t count, size_t out_channels, size_t in_channels,
                                  float *gradient);

#ifdef __cplusplus
}
#endif
