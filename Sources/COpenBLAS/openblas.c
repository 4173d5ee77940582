#include "include/COpenBLAS.h"

#include <cblas.h>

void obl_sgemm(int transpose_a, int transpose_b, int rows, int columns, int inner, float alpha,
               const float *a, int a_stride, const float *b, int b_stride, float beta, float *c,
               int c_stride) {
  cblas_sgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans,
              transpose_b ? CblasTrans : CblasNoTrans, rows, columns, inner, alpha, a, a_stride, b,
              b_stride, beta, c, c_stride);
}

void obl_use_one_thread(void) { openblas_set_num_threads(1); }

const char *obl_configuration(void) { return openblas_get_config(); }
