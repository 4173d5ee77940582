// OpenBLAS: dense algebra outside convolutions.
#pragma once

#include <stddef.h>

// C = alpha A B + beta C on row-major f32 matrices: A is [rows, inner] (or its transpose), B is
// [inner, columns] (or its transpose), C is [rows, columns]; the strides are of stored rows.
void obl_sgemm(int transpose_a, int transpose_b, int rows, int columns, int inner, float alpha,
               const float *a, int a_stride, const float *b, int b_stride, float beta, float *c,
               int c_stride);
// One thread for each call: the engine's own pool makes the parallel calls.
void obl_use_one_thread(void);
// "OpenBLAS 0.3.21 …"
const char *obl_configuration(void);
