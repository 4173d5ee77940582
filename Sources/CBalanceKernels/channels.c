#include "vector.h"

void ck_clear_padding(void *x, size_t images, size_t channels, size_t plane, int bf16) {
  const size_t blocks = (channels + 15) / 16, used = channels % 16;
  if (used == 0) return;
  for (size_t n = 0; n < images; n++) {
    const size_t base = ((n + 1) * blocks - 1) * plane * 16;
    for (size_t i = 0; i < plane; i++)
      for (size_t l = used; l < 16; l++)
        if (bf16)
          ((uint16_t *)x)[base + i * 16 + l] = 0;
        else
          ((float *)x)[base + i * 16 + l] = 0;
  }
}

#define COPY_CHANNELS(type)                                                                      \
  for (size_t n = 0; n < images; n++)                                                            \
    for (size_t c = 0; c < count;) {                                                             \
      const size_t s = from_first + c, t = to_first + c;                                         \
      const type *p = (const type *)from + (n * from_blocks + s / 16) * plane * 16;              \
      type *o = (type *)to + (n * to_blocks + t / 16) * plane * 16;                              \
      size_t run = 16 - (s % 16 > t % 16 ? s % 16 : t % 16);                                     \
      if (run == 16)                                                                             \
        for (size_t i = 0; i < plane * 16; i++) o[i] = p[i];                                     \
      else {                                                                                     \
        if (run > count - c) run = count - c;                                                    \
        for (size_t i = 0; i < plane; i++)                                                       \
          for (size_t l = 0; l < run; l++) o[i * 16 + t % 16 + l] = p[i * 16 + s % 16 + l];      \
      }                                                                                          \
      c += run;                                                                                  \
    }

CK_CLONES void ck_copy_channels(const void *from, size_t from_channels, size_t from_first, void *to,
                                size_t to_channels, size_t to_first, size_t count, size_t images,
                                size_t plane, int bf16) {
  const size_t from_blocks = (from_channels + 15) / 16, to_blocks = (to_channels + 15) / 16;
  if (bf16) {
    COPY_CHANNELS(uint16_t)
  } else {
    COPY_CHANNELS(float)
  }
}

// Sixteen values of a row, from `first` on; zero past its end.
CK_INLINE void row_lanes(const float *row, size_t first, size_t channels, v16 *lanes) {
  const v16 zero = {0};
  *lanes = zero;
  for (size_t l = 0; l < 16 && first + l < channels; l++) (*lanes)[l] = row[first + l];
}

CK_INLINE void scale_channels(const void *x, const float *rows, void *y, size_t images,
                              size_t channels, size_t plane, int bf16) {
  const size_t blocks = (channels + 15) / 16;
  for (size_t n = 0; n < images; n++)
    for (size_t b = 0; b < blocks; b++) {
      const size_t base = (n * blocks + b) * plane * 16;
      v16 s;
      row_lanes(rows + n * channels, b * 16, channels, &s);
      for (size_t i = base; i < base + plane * 16; i += 16)
        CK_PUT(y, i, CK_GET(x, i, bf16) * s, bf16);
    }
}

CK_CLONES void ck_scale_channels(const void *x, const float *rows, void *y, size_t images,
                                 size_t channels, size_t plane, int bf16) {
  bf16 ? scale_channels(x, rows, y, images, channels, plane, 1)
       : scale_channels(x, rows, y, images, channels, plane, 0);
}

CK_INLINE void scale_channels_gradient(const void *x, const float *rows, const void *dy, void *dx,
                                       float *drows, size_t images, size_t channels, size_t plane,
                                       int bf16) {
  const size_t blocks = (channels + 15) / 16;
  for (size_t n = 0; n < images; n++)
    for (size_t b = 0; b < blocks; b++) {
      const size_t base = (n * blocks + b) * plane * 16;
      v16 s, sum = {0};
      row_lanes(rows + n * channels, b * 16, channels, &s);
      for (size_t i = base; i < base + plane * 16; i += 16) {
        const v16 g = CK_GET(dy, i, bf16);
        sum += g * CK_GET(x, i, bf16);
        CK_PUT(dx, i, g * s, bf16);
      }
      for (size_t l = 0; l < 16 && b * 16 + l < channels; l++)
        drows[n * channels + b * 16 + l] = sum[l];
    }
}

CK_CLONES void ck_scale_channels_gradient(const void *x, const float *rows, const void *dy,
                                          void *dx, float *drows, size_t images, size_t channels,
                                          size_t plane, int bf16) {
  bf16 ? scale_channels_gradient(x, rows, dy, dx, drows, images, channels, plane, 1)
       : scale_channels_gradient(x, rows, dy, dx, drows, images, channels, plane, 0);
}

CK_INLINE void multiply(const void *x, const float *factors, float factor, void *y, size_t count,
                        int bf16) {
  if (factors)
    for (size_t i = 0; i < count; i += 16)
      CK_PUT(y, i, CK_GET(x, i, bf16) * CK_LOAD(factors + i), bf16);
  else
    for (size_t i = 0; i < count; i += 16) CK_PUT(y, i, CK_GET(x, i, bf16) * factor, bf16);
}

CK_CLONES void ck_multiply(const void *x, const float *factors, float factor, void *y,
                           size_t count, int bf16) {
  bf16 ? multiply(x, factors, factor, y, count, 1) : multiply(x, factors, factor, y, count, 0);
}
