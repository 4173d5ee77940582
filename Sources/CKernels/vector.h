// Sixteen floats at a time, written once and compiled for several instruction sets.
#pragma once

#include <stddef.h>

#include "include/CKernels.h"

typedef float v16 __attribute__((vector_size(64)));
typedef int32_t m16 __attribute__((vector_size(64)));

// A function marked CK_CLONES is compiled for AVX-512, AVX2 and the baseline; the loader picks.
#if defined(__x86_64__) && defined(__linux__)
#define CK_CLONES                                                              \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), \
                 min_vector_width(512)))
#else
#define CK_CLONES
#endif

#define CK_INLINE static inline __attribute__((always_inline))

// Pointers rather than values cross these inline functions, so that no vector is passed in
// registers between functions compiled for different instruction sets.
#define CK_LOAD(pointer) (*(const v16 *)(pointer))
#define CK_STORE(pointer, value) (*(v16 *)(pointer) = (value))
