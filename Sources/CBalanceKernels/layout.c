#include <string.h>

#include "vector.h"

// One value to element `index`, rounded to nearest even where it is stored as bf16.
CK_INLINE void put_value(void *out, size_t index, float value, int bf16) {
  if (bf16) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    ((uint16_t *)out)[index] = (uint16_t)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
  } else {
    ((float *)out)[index] = value;
  }
}

CK_INLINE void pixels_to_planar(const float *pixels, void *out, size_t images, size_t plane,
                                size_t channels, const int bf16) {
  for (size_t n = 0; n < images; n++)
    for (size_t c = 0; c < channels; c++)
      for (size_t i = 0; i < plane; i++)
        put_value(out, (n * channels + c) * plane + i, pixels[(n * plane + i) * channels + c],
                  bf16);
}

void ck_pixels_to_planar(const float *pixels, void *out, size_t images, size_t plane,
                         size_t channels, int bf16) {
  if (bf16)
    pixels_to_planar(pixels, out, images, plane, channels, 1);
  else
    pixels_to_planar(pixels, out, images, plane, channels, 0);
}

void ck_pixels_to_blocked(const float *pixels, void *out, size_t images, size_t plane,
                          size_t channels, int bf16) {
  const size_t blocks = (channels + 15) / 16;
  for (size_t n = 0; n < images; n++)
    for (size_t b = 0; b < blocks; b++)
      for (size_t i = 0; i < plane; i++)
        for (size_t l = 0; l < 16; l++) {
          const size_t c = b * 16 + l;
          put_value(out, ((n * blocks + b) * plane + i) * 16 + l,
                    c < channels ? pixels[(n * plane + i) * channels + c] : 0, bf16);
        }
}

CK_INLINE void global_average(const void *x, float *rows, size_t images, size_t channels,
                              size_t plane, const int bf16) {
  const size_t blocks = (channels + 15) / 16;
  const float share = 1.0f / (float)plane;
  for (size_t n = 0; n < images; n++)
    for (size_t b = 0; b < blocks; b++) {
      const size_t base = (n * blocks + b) * plane * 16;
      v16 s = {0};
      for (size_t i = 0; i < plane * 16; i += 16) s += CK_GET(x, base + i, bf16);
      s *= share;
      for (size_t l = 0; l < 16 && b * 16 + l < channels; l++)
        rows[n * channels + b * 16 + l] = s[l];
    }
}

CK_CLONES void ck_global_average(const void *x, float *rows, size_t images, size_t channels,
                                 size_t plane, int bf16) {
  if (bf16)
    global_average(x, rows, images, channels, plane, 1);
  else
    global_average(x, rows, images, channels, plane, 0);
}

CK_CLONES void ck_global_average_gradient(const float *drows, void *dx, size_t images,
                                          size_t channels, size_t plane, int bf16) {
  const size_t blocks = (channels + 15) / 16;
  const float share = 1.0f / (float)plane;
  for (size_t n = 0; n < images; n++)
    for (size_t b = 0; b < blocks; b++) {
      const size_t base = (n * blocks + b) * plane * 16;
      v16 g = {0};
      for (size_t l = 0; l < 16 && b * 16 + l < channels; l++)
        g[l] = drows[n * channels + b * 16 + l] * share;
      for (size_t i = 0; i < plane * 16; i += 16) CK_PUT(dx, base + i, g, bf16);
    }
}

// Copies every pixel that both maps have, in runs of channels that lie together in both. `forward`
// copies from the large map to the small one.
static void copy_subsampled(char *large, char *small, size_t images, const ck_subsampling *s,
                            int forward, size_t width) {
  const size_t in_blocks = (s->in_channels + 15) / 16, out_blocks = (s->out_channels + 15) / 16;
  const size_t in_plane = s->in_height * s->in_width, out_plane = s->out_height * s->out_width;
  for (size_t n = 0; n < images; n++)
    for (size_t c = 0; c < s->in_channels;) {
      const size_t k = c + s->before;
      const size_t in_left = 16 - c % 16, out_left = 16 - k % 16;
      size_t run = in_left < out_left ? in_left : out_left;
      if (run > s->in_channels - c) run = s->in_channels - c;
      char *p = large + ((n * in_blocks + c / 16) * in_plane * 16 + c % 16) * width;
      char *o = small + ((n * out_blocks + k / 16) * out_plane * 16 + k % 16) * width;
      for (size_t i = 0; i < s->out_height; i++)
        for (size_t j = 0; j < s->out_width; j++) {
          char *from = p + (i * s->in_width + j) * s->stride * 16 * width;
          char *to = o + (i * s->out_width + j) * 16 * width;
          if (forward)
            memcpy(to, from, run * width);
          else
            memcpy(from, to, run * width);
        }
      c += run;
    }
}

void ck_subsample(const void *x, void *out, size_t images, const ck_subsampling *s, int bf16) {
  const size_t width = bf16 ? 2 : 4, blocks = (s->out_channels + 15) / 16;
  memset(out, 0, images * blocks * s->out_height * s->out_width * 16 * width);
  copy_subsampled((char *)x, out, images, s, 1, width);
}

void ck_subsample_gradient(const void *dout, void *dx, size_t images, const ck_subsampling *s,
                           int bf16) {
  const size_t width = bf16 ? 2 : 4, blocks = (s->in_channels + 15) / 16;
  memset(dx, 0, images * blocks * s->in_height * s->in_width * 16 * width);
  copy_subsampled(dx, (char *)dout, images, s, 0, width);
}
