// What convolutions are told besides their shapes.
#pragma once

#include <stddef.h>

// The part of the output that a call computes, of all its images: blocks of 16 output channels and
// rows of the map, each up to but without its end.
typedef struct {
  size_t first_block, end_block, first_row, end_row;
} ck_part;

// What is done to sums before they are stored: y = f(sum + bias + residual).
typedef struct {
  // Of each output channel, padded with zeros to blocks of sixteen; null is 0.
  const float *bias;
  // Laid out and stored as y, which it may be; null is 0.
  const void *residual;
  // f: ck_identity, or a kind of ck_activation with f(0) = 0.
  int activation;
} ck_epilogue;
