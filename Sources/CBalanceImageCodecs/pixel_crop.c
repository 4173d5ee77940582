#include <string.h>

#include "clones.h"
#include "include/pixel.h"

// A fused multiply-add would round differently on processors that have one.
#pragma STDC FP_CONTRACT OFF

// The pixels of a row in reverse order. Three channels move as four bytes, of which the next move
// overwrites the last, so `target` has a byte to spare; the source has none before its first pixel.
INLINE void reverse_row(const uint8_t *restrict source, uint8_t *restrict target, size_t pixels,
                        size_t channels) {
  if (channels == 3) {
    const uint8_t *from = source + 3 * pixels;
    uint8_t *to = target;
    for (size_t x = 0; x < pixels; x++, to += 3) {
      from -= 3;
      if (x == 0) {
        memcpy(to, from, 3);
      } else {
        memcpy(to, from, 4);
      }
    }
  } else if (channels == 1) {
    for (size_t x = 0; x < pixels; x++) target[x] = source[pixels - 1 - x];
  } else {
    for (size_t x = 0; x < pixels; x++)
      memcpy(target + x * channels, source + (pixels - 1 - x) * channels, channels);
  }
}

INLINE void normalize(const uint8_t *restrict source, float *restrict target,
                      const float *restrict scale, const float *restrict bias, size_t count) {
  for (size_t i = 0; i < count; i++) {
    float product = (float)source[i] * scale[i];
    target[i] = product + bias[i];
  }
}

CLONES void pixel_crop_normalize(const uint8_t *source, size_t height, size_t width,
                                 size_t channels, ptrdiff_t dy, ptrdiff_t dx, int flip,
                                 const float *scale, const float *bias, uint8_t *row,
                                 float *target) {
  size_t values = width * channels;
  ptrdiff_t signed_width = (ptrdiff_t)width;
  // Columns [low, high) of the crop lie inside the image.
  ptrdiff_t low = dx < 0 ? -dx : 0;
  ptrdiff_t high = dx > 0 ? signed_width - dx : signed_width;
  if (low > signed_width) low = signed_width;
  if (high < low) high = low;
  size_t inside = (size_t)(high - low);
  size_t before = (size_t)(flip ? signed_width - high : low);
  size_t after = width - before - inside;

  for (size_t y = 0; y < height; y++, target += values) {
    ptrdiff_t from = (ptrdiff_t)y + dy;
    if (from < 0 || from >= (ptrdiff_t)height || inside == 0) {
      memcpy(target, bias, values * sizeof(float));
      continue;
    }
    const uint8_t *pixels = source + ((size_t)from * width + (size_t)(low + dx)) * channels;
    if (flip) {
      reverse_row(pixels, row, inside, channels);
      pixels = row;
    }
    memcpy(target, bias, before * channels * sizeof(float));
    normalize(pixels, target + before * channels, scale, bias, inside * channels);
    memcpy(target + (before + inside) * channels, bias, after * channels * sizeof(float));
  }
}
