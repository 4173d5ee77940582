#include "clones.h"
#include "include/pixel.h"

CLONES void pixel_rgb_to_gray(const uint8_t *restrict rgb, uint8_t *restrict gray, size_t pixels) {
  for (size_t i = 0; i < pixels; i++) {
    uint32_t red = rgb[3 * i], green = rgb[3 * i + 1], blue = rgb[3 * i + 2];
    gray[i] = (uint8_t)((red * 19595u + green * 38470u + blue * 7471u + 0x8000u) >> 16);
  }
}

CLONES void pixel_gray_to_rgb(const uint8_t *restrict gray, uint8_t *restrict rgb, size_t pixels) {
  for (size_t i = 0; i < pixels; i++) {
    rgb[3 * i] = gray[i];
    rgb[3 * i + 1] = gray[i];
    rgb[3 * i + 2] = gray[i];
  }
}

// 65,536 squares of a byte fit into 32 bits: 65536 * 65025 < 2^32.
enum { BLOCK = 65536 };

INLINE void block_sums(const uint8_t *restrict source, size_t pixels, size_t channels,
                       size_t channel, uint64_t *sums, uint64_t *squares) {
  uint32_t sum = 0, square = 0;
  for (size_t i = 0; i < pixels; i++) {
    uint32_t value = source[i * channels + channel];
    sum += value;
    square += value * value;
  }
  sums[channel] += sum;
  squares[channel] += square;
}

CLONES void pixel_sums(const uint8_t *source, size_t pixels, size_t channels, uint64_t *sums,
                       uint64_t *squares) {
  for (size_t start = 0; start < pixels; start += BLOCK) {
    size_t count = pixels - start < BLOCK ? pixels - start : BLOCK;
    const uint8_t *block = source + start * channels;
    if (channels == 1) {
      block_sums(block, count, 1, 0, sums, squares);
    } else if (channels == 3) {
      for (size_t c = 0; c < 3; c++) block_sums(block, count, 3, c, sums, squares);
    } else {
      for (size_t c = 0; c < channels; c++) block_sums(block, count, channels, c, sums, squares);
    }
  }
}

CLONES void pixel_extent(const uint16_t *values, size_t count, uint16_t *least,
                         uint16_t *greatest) {
  uint16_t low = values[0], high = values[0];
  for (size_t i = 0; i < count; i++) {
    low = values[i] < low ? values[i] : low;
    high = values[i] > high ? values[i] : high;
  }
  *least = low;
  *greatest = high;
}

// The quotient of two whole numbers below 2^24 is rounded once, by less than its distance from the
// next half: what is below one half stays below it.
CLONES void pixel_narrow(const uint16_t *restrict values, uint8_t *restrict bytes, size_t count,
                         uint16_t low, uint16_t high) {
  double span = high - low;
  for (size_t i = 0; i < count; i++) {
    int32_t value = values[i];
    value = value < low ? low : value > high ? high : value;
    bytes[i] = (uint8_t)(int32_t)((double)((value - low) * 255) / span + 0.5);
  }
}
