// Loops over activations that oneDNN has no primitive for, is slower at, or does in more passes
// over memory.
//
// Activations are blocked: [images, blocks, plane, 16], where block b holds the channels
// 16 b … 16 b + 15, plane is height x width, and lanes past the last channel are zero. They are
// stored as f32, or as bf16 where a function's `bf16` says so; arithmetic is f32, sums are double.
// Every buffer is aligned to 64 bytes; per-channel arrays are f32 and have blocks x 16 entries. One
// thread a call; threads work on different images or maps. The Swift references in
// Networks/Reference say what each computes; tests compare them.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "depthwise.h"
#include "epilogue.h"
#include "planar.h"
#include "pointwise.h"
#include "winograd.h"

#ifdef __cplusplus
extern "C" {
#endif

// The part of a map that one call works on: [images, blocks, height, width, 16].
typedef struct {
  size_t images, blocks, height, width;
} ck_extent;

// Batch normalisation, forward: adds the sum of y to sums[c], that of y squared to sums[C + c].
void ck_channel_sums(const void *y, const ck_extent *extent, double *sums, int bf16);

// f(y scale + shift + residual), to `out` and, as f32 within a border of zeros that the caller
// keeps (see ck_winograd), to `padded`; either may be null. Null scale and shift are 1 and 0; a
// null residual is 0; f is ck_identity or a kind of ck_activation with f(0) = 0. `out` may be y.
void ck_scale_shift(const ck_extent *extent, const void *y, const float *scale, const float *shift,
                    const void *residual, int activation, void *out, float *padded, int bf16);

// How much of a gradient an activation passes: all where the output of ReLU is positive, nothing
// elsewhere; or, with a null output, f'(y scale + shift + residual), where a null residual is 0.
typedef struct {
  const void *output;
  const float *scale, *shift;
  const void *residual;
  int activation;
} ck_gradient_mask;

// The gradient behind an activation and in front of batch normalisation, with the sums that its
// backward pass needs: h = (first + second) mask; adds the sum of h to sums[c] and of h (y - mean)
// to sums[C + c]. Null second is 0, a null mask passes all, null y means no sums. h may be first or
// second. `first_bf16` is the type of first.
void ck_masked_gradient(const ck_extent *extent, const void *first, int first_bf16,
                        const void *second, const ck_gradient_mask *mask, const void *y,
                        const float *mean, void *h, double *sums, int bf16);

// a h + b (y - mean) + d per channel, to dy or, if that is not null, to `padded`. dy may be h.
void ck_normalization_gradient(const ck_extent *extent, const void *h, const void *y,
                               const float *mean, const float *a, const float *b, const float *d,
                               void *dy, float *padded, int bf16);

// Normalisation, ReLU if `relu`, and the maximum over 2x2 windows of stride 2; out is
// [images, blocks, height / 2, width / 2, 16], and a last odd row or column is left out of it.
void ck_pooled_scale_shift(const ck_extent *extent, const void *y, const float *scale,
                           const float *shift, int relu, void *out, int bf16);
// With h the gradient of y scale + shift, which the first largest value of each window gets: adds
// the sum of h to sums[c] and of h (y - mean) to sums[C + c].
void ck_pooled_gradient_sums(const ck_extent *extent, const void *dout, const void *y,
                             const float *scale, const float *shift, int relu, const float *mean,
                             double *sums, int bf16);
// a h + b (y - mean) + d, to dy or, if that is not null, to `padded`. Null a is 1, others 0.
typedef struct {
  const float *a, *b, *d, *mean;
} ck_normalization;
void ck_pooled_gradient(const ck_extent *extent, const void *dout, const void *y,
                        const float *scale, const float *shift, int relu,
                        const ck_normalization *normalization, void *dy, float *padded, int bf16);

// total += part for `count` values, a multiple of sixteen.
void ck_add(void *total, const void *part, size_t count, int bf16);

// Pixels [images, plane, channels] to planar [images, channels, plane], and to blocked.
void ck_pixels_to_planar(const float *pixels, void *out, size_t images, size_t plane,
                         size_t channels, int bf16);
void ck_pixels_to_blocked(const float *pixels, void *out, size_t images, size_t plane,
                          size_t channels, int bf16);

// rows[n, c] = mean of x over the plane, and its gradient dx = drows / plane.
void ck_global_average(const void *x, float *rows, size_t images, size_t channels, size_t plane,
                       int bf16);
void ck_global_average_gradient(const float *drows, void *dx, size_t images, size_t channels,
                                size_t plane, int bf16);

// The parameter-free shortcut of CIFAR ResNets: every stride-th pixel, with channels put behind
// `before` zero channels; out has out_channels. And its gradient.
typedef struct {
  size_t in_channels, in_height, in_width, out_channels, out_height, out_width, stride, before;
} ck_subsampling;
void ck_subsample(const void *x, void *out, size_t images, const ck_subsampling *shape, int bf16);
void ck_subsample_gradient(const void *dout, void *dx, size_t images, const ck_subsampling *shape,
                           int bf16);

// y = f(x), and dx = dy f'(x), value by value. `count` is rounded up to a multiple of 16, which
// every buffer has room for. Rows, and maps whose padding is cleared afterwards where f(0) is not
// 0.
enum { ck_identity = -1, ck_relu, ck_relu6, ck_silu, ck_hard_swish, ck_sigmoid, ck_hard_sigmoid };
void ck_activation(int kind, const void *x, void *y, size_t count, int bf16);
void ck_activation_gradient(int kind, const void *x, const void *dy, void *dx, size_t count,
                            int bf16);

// Sets the lanes past the last channel to zero.
void ck_clear_padding(void *x, size_t images, size_t channels, size_t plane, int bf16);

// Copies channels from_first … from_first + count - 1 of one map to to_first … of another. The
// lanes behind the last one copied are then undefined.
void ck_copy_channels(const void *from, size_t from_channels, size_t from_first, void *to,
                      size_t to_channels, size_t to_first, size_t count, size_t images,
                      size_t plane, int bf16);

// y = x rows[n, c]; dx = dy rows[n, c] and drows[n, c] = sum of dy x over the plane.
void ck_scale_channels(const void *x, const float *rows, void *y, size_t images, size_t channels,
                       size_t plane, int bf16);
void ck_scale_channels_gradient(const void *x, const float *rows, const void *dy, void *dx,
                                float *drows, size_t images, size_t channels, size_t plane,
                                int bf16);

// The windows over a map: tap u, v of output i, j lies at
// row i stride + u dilation - padding_top, and column j stride + v dilation - padding_left.
typedef struct {
  size_t channels, in_height, in_width, out_height, out_width, kernel, stride;
  size_t padding_top, padding_left, dilation;
} ck_window;

// The gradient of a depthwise convolution's weights [channels, kernel, kernel], which oneDNN 2 has
// for 3 x 3 only: dw[c, u, v] = sum of dy[c, i, j] x[c, i stride + u dilation - padding_top, …].
// kernel is at most CK_LARGEST_KERNEL.
#define CK_LARGEST_KERNEL 31
void ck_depthwise_weight_gradient(const void *x, const void *dy, float *dw,
                                  const ck_window *window, size_t images, int bf16);

// y = the maximum over each window of x, of what lies within the map and is a number, for
// evaluation: oneDNN's shares less among threads. x is [maps, in height, in width, 16], a map for
// each image and block; dilation is 1, and each window has a value within.
void ck_maximum(const void *x, void *y, const ck_window *window, size_t maps, int bf16);

// out[c] = sum of x over images and plane.
void ck_sum_channels(const void *x, float *out, size_t images, size_t channels, size_t plane,
                     int bf16);

// y = x factors, value by value, or x factor where factors is null; `count` as above.
void ck_multiply(const void *x, const float *factors, float factor, void *y, size_t count,
                 int bf16);

// Tells the processor that the caller spins.
static inline void ck_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#ifdef __cplusplus
}
#endif
