// What a convolution does to its sums before it stores them: y = f(sum + bias + residual).
#pragma once

typedef struct {
  // Of each output channel, padded with zeros to blocks of sixteen; null is 0.
  const float *bias;
  // Laid out and stored as y, which it may be; null is 0.
  const void *residual;
  // f: ck_identity, or a kind of ck_activation with f(0) = 0.
  int activation;
} ck_epilogue;
