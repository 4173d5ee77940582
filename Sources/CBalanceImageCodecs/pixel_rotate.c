#include "clones.h"
#include "include/pixel.h"

enum { FRACTION_BITS = 16 };

INLINE uint64_t pixel_or_black(const uint8_t *source, int64_t height, int64_t width,
                               size_t channels, int64_t y, int64_t x, size_t c) {
  if (y < 0 || y >= height || x < 0 || x >= width) return 0;
  return source[((size_t)y * (size_t)width + (size_t)x) * channels + c];
}

// Positions have 31 bits behind the point: twice the distance from the centre, which is whole,
// times a cosine of 30 bits.
INLINE void rotate(const uint8_t *restrict source, int64_t height, int64_t width, size_t channels,
                   int64_t cosine, int64_t sine, uint8_t *restrict target) {
  const uint64_t one = 1u << FRACTION_BITS;
  for (int64_t y = 0; y < height; y++) {
    int64_t v = 2 * y - (height - 1);
    for (int64_t x = 0; x < width; x++, target += channels) {
      int64_t u = 2 * x - (width - 1);
      int64_t from_y = u * sine + v * cosine + (height - 1) * PIXEL_ROTATE_ONE;
      int64_t from_x = u * cosine - v * sine + (width - 1) * PIXEL_ROTATE_ONE;
      int64_t top = from_y >> 31, left = from_x >> 31;
      uint64_t down = (uint64_t)(from_y >> (31 - FRACTION_BITS)) & (one - 1);
      uint64_t right = (uint64_t)(from_x >> (31 - FRACTION_BITS)) & (one - 1);
      for (size_t c = 0; c < channels; c++) {
        uint64_t corners[2][2];
        for (int i = 0; i < 2; i++)
          for (int j = 0; j < 2; j++)
            corners[i][j] =
                pixel_or_black(source, height, width, channels, top + i, left + j, c);
        uint64_t upper = (one - right) * corners[0][0] + right * corners[0][1];
        uint64_t lower = (one - right) * corners[1][0] + right * corners[1][1];
        uint64_t sum = (one - down) * upper + down * lower;
        target[c] = (uint8_t)((sum + (one * one >> 1)) >> (2 * FRACTION_BITS));
      }
    }
  }
}

CLONES void pixel_rotate(const uint8_t *source, size_t height, size_t width, size_t channels,
                         int64_t cosine, int64_t sine, uint8_t *target) {
  int64_t h = (int64_t)height, w = (int64_t)width;
  if (channels == 1) {
    rotate(source, h, w, 1, cosine, sine, target);
  } else if (channels == 3) {
    rotate(source, h, w, 3, cosine, sine, target);
  } else {
    rotate(source, h, w, channels, cosine, sine, target);
  }
}
