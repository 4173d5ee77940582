// Sixteen floats at a time, written once and compiled for several instruction sets.
#pragma once

#include <stddef.h>

#include "include/CBalanceKernels.h"

typedef float v16 __attribute__((vector_size(64)));
typedef int32_t m16 __attribute__((vector_size(64)));
typedef uint32_t u16 __attribute__((vector_size(64)));
typedef uint16_t h16 __attribute__((vector_size(32)));

// A function marked CK_CLONES is compiled for AVX-512, AVX2 and the baseline; the loader picks.
#if defined(__x86_64__) && defined(__linux__)
#define CK_CLONES                                                              \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), \
                 min_vector_width(512)))
#else
#define CK_CLONES
#endif

// A kernel's body is written once, and compiled into functions for each of these, for the caller to
// choose.
#if defined(__x86_64__)
#define CK_FOR_AVX512 \
  __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"), min_vector_width(512)))
#define CK_FOR_AVX512_BF16                                                \
  __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16"), \
                 min_vector_width(512)))
#define CK_FOR_AVX2 __attribute__((target("avx2,fma")))
#else
#define CK_FOR_AVX512
#define CK_FOR_AVX512_BF16
#define CK_FOR_AVX2
#endif

#define CK_UNROLL _Pragma("clang loop unroll(full)")

#define CK_INLINE static inline __attribute__((always_inline))

// Pointers rather than values cross these inline functions, so that no vector is passed in
// registers between functions compiled for different instruction sets.
#define CK_LOAD(pointer) (*(const v16 *)(pointer))
#define CK_STORE(pointer, value) (*(v16 *)(pointer) = (value))

// Activations are stored as f32 or as bf16, the upper half of an f32; arithmetic is always f32. A
// kernel's body takes `bf16` as a constant, so that each storage leaves one specialised loop.
// Sixteen values from, and to, element `index` of `pointer`; storing rounds to nearest even.
#define CK_GET(pointer, index, bf16)                                                            \
  ((bf16) ? (v16)(__builtin_convertvector(*(const h16 *)((const uint16_t *)(pointer) + (index)), \
                                          u16)                                                  \
                  << 16)                                                                        \
          : CK_LOAD((const float *)(pointer) + (index)))
#define CK_PUT(pointer, index, value, bf16)                                            \
  do {                                                                                 \
    const v16 ck_value = (value);                                                      \
    if (bf16) {                                                                        \
      const u16 ck_bits = (u16)ck_value;                                               \
      *(h16 *)((uint16_t *)(pointer) + (index)) = __builtin_convertvector(             \
          (ck_bits + 0x7fff + ((ck_bits >> 16) & 1)) >> 16, h16);                      \
    } else {                                                                           \
      CK_STORE((float *)(pointer) + (index), ck_value);                                \
    }                                                                                  \
  } while (0)
