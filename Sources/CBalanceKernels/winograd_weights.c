#include "winograd_transforms.h"

size_t ck_winograd_weights_count(const ck_winograd *s) {
  return 36 * s->out_blocks * s->in_blocks * 256;
}

size_t ck_winograd_scratch_bytes(const ck_winograd *s) {
  const size_t out = s->out_blocks < 2 ? 2 : s->out_blocks;
  return 36 * 4 * (ck_group_step(s->in_blocks) + ck_group_step(out));
}

CK_CLONES void ck_winograd_weights(const ck_winograd *s, const float *weights,
                                   size_t out_channels, size_t in_channels, int turned,
                                   float *transformed) {
  const size_t in = s->in_blocks * 16, lines = s->out_blocks * in;
  // What this convolution reads and writes, in terms of the weights' own in and out channels.
  const size_t outs = turned ? in_channels : out_channels;
  const size_t ins = turned ? out_channels : in_channels;
  for (size_t line = 0; line < lines; line++) {
    const size_t block = line / in, i = line % in;
    _Alignas(64) float g[9][16] = {{0}};
    for (size_t l = 0; l < 16 && i < ins; l++) {
      const size_t o = block * 16 + l;
      if (o >= outs) break;
      const float *w = weights + (turned ? i * in_channels + o : o * in_channels + i) * 9;
      for (size_t k = 0; k < 9; k++) g[k][l] = w[turned ? 8 - k : k];
    }
    v16 half[6][3];
    for (int a = 0; a < 6; a++)
      for (int k = 0; k < 3; k++)
        half[a][k] = ck_weights_matrix[a][0] * CK_LOAD(g[k]) +
                     (ck_weights_matrix[a][1] * CK_LOAD(g[3 + k]) +
                      ck_weights_matrix[a][2] * CK_LOAD(g[6 + k]));
    for (int a = 0; a < 6; a++)
      for (int b = 0; b < 6; b++)
        CK_STORE(transformed + (((size_t)(6 * a + b) * s->out_blocks + block) * in + i) * 16,
                 ck_weights_matrix[b][0] * half[a][0] + (ck_weights_matrix[b][1] * half[a][1] +
                                                         ck_weights_matrix[b][2] * half[a][2]));
  }
}

CK_CLONES void ck_winograd_weights_gradient(const ck_winograd *s, const float *const *transformed,
                                            size_t count, size_t out_channels, size_t in_channels,
                                            float *gradient) {
  const size_t in = s->in_blocks * 16, lines = s->out_blocks * in;
  for (size_t line = 0; line < lines; line++) {
    const size_t block = line / in, i = line % in;
    if (i >= in_channels) continue;
    v16 half[3][6];
    for (int b = 0; b < 6; b++) {
      for (int k = 0; k < 3; k++) half[k][b] = (v16){0};
      for (int a = 0; a < 6; a++) {
        const size_t at = (((size_t)(6 * a + b) * s->out_blocks + block) * in + i) * 16;
        v16 sum = CK_LOAD(transformed[0] + at);
        for (size_t p = 1; p < count; p++) sum += CK_LOAD(transformed[p] + at);
        for (int k = 0; k < 3; k++) half[k][b] += ck_weights_matrix[a][k] * sum;
      }
    }
    for (int k = 0; k < 3; k++)
      for (int m = 0; m < 3; m++) {
        v16 value = {0};
        for (int b = 0; b < 6; b++) value += ck_weights_matrix[b][m] * half[k][b];
        for (size_t l = 0; l < 16 && block * 16 + l < out_channels; l++)
          gradient[((block * 16 + l) * in_channels + i) * 9 + k * 3 + m] = value[l];
      }
  }
}
