#pragma once

// Several versions of a function, of which the loader picks the best that the processor runs.
#if defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

// Inlined into each version of its caller, so that it is compiled for that version's processor.
#define INLINE static inline __attribute__((always_inline))
