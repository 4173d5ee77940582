// Functions of sixteen values at a time.
#pragma once

#include "vector.h"

// exp(x) to 1 part in 1e7: x = n ln 2 + r with |r| <= ln 2 / 2, exp(x) = 2^n exp(r), and exp(r) by
// its Taylor polynomial of degree 7, whose remainder is below 5e-9. ln 2 is subtracted in two
// parts, the first with few enough digits for n times it to be exact.
CK_INLINE void exponential(const v16 *argument, v16 *result) {
  const v16 zero = {0};
  v16 x = __builtin_elementwise_min(*argument, zero + 88.0f);
  x = __builtin_elementwise_max(x, zero - 87.0f);
  // Adding 1.5 · 2²³ leaves the nearest whole number in the low bits.
  const v16 shifter = zero + 12582912.0f;
  const v16 shifted = x * 1.44269504f + shifter;
  const v16 n = shifted - shifter;
  const v16 r = (x - n * 0.693359375f) - n * -2.12194440e-4f;
  v16 p = zero + 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r * r + r + 1.0f;
  *result = p * (v16)((__builtin_convertvector(n, m16) + 127) << 23);
}

CK_INLINE void sigmoid(const v16 *x, v16 *result) {
  const v16 negative = -*x;
  v16 e;
  exponential(&negative, &e);
  *result = 1.0f / (1.0f + e);
}

// y = f(x), and f'(x); `kind` is a constant, so that one formula is left.
CK_INLINE void apply(int kind, const v16 *argument, v16 *result) {
  const v16 x = *argument, zero = {0}, six = zero + 6.0f;
  const v16 gate = __builtin_elementwise_min(__builtin_elementwise_max(x + 3.0f, zero), six);
  v16 s;
  switch (kind) {
    case ck_identity: *result = x; break;
    case ck_relu: *result = __builtin_elementwise_max(x, zero); break;
    case ck_relu6:
      *result = __builtin_elementwise_min(__builtin_elementwise_max(x, zero), six);
      break;
    case ck_silu:
      sigmoid(&x, &s);
      *result = x * s;
      break;
    case ck_hard_swish: *result = x * gate * (1.0f / 6); break;
    case ck_sigmoid: sigmoid(&x, result); break;
    default: *result = gate * (1.0f / 6); break;
  }
}

CK_INLINE void slope(int kind, const v16 *argument, v16 *result) {
  const v16 x = *argument, zero = {0}, one = zero + 1.0f;
  const m16 inside = (x > -3.0f) & (x < 3.0f);
  v16 s;
  switch (kind) {
    case ck_relu: *result = (v16)((m16)one & (x > 0.0f)); break;
    case ck_relu6: *result = (v16)((m16)one & (x > 0.0f) & (x < 6.0f)); break;
    case ck_silu:
      sigmoid(&x, &s);
      *result = s * (1.0f + x * (1.0f - s));
      break;
    case ck_hard_swish:
      *result = (v16)(((m16)(x * (1.0f / 3) + 0.5f) & inside) | ((m16)one & (x >= 3.0f)));
      break;
    case ck_sigmoid:
      sigmoid(&x, &s);
      *result = s * (1.0f - s);
      break;
    default: *result = (v16)((m16)(zero + 1.0f / 6) & inside); break;
  }
}
