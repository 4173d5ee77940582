// How own convolutions end.
#pragma once

#include "activation_functions.h"
#include "avx512.h"
#include "include/epilogue.h"

// Where f is the identity or cuts values off, these are its bounds; else it is curved.
typedef struct {
  v16 low, high;
  int curved;
} ck_bounds;

static inline void ck_find_bounds(const ck_epilogue *e, ck_bounds *bounds) {
  const v16 zero = {0};
  const int relu = e->activation == ck_relu || e->activation == ck_relu6;
  bounds->low = relu ? zero : zero - __builtin_inff();
  bounds->high = e->activation == ck_relu6 ? zero + 6.0f : zero + __builtin_inff();
  bounds->curved = e->activation > ck_relu6;
}

// What sums of a block of output channels begin with.
CK_INLINE void ck_begin_sum(const ck_epilogue *e, size_t block, v16 *sum) {
  *sum = e->bias ? CK_LOAD(e->bias + block * 16) : (v16){0};
}

CK_AVX512_BF16_BEGIN

// Stores a sum that holds its bias as element `index` of y.
CK_INLINE void ck_end_sum(const ck_epilogue *e, const ck_bounds *bounds, const v16 *sum, void *y,
                          size_t index, const int curved, const int bf16) {
  v16 value = *sum;
  if (e->residual) value += CK_GET(e->residual, index, bf16);
  if (!curved)
    value = CK_WITHIN(value, bounds->low, bounds->high);
  else if (e->activation == ck_silu)
    apply(ck_silu, &value, &value);
  else
    apply(ck_hard_swish, &value, &value);
  CK_PUT_NATIVE(y, index, value, bf16);
}

CK_AVX512_END
