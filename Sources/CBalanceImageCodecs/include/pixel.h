// The loops over pixels for BalanceImages that a Swift compiler does not vectorise.
//
// Pixels are [height, width, channels], one byte a value, rows without padding.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Luma of ITU-R 601 in 16-bit fixed point: (19595 R + 38470 G + 7471 B + 2^15) >> 16.
void pixel_rgb_to_gray(const uint8_t *rgb, uint8_t *gray, size_t pixels);

/// R = G = B = gray.
void pixel_gray_to_rgb(const uint8_t *gray, uint8_t *rgb, size_t pixels);

/// The least and the greatest of `count` values, at least one.
void pixel_extent(const uint16_t *values, size_t count, uint16_t *least, uint16_t *greatest);

/// bytes = (values − low) · 255 / (high − low), values outside taken to the next end, rounded to
/// the nearest and halves up; low < high.
void pixel_narrow(const uint16_t *values, uint8_t *bytes, size_t count, uint16_t low,
                  uint16_t high);

/// How each output position of a resampled axis is made: output i is the sum of `count[i]` inputs
/// from `first[i]` on, with weights `weights[i * taps]...` in 22-bit fixed point.
typedef struct {
  const int32_t *first;
  const int32_t *count;
  const int32_t *weights;
  size_t taps;
} pixel_filter;

/// [rows, in, channels] → [rows, out, channels].
void pixel_resample_rows(const uint8_t *source, size_t rows, size_t in, uint8_t *target, size_t out,
                         size_t channels, pixel_filter filter);

/// [in, values] → [out, values].
void pixel_resample_columns(const uint8_t *source, size_t values, uint8_t *target, size_t out,
                            pixel_filter filter);

/// A crop of an image that is padded with zeros, flipped or not, as normalised floats.
///
/// `target[y, x, c] = scale[c] * padded + bias[c]`, where `padded` is `source[y + dy, x' + dx, c]`,
/// or 0 outside the image, and x' is x or, flipped, width - 1 - x. `scale` and `bias` hold one
/// value for each value of a row; `row` is scratch of width * channels + 4 bytes. Products are
/// rounded before they are added, so the result does not depend on the processor.
void pixel_crop_normalize(const uint8_t *source, size_t height, size_t width, size_t channels,
                          ptrdiff_t dy, ptrdiff_t dx, int flip, const float *scale,
                          const float *bias, uint8_t *row, float *target);

/// What a cosine or sine of 1 is for `pixel_rotate`.
enum { PIXEL_ROTATE_ONE = 1 << 30 };

/// `target[y, x, c] = source(cy + u sin + v cos, cx + u cos - v sin, c)`, u = x - cx, v = y - cy,
/// cy = (height - 1) / 2, cx = (width - 1) / 2: bilinear with 16 bits behind the point, 0 outside,
/// rounded to the nearest and halves up. In whole numbers, so that the result does not depend on
/// the processor. `source` and `target` do not overlap.
void pixel_rotate(const uint8_t *source, size_t height, size_t width, size_t channels,
                  int64_t cosine, int64_t sine, uint8_t *target);

/// Adds each channel's sum and sum of squares to `sums[channels]` and `squares[channels]`.
void pixel_sums(const uint8_t *source, size_t pixels, size_t channels, uint64_t *sums,
                uint64_t *squares);
