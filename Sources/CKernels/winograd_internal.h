// What the parts of the Winograd convolution share: sizes, and the order of work.
#pragma once

#include "include/winograd.h"
#include "vector.h"

#define CK_UNROLL _Pragma("clang loop unroll(full)")

// Functions between these two are compiled for AVX-512 whatever the machine that compiles.
#if defined(__x86_64__)
#define CK_AVX512_BEGIN                                                                      \
  _Pragma("clang attribute push(__attribute__((target(\"avx512f,avx512bw,avx512dq,avx512vl\"))), \
          apply_to = function)")
#define CK_AVX512_END _Pragma("clang attribute pop")
#else
#define CK_AVX512_BEGIN
#define CK_AVX512_END
#endif

// The tiles of a call are worked on in groups, so that a group's transforms stay in the cache
// between the transform and the products. Fewer for few channels (nearest cache), more where the
// weights, read once a group, are large.
static inline size_t ck_group_tiles(const ck_winograd *s) {
  const size_t blocks = s->in_blocks > s->out_blocks ? s->in_blocks : s->out_blocks;
  return blocks == 1 ? 16 : blocks == 2 ? 16 : 32;
}

// The transforms lie 36 times so far apart; the odd 16 floats keep them out of one cache set.
static inline size_t ck_group_step(size_t tiles, size_t channels) { return tiles * channels + 16; }

// A tile of a call: image, and row and column counted in tiles.
typedef struct {
  size_t image, row, column;
} ck_tile;

static inline ck_tile ck_tile_at(const ck_winograd *s, size_t index) {
  const size_t columns = ck_winograd_tiles(s->width);
  const size_t plane = ck_winograd_tiles(s->height) * columns;
  const size_t within = index % plane;
  return (ck_tile){index / plane, within / columns, within % columns};
}
