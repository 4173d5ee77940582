#define _POSIX_C_SOURCE 200809L  // setenv

#include "include/CBalanceOpenBLAS.h"

#include <cblas.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>

#if defined(__APPLE__)
#define LIBRARY NULL  // linked: what the program has already
#else
#define LIBRARY "libopenblas.so.0"
#endif

static __typeof__(&cblas_sgemm) sgemm;
static __typeof__(&openblas_get_config) get_config;
static const char *failure;

static void load(void) {
  // Read by the library while it is being loaded.
  setenv("OPENBLAS_NUM_THREADS", "1", 1);
  void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (library != NULL) {
    sgemm = (__typeof__(sgemm))dlsym(library, "cblas_sgemm");
    get_config = (__typeof__(get_config))dlsym(library, "openblas_get_config");
  }
  if (sgemm == NULL || get_config == NULL) {
    failure = dlerror();
    if (failure == NULL) failure = "it lacks a function";
  }
}

const char *obl_load(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return failure;
}

void obl_sgemm(int transpose_a, int transpose_b, int rows, int columns, int inner, float alpha,
               const float *a, int a_stride, const float *b, int b_stride, float beta, float *c,
               int c_stride) {
  sgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans,
        transpose_b ? CblasTrans : CblasNoTrans, rows, columns, inner, alpha, a, a_stride, b,
        b_stride, beta, c, c_stride);
}

const char *obl_configuration(void) { return get_config(); }
