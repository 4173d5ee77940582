// How own convolutions end.
#pragma once

#include "activation_functions.h"
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

// Not a number stays that. Written so that one instruction each is left of the two selections.
CK_INLINE void ck_bound(const ck_bounds *bounds, v16 *value) {
  const m16 below = *value < bounds->low;
  const v16 raised = (v16)(((m16)bounds->low & below) | ((m16)*value & ~below));
  const m16 above = raised > bounds->high;
  *value = (v16)(((m16)bounds->high & above) | ((m16)raised & ~above));
}

// CK_PUT, in whose place processors with bf16 round by one instruction. Unoptimised code would keep
// that branch in functions for other processors, which then lack a library's function for it.
#if defined(__x86_64__) && defined(__OPTIMIZE__)
typedef __bf16 b16 __attribute__((vector_size(32)));
#define CK_PUT_NATIVE(pointer, index, value, bf16)                                       \
  do {                                                                                   \
    if (bf16)                                                                            \
      *(b16 *)((uint16_t *)(pointer) + (index)) = __builtin_convertvector((value), b16); \
    else                                                                                 \
      CK_STORE((float *)(pointer) + (index), (value));                                   \
  } while (0)
#else
#define CK_PUT_NATIVE CK_PUT
#endif

// Stores a sum that holds its bias as element `index` of y.
CK_INLINE void ck_end_sum(const ck_epilogue *e, const ck_bounds *bounds, const v16 *sum, void *y,
                          size_t index, const int curved, const int bf16) {
  v16 value = *sum;
  if (e->residual) value += CK_GET(e->residual, index, bf16);
  if (!curved)
    ck_bound(bounds, &value);
  else if (e->activation == ck_silu)
    apply(ck_silu, &value, &value);
  else
    apply(ck_hard_swish, &value, &value);
  CK_PUT_NATIVE(y, index, value, bf16);
}
