// The vector layer: 16 virtual lanes for element-wise work, and the level's own register for the matrix product.
#pragma STDC FP_CONTRACT OFF
#include <stddef.h>
#include <string.h>

typedef float v16 __attribute__((vector_size(64)));
typedef float v16u __attribute__((vector_size(64), aligned(4)));
typedef int32_t i16 __attribute__((vector_size(64)));
typedef uint32_t u16 __attribute__((vector_size(64)));
typedef double d16 __attribute__((vector_size(128)));
typedef int64_t l16 __attribute__((vector_size(128)));
typedef uint64_t q16 __attribute__((vector_size(128)));

#define UNROLL _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline))

INLINE v16 splat(float x) { return (v16){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }
INLINE v16 load16(const float *p) { return *(const v16u *)p; }
INLINE void store16(float *p, v16 x) { *(v16u *)p = x; }

// The first n lanes from memory, zero in the others; and back.
#if CK_MASKS == 512
INLINE v16 load16n(const float *p, long n) { return (v16)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p); }
INLINE void store16n(float *p, v16 x, long n) { _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)x); }
#elif CK_MASKS == 256
INLINE __m256i mask16(long n, int half) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n - 8 * half), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
INLINE v16 load16n(const float *p, long n) {
  __m256 low = _mm256_maskload_ps(p, mask16(n, 0)), high = _mm256_maskload_ps(p + 8, mask16(n, 1));
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
// The first n <= 8 lanes in pieces of four, two and one: a store with a mask takes a dozen cycles on AMD's processors.
INLINE void store8n(float *p, __m256 x, long n) {
  if (n >= 8) {
    _mm256_storeu_ps(p, x);
    return;
  }
  __m128 rest = _mm256_castps256_ps128(x);
  if (n & 4) {
    _mm_storeu_ps(p, rest);
    rest = _mm256_extractf128_ps(x, 1);
    p += 4;
  }
  if (n & 2) {
    _mm_storel_pi((__m64 *)p, rest);
    rest = _mm_movehl_ps(rest, rest);
    p += 2;
  }
  if (n & 1) _mm_store_ss(p, rest);
}
INLINE void store16n(float *p, v16 x, long n) {
  __m256 low = __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7), high = __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15);
  store8n(p, low, n);
  if (n > 8) store8n(p + 8, high, n - 8);
}
#else
INLINE v16 load16n(const float *p, long n) {
  float lanes[16] __attribute__((aligned(64))) = {0};
  for (long i = 0; i < n; i++) lanes[i] = p[i];
  return *(const v16 *)lanes;
}
INLINE void store16n(float *p, v16 x, long n) {
  float lanes[16] __attribute__((aligned(64)));
  *(v16 *)lanes = x;
  for (long i = 0; i < n; i++) p[i] = lanes[i];
}
#endif

#if CK_HAS_FMA
INLINE v16 fma16(v16 a, v16 b, v16 c) { return __builtin_elementwise_fma(a, b, c); }
#else
// A fused multiply-add without the instruction: the product is exact in double precision; the sum is rounded to odd
// (Boldo and Melquiond 2008), so that the second rounding, to single precision, is the correct one.
INLINE v16 fma16(v16 a, v16 b, v16 c) {
  d16 p = __builtin_convertvector(a, d16) * __builtin_convertvector(b, d16);
  d16 x = __builtin_convertvector(c, d16);
  d16 s = p + x;
  d16 t = s - p;
  d16 e = (p - (s - t)) + (x - t);
  l16 up = e > 0.0, down = e < 0.0;
  l16 bits = (l16)s;
  l16 inexact = up | down;
  l16 even = (bits & 1) - 1;
  l16 outward = (up & (s > 0.0)) | (down & (s < 0.0));
  l16 step = (outward & 2) - 1;
  bits += step & inexact & even;
  return __builtin_convertvector((d16)bits, v16);
}
#endif

