// Sums and squares of what a convolution writes, for the batch norm behind it.
#pragma once

#include "vector.h"

// Sums about an origin near the mean, so that squares lose no digits.
typedef struct {
  v16 origin, sum, squares;
  size_t count;
} moments;

CK_INLINE void add_moments(moments *m, const v16 *value) {
  const v16 offset = *value - m->origin;
  m->sum += offset;
  m->squares += offset * offset;
}

// Adds the sums to sums[l] and the squares to sums[channels + l].
static inline void flush_moments(const moments *m, double *sums, size_t channels) {
  const double n = (double)m->count;
  for (size_t l = 0; l < 16; l++) {
    const double o = m->origin[l], s = m->sum[l], q = m->squares[l];
    sums[l] += s + o * n;
    sums[channels + l] += q + 2 * o * s + o * o * n;
  }
}
