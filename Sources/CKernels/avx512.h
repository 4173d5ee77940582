// What all kernels written for AVX-512 begin with.
#pragma once

#include "vector.h"

// Functions between a beginning and the end are compiled for AVX-512 whatever the machine that
// compiles; after CK_AVX512_BF16_BEGIN, those for bf16 need its bf16 instructions.
#if defined(__x86_64__)
#define CK_AVX512_BF16_BEGIN                                                     \
  _Pragma("clang attribute push(__attribute__((                                \
      target(\"avx512f,avx512bw,avx512dq,avx512vl,avx512bf16\"))), apply_to = function)")
#define CK_AVX512_END _Pragma("clang attribute pop")
#else
#define CK_AVX512_BF16_BEGIN
#define CK_AVX512_END
#endif

// CK_PUT by the processor's own rounding to bf16, in functions that may use it.
#if defined(__x86_64__)
#include <immintrin.h>
typedef __bf16 b16 __attribute__((vector_size(32)));
#define CK_PUT_NATIVE(pointer, index, value, bf16)                                               \
  do {                                                                                           \
    if (bf16)                                                                                    \
      *(b16 *)((uint16_t *)(pointer) + (index)) = __builtin_convertvector((value), b16);         \
    else                                                                                         \
      CK_STORE((float *)(pointer) + (index), (value));                                           \
  } while (0)
// Value within bounds; not a number stays that.
#define CK_WITHIN(value, low, high) _mm512_min_ps((high), _mm512_max_ps((low), (value)))
#else
#define CK_PUT_NATIVE CK_PUT
#define CK_WITHIN(value, low, high) \
  __builtin_elementwise_min(__builtin_elementwise_max((value), (low)), (high))
#endif