// x where the mask is set, y elsewhere.
INLINE v16 pick(i16 mask, v16 x, v16 y) { return (v16)(((i16)x & mask) | ((i16)y & ~mask)); }
INLINE v16 max16(v16 a, v16 b) { return pick(a > b, a, b); }
INLINE v16 min16(v16 a, v16 b) { return pick(a < b, a, b); }
INLINE v16 sqrt16(v16 x) { return __builtin_elementwise_sqrt(x); }

// Sum of the lanes in one fixed tree.
INLINE float join16(v16 x) {
  float f[16] __attribute__((aligned(64)));
  *(v16 *)f = x;
  for (int w = 8; w >= 1; w >>= 1)
    for (int i = 0; i < w; i++) f[i] += f[i + w];
  return f[0];
}

// x = k ln2 + r with |r| <= ln2 / 2, for x within the range of exp16: returns e^r - 1, a polynomial of degree 7, and k.
INLINE v16 exp_parts16(v16 x, i16 *k) {
  // Adding and removing 1.5 * 2^23 rounds to the nearest integer.
  v16 t = fma16(x, splat(0x1.715476p0f), splat(12582912.0f));
  v16 n = t - 12582912.0f;
  v16 r = fma16(n, splat(-0x1.62e4p-1f), x);
  r = fma16(n, splat(-0x1.7f7d1cp-20f), r);
  v16 p = splat(0x1.a01a02p-13f);
  p = fma16(p, r, splat(0x1.6c16c2p-10f));
  p = fma16(p, r, splat(0x1.111112p-7f));
  p = fma16(p, r, splat(0x1.555556p-5f));
  p = fma16(p, r, splat(0x1.555556p-3f));
  p = fma16(p, r, splat(0.5f));
  *k = __builtin_convertvector(n, i16);
  return fma16(p, r * r, r);
}

// x 2^k in two steps, for results that are subnormal or overflow.
INLINE v16 scale16(v16 x, i16 k) {
  i16 half = k >> 1;
  return x * (v16)((half + 127) << 23) * (v16)((k - half + 127) << 23);
}

// Beyond these the exponential is zero or infinite in single precision.
#define EXP_LOW -104.0f
#define EXP_HIGH 89.0f

// e to the x.
INLINE v16 exp16(v16 x) {
  v16 low = splat(EXP_LOW), high = splat(EXP_HIGH);
  i16 nan = x != x, k;
  v16 y = pick(x < low, low, pick(x > high, high, pick(nan, splat(0), x)));
  v16 p = exp_parts16(y, &k) + 1.0f;
  return pick(nan, x, scale16(p, k));
}

// The natural logarithm: x = 2^k m with m in [sqrt(1/2), sqrt(2)), ln m = f - f^2/2 + f^3 q(f) with f = m - 1.
// q is the quotient form 2 artanh(s) of the tail, s = f / (2 + f), which keeps the error within 2 ulp everywhere.
INLINE v16 log16(v16 x) {
  i16 tiny = x < 0x1p-126f;
  v16 y = pick(tiny, x * 0x1p32f, x);
  i16 bits = (i16)y - 0x3f3504f3;
  i16 k = bits >> 23;
  v16 m = (v16)((bits & 0x7fffff) + 0x3f3504f3);
  v16 e = __builtin_convertvector(k - (tiny & 32), v16);
  v16 f = m - 1.0f;
  v16 s = f / (m + 1.0f);
  v16 z = s * s;
  v16 p = splat(0x1.c71c72p-3f);
  p = fma16(p, z, splat(0x1.24924ap-2f));
  p = fma16(p, z, splat(0x1.99999ap-2f));
  p = fma16(p, z, splat(0x1.555556p-1f));
  // ln m = f - s (f - z p)
  v16 tail = s * fma16(-z, p, f);
  v16 result = fma16(e, splat(0x1.62e4p-1f), f - fma16(-e, splat(0x1.7f7d1cp-20f), tail));
  result = pick(x == 0.0f, splat(-__builtin_inff()), result);
  result = pick(x == __builtin_inff(), x, result);
  return pick((x < 0.0f) | (x != x), splat(__builtin_nanf("")), result);
}

