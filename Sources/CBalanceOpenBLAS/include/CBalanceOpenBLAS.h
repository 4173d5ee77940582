// OpenBLAS: dense algebra outside convolutions.
#pragma once

#include <stddef.h>

// Loads the library, once, for use by one thread at a time. NULL where that has worked, else why
// not.
const char *obl_load(void);
// C = alpha A B + beta C on row-major f32 matrices: A is [rows, inner] (or its transpose), B is
// [inner, columns] (or its transpose), C is [rows, columns]; the strides are of stored rows.
// The library must have been loaded.
void obl_sgemm(int transpose_a, int transpose_b, int rows, int columns, int inner, float alpha,
               const float *a, int a_stride, const float *b, int b_stride, float beta, float *c,
               int c_stride);
// "OpenBLAS 0.3.21 …"; the library must have been loaded.
const char *obl_configuration(void);
