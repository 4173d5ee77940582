#include <stdlib.h>
#include <string.h>

#include "clones.h"
#include "include/pixel.h"

enum { PRECISION = 22, HALF = 1 << (PRECISION - 1) };

typedef uint8_t bytes4 __attribute__((vector_size(4)));
typedef int32_t words4 __attribute__((vector_size(16)));

// No weight is negative, so no sum is; rounded weights may add up to a little more than one.
INLINE uint8_t level(int32_t sum) {
  int32_t value = sum >> PRECISION;
  return (uint8_t)(value > 255 ? 255 : value);
}

// Rows that are resampled together: the loop over the taps is short, so it pays to do more in it.
enum { ROWS = 4 };

// Three channels in one vector of four: each load takes one byte of the next pixel along, so
// `source` must be readable one byte past the last of its rows.
INLINE void rows_of_three(const uint8_t *source, size_t stride, uint8_t *target, size_t out,
                          pixel_filter filter) {
  const words4 white = {255, 255, 255, 255};
  for (size_t x = 0; x < out; x++) {
    const uint8_t *from = source + 3 * (size_t)filter.first[x];
    const int32_t *weights = filter.weights + x * filter.taps;
    words4 sums[ROWS];
    for (int r = 0; r < ROWS; r++) sums[r] = (words4){HALF, HALF, HALF, 0};
    for (int32_t k = 0; k < filter.count[x]; k++, from += 3) {
      int32_t weight = weights[k];
      for (int r = 0; r < ROWS; r++) {
        bytes4 pixel;
        memcpy(&pixel, from + (size_t)r * stride, 4);
        sums[r] += __builtin_convertvector(pixel, words4) * weight;
      }
    }
    for (size_t r = 0; r < ROWS; r++) {
      words4 values = __builtin_elementwise_min(sums[r] >> PRECISION, white);
      bytes4 pixel = __builtin_convertvector(values, bytes4);
      memcpy(target + (r * out + x) * 3, &pixel, 3);
    }
  }
}

INLINE void rows_of_one(const uint8_t *source, size_t stride, uint8_t *target, size_t out,
                        pixel_filter filter) {
  for (size_t x = 0; x < out; x++) {
    const uint8_t *from = source + filter.first[x];
    const int32_t *weights = filter.weights + x * filter.taps;
    int32_t sums[ROWS];
    for (int r = 0; r < ROWS; r++) sums[r] = HALF;
    for (int32_t k = 0; k < filter.count[x]; k++)
      for (int r = 0; r < ROWS; r++) sums[r] += from[(size_t)r * stride + (size_t)k] * weights[k];
    for (size_t r = 0; r < ROWS; r++) target[r * out + x] = level(sums[r]);
  }
}

INLINE void row_of_any(const uint8_t *source, uint8_t *target, size_t out, size_t channels,
                       pixel_filter filter) {
  for (size_t x = 0; x < out; x++) {
    const uint8_t *from = source + channels * (size_t)filter.first[x];
    const int32_t *weights = filter.weights + x * filter.taps;
    for (size_t c = 0; c < channels; c++) {
      int32_t sum = HALF;
      for (int32_t k = 0; k < filter.count[x]; k++)
        sum += from[(size_t)k * channels + c] * weights[k];
      target[channels * x + c] = level(sum);
    }
  }
}

CLONES void pixel_resample_rows(const uint8_t *source, size_t rows, size_t in, uint8_t *target,
                                size_t out, size_t channels, pixel_filter filter) {
  size_t stride = in * channels;
  size_t y = 0;
  // Behind the last row of the image no byte may be read, so that one is left to the loop below.
  for (; y + ROWS < rows; y += ROWS) {
    const uint8_t *row = source + y * stride;
    uint8_t *result = target + y * out * channels;
    if (channels == 3) {
      rows_of_three(row, stride, result, out, filter);
    } else if (channels == 1) {
      rows_of_one(row, stride, result, out, filter);
    } else {
      break;
    }
  }
  for (; y < rows; y++)
    row_of_any(source + y * stride, target + y * out * channels, out, channels, filter);
}

// Values of a row that are summed together: their sums stay in the first-level cache.
enum { STRIP = 512 };

CLONES void pixel_resample_columns(const uint8_t *source, size_t values, uint8_t *target,
                                   size_t out, pixel_filter filter) {
  int32_t sums[STRIP];
  for (size_t y = 0; y < out; y++) {
    const int32_t *weights = filter.weights + y * filter.taps;
    const uint8_t *first = source + (size_t)filter.first[y] * values;
    for (size_t start = 0; start < values; start += STRIP) {
      size_t count = values - start < STRIP ? values - start : STRIP;
      for (size_t i = 0; i < count; i++) sums[i] = HALF;
      for (int32_t k = 0; k < filter.count[y]; k++) {
        const uint8_t *restrict row = first + (size_t)k * values + start;
        int32_t weight = weights[k];
        for (size_t i = 0; i < count; i++) sums[i] += row[i] * weight;
      }
      uint8_t *restrict result = target + y * values + start;
      for (size_t i = 0; i < count; i++) result[i] = level(sums[i]);
    }
  }
}