// tanh: itself below 2^-12, an odd polynomial below 0.4, 1 - 2 / (e^2x + 1) above.
INLINE v16 tanh16(v16 x) {
  v16 a = (v16)((i16)x & 0x7fffffff);
  v16 z = x * x;
  v16 p = splat(0x1.d6d3d0p-9f);
  p = fma16(p, z, splat(-0x1.226e36p-7f));
  p = fma16(p, z, splat(0x1.664f48p-6f));
  p = fma16(p, z, splat(-0x1.ba1ba2p-5f));
  p = fma16(p, z, splat(0x1.111112p-3f));
  p = fma16(p, z, splat(-0x1.555556p-2f));
  v16 small = fma16(p * z, x, x);
  v16 e = exp16(min16(a, splat(10.0f)) * 2.0f);
  v16 large = 1.0f - 2.0f / (e + 1.0f);
  large = (v16)((i16)large | ((i16)x & (int32_t)0x80000000));
  v16 result = pick(a < 0.4f, small, large);
  return pick((a < 0x1p-12f) | (x != x), x, result);
}

// 1 / (1 + e^-x) = e^x / (1 + e^x), written with e^-|x|, which never overflows. Numerator and denominator carry what their rounding
// left behind, and one division serves the quotient and its correction.
INLINE v16 sigmoid16(v16 x) {
  i16 nan = x != x, negative = x < 0.0f, k;
  v16 a = pick(nan, splat(0), -(v16)((i16)x & 0x7fffffff));
  v16 q = exp_parts16(pick(a < EXP_LOW, splat(EXP_LOW), a), &k);
  i16 tiny = k < -100;
  v16 s = (v16)(((k & ~tiny) + 127) << 23), t = s * q;
  v16 e = s + t, e_rest = t - (e - s);
  v16 d = 1.0f + e, d_rest = (e - (d - 1.0f)) + e_rest;
  v16 n = pick(negative, e, splat(1)), n_rest = pick(negative, e_rest, splat(0));
  v16 inverse = 1.0f / d, y = n * inverse;
  v16 rest = fma16(-y, d, n) + fma16(-y, d_rest, n_rest);
  y = fma16(rest, inverse, y);
  // Far out the result is e^-|x| itself, or one.
  y = pick(tiny, pick(negative, scale16(1.0f + q, k), splat(1)), y);
  return pick(nan, x, y);
}

// sin(2 pi t) and cos(2 pi t) for t in [0, 1).
INLINE void sincos_turn16(v16 t, v16 *sine, v16 *cosine) {
  v16 q = fma16(t, splat(4.0f), splat(12582912.0f)) - 12582912.0f;
  v16 r = fma16(q, splat(-0.25f), t) * 0x1.921fb6p2f;
  v16 z = r * r;
  v16 s = splat(-0x1.a01a02p-13f);
  s = fma16(s, z, splat(0x1.111112p-7f));
  s = fma16(s, z, splat(-0x1.555556p-3f));
  s = fma16(s * z, r, r);
  v16 c = splat(0x1.a01a02p-16f);
  c = fma16(c, z, splat(-0x1.6c16c2p-10f));
  c = fma16(c, z, splat(0x1.555556p-5f));
  c = fma16(c, z, splat(-0.5f));
  c = fma16(c, z, splat(1.0f));
  i16 n = __builtin_convertvector(q, i16);
  i16 odd = (n & 1) != 0;
  v16 a = pick(odd, c, s), b = pick(odd, s, c);
  *sine = (v16)((i16)a ^ ((n & 2) << 30));
  *cosine = (v16)((i16)b ^ (((n + 1) & 2) << 30));
}
