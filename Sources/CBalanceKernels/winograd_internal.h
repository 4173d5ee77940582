// What the parts of the Winograd convolution share: sizes, and the order of work.
#pragma once

#include "include/winograd.h"
#include "vector.h"

// The tiles of a call are worked on in groups, whose transforms stay in the second-level cache
// between the transform and the products, while the weights are read once a group.
enum { ck_group_tiles = 32 };

// Blocks of a group's transform lie so far apart.
enum { ck_block_step = ck_group_tiles * 16 };

// The 36 parts of a group's transform lie so far apart; the odd 16 floats keep them out of one
// cache set.
static inline size_t ck_group_step(size_t blocks) { return blocks * ck_block_step + 16; }

// A tile of a call: image, and first row and column of its outputs.
typedef struct {
  size_t image, row, column;
} ck_tile;

// The tile after this one; the first is all zeros.
static inline void ck_tile_next(const ck_winograd *s, ck_tile *tile) {
  tile->column += 4;
  if (tile->column < s->width) return;
  tile->column = 0;
  tile->row += 4;
  if (tile->row < s->height) return;
  tile->row = 0;
  tile->image++;
}

static inline size_t ck_tile_count(const ck_winograd *s) {
  return s->images * ck_winograd_tiles(s->height) * ck_winograd_tiles(s->width);
}
