#include "vector.h"

// One row of the kernel, its `taps` weights for one block of channels: sums over all images. Sums
// are kept by output row and then added up, so that long maps lose no digits. `taps` is a constant
// where it is common, so that the sums stay in registers.
CK_INLINE void kernel_row(const void *x, const void *dy, const ck_window *w, size_t images,
                          size_t blocks, size_t b, size_t u, size_t taps, int bf16, v16 *total) {
  const ptrdiff_t in_h = (ptrdiff_t)w->in_height, in_w = (ptrdiff_t)w->in_width;
  const ptrdiff_t out_w = (ptrdiff_t)w->out_width, s = (ptrdiff_t)w->stride;
  const ptrdiff_t p = (ptrdiff_t)w->padding_left, d = (ptrdiff_t)w->dilation;
  // Outputs whose whole row of taps lies within the image.
  const ptrdiff_t first = (p + s - 1) / s;
  const ptrdiff_t room = in_w - 1 + p - d * (ptrdiff_t)(taps - 1);
  const ptrdiff_t end = room < 0 ? 0 : (room / s + 1 < out_w ? room / s + 1 : out_w);
  for (size_t v = 0; v < taps; v++) total[v] = (v16){0};
  for (size_t n = 0; n < images; n++)
    for (ptrdiff_t i = 0; i < (ptrdiff_t)w->out_height; i++) {
      const ptrdiff_t row = i * s + d * (ptrdiff_t)u - (ptrdiff_t)w->padding_top;
      if (row < 0 || row >= in_h) continue;
      const size_t g = (((n * blocks + b) * w->out_height + (size_t)i) * w->out_width) * 16;
      const size_t r = (((n * blocks + b) * w->in_height + (size_t)row) * w->in_width) * 16;
      v16 sums[CK_LARGEST_KERNEL];
      for (size_t v = 0; v < taps; v++) sums[v] = (v16){0};
      for (ptrdiff_t j = 0; j < out_w; j++) {
        const v16 gradient = CK_GET(dy, g + (size_t)j * 16, bf16);
        const ptrdiff_t left = j * s - p;
        if (j >= first && j < end)
          for (size_t v = 0; v < taps; v++)
            sums[v] += gradient * CK_GET(x, r + (size_t)(left + d * (ptrdiff_t)v) * 16, bf16);
        else
          for (size_t v = 0; v < taps; v++) {
            const ptrdiff_t column = left + d * (ptrdiff_t)v;
            if (column >= 0 && column < in_w)
              sums[v] += gradient * CK_GET(x, r + (size_t)column * 16, bf16);
          }
      }
      for (size_t v = 0; v < taps; v++) total[v] += sums[v];
    }
}

CK_INLINE void weight_gradient(const void *x, const void *dy, float *dw, const ck_window *w,
                               size_t images, int bf16) {
  const size_t blocks = (w->channels + 15) / 16, k = w->kernel;
  for (size_t b = 0; b < blocks; b++)
    for (size_t u = 0; u < k; u++) {
      v16 total[CK_LARGEST_KERNEL];
      if (k == 3)
        kernel_row(x, dy, w, images, blocks, b, u, 3, bf16, total);
      else if (k == 5)
        kernel_row(x, dy, w, images, blocks, b, u, 5, bf16, total);
      else
        kernel_row(x, dy, w, images, blocks, b, u, k, bf16, total);
      for (size_t l = 0; l < 16 && b * 16 + l < w->channels; l++)
        for (size_t v = 0; v < k; v++) dw[((b * 16 + l) * k + u) * k + v] = total[v][l];
    }
}

CK_CLONES void ck_depthwise_weight_gradient(const void *x, const void *dy, float *dw,
                                            const ck_window *window, size_t images, int bf16) {
  bf16 ? weight_gradient(x, dy, dw, window, images, 1)
       : weight_gradient(x, dy, dw, window, images, 0);
}

CK_INLINE void sums(const void *x, float *out, size_t images, size_t channels, size_t plane,
                    int bf16) {
  const size_t blocks = (channels + 15) / 16;
  for (size_t b = 0; b < blocks; b++) {
    v16 total = {0};
    for (size_t n = 0; n < images; n++) {
      const size_t base = (n * blocks + b) * plane * 16;
      v16 s = {0};
      for (size_t i = base; i < base + plane * 16; i += 16) s += CK_GET(x, i, bf16);
      total += s;
    }
    for (size_t l = 0; l < 16 && b * 16 + l < channels; l++) out[b * 16 + l] = total[l];
  }
}

CK_CLONES void ck_sum_channels(const void *x, float *out, size_t images, size_t channels,
                               size_t plane, int bf16) {
  bf16 ? sums(x, out, images, channels, plane, 1) : sums(x, out, images, channels, plane, 0);
}
