#include "activation_functions.h"

CK_INLINE void forward(int kind, const void *x, void *y, size_t count, int bf16) {
  for (size_t i = 0; i < count; i += 16) {
    const v16 v = CK_GET(x, i, bf16);
    v16 f;
    apply(kind, &v, &f);
    CK_PUT(y, i, f, bf16);
  }
}

CK_INLINE void backward(int kind, const void *x, const void *dy, void *dx, size_t count, int bf16) {
  for (size_t i = 0; i < count; i += 16) {
    const v16 v = CK_GET(x, i, bf16);
    v16 f;
    slope(kind, &v, &f);
    f *= CK_GET(dy, i, bf16);
    CK_PUT(dx, i, f, bf16);
  }
}

#define EACH_KIND(call)                          \
  switch (kind) {                                \
    case ck_relu: call(ck_relu); break;          \
    case ck_relu6: call(ck_relu6); break;        \
    case ck_silu: call(ck_silu); break;          \
    case ck_hard_swish: call(ck_hard_swish); break; \
    case ck_sigmoid: call(ck_sigmoid); break;    \
    default: call(ck_hard_sigmoid); break;       \
  }

CK_CLONES void ck_activation(int kind, const void *x, void *y, size_t count, int bf16) {
#define FORWARD(k) bf16 ? forward(k, x, y, count, 1) : forward(k, x, y, count, 0)
  EACH_KIND(FORWARD)
}

CK_CLONES void ck_activation_gradient(int kind, const void *x, const void *dy, void *dx,
                                      size_t count, int bf16) {
#define BACKWARD(k) bf16 ? backward(k, x, dy, dx, count, 1) : backward(k, x, dy, dx, count, 0)
  EACH_KIND(BACKWARD)
}
