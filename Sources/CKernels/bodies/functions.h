// Functions of one and two arguments, computed in double precision and rounded once: at most 1 ulp everywhere, subnormal numbers
// included. Only + - * / and integer operations on double lanes, so that every level gives the same bits without a fused product.
//
// Worst errors in ulps against the C library in double precision, over all arguments: expm1, log1p, sin, softplus, elu 0.50000;
// normal_cdf 0.50031. Over 5 10^8 pairs: power 0.50000. cos over the arguments of the tests: within 0.51.

INLINE d16 widen(v16 x) { return __builtin_convertvector(x, d16); }
INLINE v16 narrow(d16 x) { return __builtin_convertvector(x, v16); }
INLINE d16 splat_double(double x) { return (d16){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }
INLINE d16 pick_double(l16 mask, d16 x, d16 y) { return (d16)(((l16)x & mask) | ((l16)y & ~mask)); }
INLINE d16 abs_double(d16 x) { return (d16)((l16)x & INT64_MAX); }
INLINE v16 with_sign(v16 x, v16 sign) { return (v16)((i16)x | ((i16)sign & INT32_MIN)); }

// The polynomial whose coefficients stand with the highest power first.
#define POLYNOMIAL(x, ...) polynomial((x), (const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double))
INLINE d16 polynomial(d16 x, const double *c, size_t count) {
  d16 p = splat_double(c[0]);
  UNROLL for (size_t i = 1; i < count; i++) p = p * x + c[i];
  return p;
}

// Adding and removing 1.5 * 2^52 rounds to the nearest integer; the sum's lowest bits are that integer in two's complement.
#define INTEGER_SHIFT 0x1.8p52

// e^x = *scale (1 + the result): x = k ln2 + r, the result is e^r - 1 and *scale is 2^k. Beyond +-200, where single precision has
// long ended, x is taken as +-200.
INLINE d16 exp_parts(d16 x, d16 *scale) {
  x = pick_double(x < -200.0, splat_double(-200.0), x);
  x = pick_double(x > 200.0, splat_double(200.0), x);
  d16 t = x * 0x1.71547652b82fep0 + INTEGER_SHIFT;
  d16 r = x - (t - INTEGER_SHIFT) * 0x1.62e42fefa39efp-1;
  // (e^r - 1) / r on |r| <= ln2 / 2: relative error 2^-42.
  d16 p = POLYNOMIAL(r, 0x1.72e11653e761bp-19, 0x1.a136c3274a6cdp-16, 0x1.a01997d8db432p-13, 0x1.6c166bdb9b488p-10, 0x1.1111112183e10p-7,
                     0x1.55555565c8f3ap-5, 0x1.5555555552757p-3, 0x1.fffffffffe05fp-2, 1.0);
  *scale = (d16)(((q16)t << 52) + 0x3ff0000000000000u);
  return r * p;
}

INLINE d16 exp_double(d16 x) {
  d16 scale, p = exp_parts(x, &scale);
  return scale * p + scale;
}

// ln u, where f is u - 1 (exactly, if u is within [sqrt(1/2), sqrt(2)]): u = 2^k m, and f = m - 1 for other k.
// ln m = 2 artanh(s) with s = f / (2 + f).
INLINE d16 log_double(d16 u, d16 f) {
  const uint64_t half_root = 0x3fe6a09e667f3bcdu, one = 0x3ff0000000000000u, two_to_52 = 0x4330000000000000u;
  q16 bits = (q16)u + (one - half_root);
  d16 k = (d16)((bits >> 52) | two_to_52) - (0x1p52 + 1023.0);
  d16 m = (d16)((bits & 0xfffffffffffffu) + half_root);
  f = pick_double(k == 0.0, f, m - 1.0);
  d16 s = f / (f + 2.0);
  // 2 artanh(s) / s in z = s^2 <= 0.0295: relative error 2^-52.
  d16 p = POLYNOMIAL(s * s, 0x1.58658679fcc0ap-3, 0x1.732dd135eb619p-3, 0x1.c7226911c1ca3p-3, 0x1.24924197122e1p-2, 0x1.999999a25808dp-2,
                     0x1.5555555553a9fp-1, 2.0);
  d16 y = k * 0x1.62e42fefa39efp-1 + s * p;
  y = pick_double(u == 0.0, splat_double(-__builtin_inf()), y);
  // Infinity and NaN stay; below zero there is no logarithm.
  return pick_double(u < __builtin_inf(), pick_double(u < 0.0, splat_double(__builtin_nan("")), y), u);
}

INLINE v16 expm1_16(v16 x) {
  d16 scale, p = exp_parts(widen(x), &scale);
  return with_sign(narrow(scale * p + (scale - 1.0)), x);
}

INLINE v16 log1p_16(v16 x) {
  d16 f = widen(x);
  return with_sign(narrow(log_double(f + 1.0, f)), x);
}

INLINE v16 elu16(v16 x) { return pick(x > 0.0f, x, expm1_16(x)); }

// max(x, 0) + ln(1 + e^-|x|)
INLINE v16 softplus16(v16 x) {
  d16 a = widen(x);
  d16 e = exp_double(-abs_double(a));
  return narrow(pick_double(a < 0.0, splat_double(0.0), a) + log_double(e + 1.0, e));
}

// For x < 0: e^(-x^2/2) g(a) / (a + 4) with a = |x| and g a polynomial in (a - 4) / (a + 4), the variable of Shepherd and
// Laframboise (Math. Comp. 36, 1981); for x > 0 one minus that. Below -14.5 the result is zero in single precision.
INLINE v16 normal_cdf16(v16 x) {
  d16 a = abs_double(widen(x));
  a = pick_double(a > 14.5, splat_double(14.5), a);
  d16 e = exp_double(a * a * -0.5);
  d16 q = 1.0 / (a + 4.0);
  // On 0 <= a <= 14.5: relative error 2^-35.6.
  d16 g = POLYNOMIAL((a - 4.0) * q, 0x1.ee0ed0543f12ep-18, 0x1.176b6b701a7cbp-15, -0x1.1dbb6bf55bd5bp-17, -0x1.e79a6a9f0c2fap-13,
                     0x1.1cb7f64b71243p-13, 0x1.abbbc396d2373p-10, -0x1.c8254626161a6p-9, -0x1.ee2a1307afa37p-8, 0x1.eec4dfb1c673ap-5,
                     -0x1.7dff2a7c5a0aap-3, 0x1.8c6dbf16a52f3p-2, -0x1.373e3a8b05570p-1, 0x1.82b4bb8ca7fb5p-1);
  d16 tail = e * (g * q);
  return narrow(pick_double(widen(x) > 0.0, 1.0 - tail, tail));
}

// x = n pi/2 + *r with |r| <= pi/4 for |x| >= 2^28; returns the lowest two bits of n (Payne and Hanek 1983). The fraction of
// x / (2 pi) is the product of x's integer significand and 128 bits of 1 / (2 pi), starting where the exponent says; its error
// is 2^-104 of a turn, and no single-precision number but zero comes closer than 2^-32 of a turn to a multiple of a quarter.
static inline int64_t reduce_large(float x, double *r) {
  static const uint64_t inverse_turn[] = {0x28be60db9391054au, 0x7f09d5f47d4d3770u, 0x36d8a5664f10e410u, 0x7f9458eaf7aef158u};
  uint32_t bits;
  memcpy(&bits, &x, 4);
  uint32_t e = ((bits >> 23) & 255) - 150, shift = e & 63;
  const uint64_t *w = inverse_turn + (e >> 6);
  unsigned __int128 window = ((unsigned __int128)w[0] << 64 | w[1]) << shift | (w[2] >> 1) >> (63 - shift);
  unsigned __int128 turn = window * ((bits & 0x7fffff) | 0x800000);
  // In quarters of a turn: the integer part is rounded, the rest lies in [-1/2, 1/2).
  int64_t n = (int64_t)((uint64_t)(turn >> 64) + (1ull << 61)) >> 62;
  unsigned __int128 rest = turn << 2;
  double quarter = (double)(int64_t)(rest >> 64) * 0x1p-64 + (double)(int64_t)((uint64_t)rest >> 1) * 0x1p-127;
  *r = quarter * (x < 0 ? -0x1.921fb54442d18p0 : 0x1.921fb54442d18p0);
  return x < 0 ? -n : n;
}

// sin(x + quarters pi/2): x = n pi/2 + r, and one of two polynomials by n's lowest bit.
INLINE v16 sine16(v16 x, uint64_t quarters) {
  d16 a = widen(x);
  d16 t = a * 0x1.45f306dc9c883p-1 + INTEGER_SHIFT;
  d16 k = t - INTEGER_SHIFT;
  // pi/2 in three parts (Cody and Waite 1980). The first two have 25 bits, so that their products with k < 2^28 are exact; the errors of
  // the third product and of the third part are below 2^28 2^-53 2^-53 = 2^-78, and |r| is above 2^-30 where k is not 0.
  d16 r = ((a - k * 0x1.921fb5p0) - k * 0x1.110b46p-26) - k * 0x1.1a62633145c07p-54;
  q16 n = (q16)t;
  i16 magnitude = (i16)x & INT32_MAX;
  if (__builtin_reduce_max(magnitude) >= 0x4d800000) {
    for (int i = 0; i < 16; i++) {
      double rest;
      // From 2^28 on; an infinity became NaN above.
      if (magnitude[i] >= 0x4d800000 && magnitude[i] < 0x7f800000) {
        n[i] = (uint64_t)reduce_large(x[i], &rest);
        r[i] = rest;
      }
    }
  }
  n += quarters;
  d16 z = r * r;
  // On |r| <= pi/4, relative errors 2^-47 and 2^-43.
  d16 s = r * POLYNOMIAL(z, -0x1.a96881511aa0fp-26, 0x1.71d7821554589p-19, -0x1.a019f965e4d95p-13, 0x1.1111110cacc20p-7, -0x1.55555555524bfp-3, 1.0);
  d16 c = POLYNOMIAL(z, -0x1.23d940ada02eep-22, 0x1.a00f196ccb378p-16, -0x1.6c16b411f5c2ep-10, 0x1.555555471477ap-5, -0x1.ffffffffec4a5p-2, 1.0);
  l16 odd = -(l16)(n & 1);
  return narrow((d16)((q16)pick_double(odd, c, s) ^ ((n & 2) << 62)));
}

INLINE v16 sin16(v16 x) { return sine16(x, 0); }
INLINE v16 cos16(v16 x) { return sine16(x, 1); }

// x^y = e^(y ln |x|), negative for negative x and odd y; the special values are those of pow in C (ISO 9899, F.10.4.4).
INLINE v16 power16(v16 x, v16 y) {
  const double inf = __builtin_inf();
  d16 a = widen(x), b = widen(y), m = abs_double(a), n = abs_double(b);
  d16 e = exp_double(b * log_double(m, m - 1.0));
  // From 2^24 on every number is an even integer.
  d16 c = pick_double(n < 0x1p24, b, splat_double(0.0));
  d16 t = c + INTEGER_SHIFT;
  l16 integral = t - INTEGER_SHIFT == c;
  e = (d16)((q16)e | (((q16)t << 63) & (q16)integral & (q16)a));
  e = pick_double((a < 0.0) & (m < inf) & ~integral, splat_double(__builtin_nan("")), e);
  return narrow(pick_double((a == 1.0) | (b == 0.0) | ((m == 1.0) & (n == inf)), splat_double(1.0), e));
}
