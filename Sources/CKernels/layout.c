#include "vector.h"

void ck_pixels_to_planar(const float *pixels, float *out, size_t images, size_t plane,
                         size_t channels) {
  for (size_t n = 0; n < images; n++) {
    const float *p = pixels + n * plane * channels;
    float *o = out + n * plane * channels;
    if (channels == 3)
      for (size_t i = 0; i < plane; i++) {
        o[i] = p[3 * i];
        o[plane + i] = p[3 * i + 1];
        o[2 * plane + i] = p[3 * i + 2];
      }
    else
      for (size_t c = 0; c < channels; c++)
        for (size_t i = 0; i < plane; i++) o[c * plane + i] = p[i * channels + c];
  }
}

void ck_pixels_to_blocked(const float *pixels, float *out, size_t images, size_t plane,
                          size_t channels) {
  const size_t blocks = (channels + 15) / 16;
  for (size_t n = 0; n < images; n++)
    for (size_t b = 0; b < blocks; b++)
      for (size_t i = 0; i < plane; i++)
        for (size_t l = 0; l < 16; l++) {
          const size_t c = b * 16 + l;
          out[((n * blocks + b) * plane + i) * 16 + l] =
              c < channels ? pixels[(n * plane + i) * channels + c] : 0;
        }
}

CK_CLONES void ck_global_average(const float *x, float *rows, size_t images, size_t channels,
                                 size_t plane) {
  const size_t blocks = (channels + 15) / 16;
  const float share = 1.0f / (float)plane;
  for (size_t n = 0; n < images; n++)
    for (size_t b = 0; b < blocks; b++) {
      const float *p = x + (n * blocks + b) * plane * 16;
      v16 s = {0};
      for (size_t i = 0; i < plane * 16; i += 16) s += CK_LOAD(p + i);
      s *= share;
      for (size_t l = 0; l < 16 && b * 16 + l < channels; l++) rows[n * channels + b * 16 + l] = s[l];
    }
}

CK_CLONES void ck_global_average_gradient(const float *drows, float *dx, size_t images,
                                          size_t channels, size_t plane) {
  const size_t blocks = (channels + 15) / 16;
  const float share = 1.0f / (float)plane;
  for (size_t n = 0; n < images; n++)
    for (size_t b = 0; b < blocks; b++) {
      float *p = dx + (n * blocks + b) * plane * 16;
      v16 g = {0};
      for (size_t l = 0; l < 16 && b * 16 + l < channels; l++)
        g[l] = drows[n * channels + b * 16 + l] * share;
      for (size_t i = 0; i < plane * 16; i += 16) CK_STORE(p + i, g);
    }
}

void ck_subsample(const float *x, float *out, size_t images, const ck_subsampling *s) {
  const size_t in_blocks = (s->in_channels + 15) / 16, out_blocks = (s->out_channels + 15) / 16;
  const size_t in_plane = s->in_height * s->in_width, out_plane = s->out_height * s->out_width;
  for (size_t i = 0; i < images * out_blocks * out_plane * 16; i++) out[i] = 0;
  for (size_t n = 0; n < images; n++)
    for (size_t c = 0; c < s->in_channels; c++) {
      const size_t k = c + s->before;
      const float *p = x + (n * in_blocks + c / 16) * in_plane * 16 + c % 16;
      float *o = out + (n * out_blocks + k / 16) * out_plane * 16 + k % 16;
      for (size_t i = 0; i < s->out_height; i++)
        for (size_t j = 0; j < s->out_width; j++)
          o[(i * s->out_width + j) * 16] = p[(i * s->stride * s->in_width + j * s->stride) * 16];
    }
}

void ck_subsample_gradient(const float *dout, float *dx, size_t images, const ck_subsampling *s) {
  const size_t in_blocks = (s->in_channels + 15) / 16, out_blocks = (s->out_channels + 15) / 16;
  const size_t in_plane = s->in_height * s->in_width, out_plane = s->out_height * s->out_width;
  for (size_t i = 0; i < images * in_blocks * in_plane * 16; i++) dx[i] = 0;
  for (size_t n = 0; n < images; n++)
    for (size_t c = 0; c < s->in_channels; c++) {
      const size_t k = c + s->before;
      float *p = dx + (n * in_blocks + c / 16) * in_plane * 16 + c % 16;
      const float *o = dout + (n * out_blocks + k / 16) * out_plane * 16 + k % 16;
      for (size_t i = 0; i < s->out_height; i++)
        for (size_t j = 0; j < s->out_width; j++)
          p[(i * s->stride * s->in_width + j * s->stride) * 16] = o[(i * s->out_width + j) * 16];
    }
}
