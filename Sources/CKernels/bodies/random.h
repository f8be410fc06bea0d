// Philox4x32-10, sixteen blocks at a time, and the distributions made from its bits.

typedef double d8 __attribute__((vector_size(64)));
typedef uint64_t q8 __attribute__((vector_size(64)));

// The two halves of the 64-bit products of all lanes: even and odd lanes in turn, each in the place of two, so that nothing changes its place.
INLINE void multiply16(u16 a, u16 b, u16 *high, u16 *low) {
  const q8 lower = (q8){} + 0xffffffffull;
  q8 even = ((q8)a & lower) * ((q8)b & lower), odd = ((q8)a >> 32) * ((q8)b >> 32);
  *high = (u16)((even >> 32) | (odd & ~lower));
  *low = (u16)((even & lower) | (odd << 32));
}

// `rounds` of the ten, with the key of the first of them.
INLINE void NAME(philox_rounds)(u16 c[4], uint32_t k0, uint32_t k1, const int rounds) {
  UNROLL for (int round = 0; round < rounds; round++) {
    u16 h0, l0, h1, l1;
    multiply16(c[0], (u16){} + 0xD2511F53u, &h0, &l0);
    multiply16(c[2], (u16){} + 0xCD9E8D57u, &h1, &l1);
    c[0] = h1 ^ c[1] ^ k0;
    c[1] = l1;
    c[2] = h0 ^ c[3] ^ k1;
    c[3] = l0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
}

INLINE void NAME(philox16)(u16 c[4], uint32_t k0, uint32_t k1) { NAME(philox_rounds)(c, k0, k1, 10); }

// The same for counters that differ in their first word only: of the first two rounds one half is the same in all lanes.
INLINE void NAME(philox_blocks)(u16 block, uint32_t c1, uint32_t c2, uint32_t c3, uint32_t k0, uint32_t k1, u16 c[4]) {
  u16 h, l;
  const uint64_t first = (uint64_t)c2 * 0xCD9E8D57u;
  multiply16(block, (u16){} + 0xD2511F53u, &h, &l);
  const uint32_t s0 = (uint32_t)(first >> 32) ^ c1 ^ k0, s1 = (uint32_t)first;
  u16 v2 = h ^ (c3 ^ k1), v3 = l;
  k0 += 0x9E3779B9u;
  k1 += 0xBB67AE85u;
  const uint64_t second = (uint64_t)s0 * 0xD2511F53u;
  multiply16(v2, (u16){} + 0xCD9E8D57u, &h, &l);
  c[0] = h ^ (s1 ^ k0);
  c[1] = l;
  c[2] = v3 ^ ((uint32_t)(second >> 32) ^ k1);
  c[3] = (u16){} + (uint32_t)second;
  NAME(philox_rounds)(c, k0 + 0x9E3779B9u, k1 + 0xBB67AE85u, 8);
}

// x[0] and x[1] lane by lane in turn, into two vectors.
INLINE void pair16(u16 a, u16 b, u16 out[2]) {
  out[0] = __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  out[1] = __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

INLINE void pair8(q8 a, q8 b, q8 out[2]) {
  out[0] = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
  out[1] = __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

// Lane l of x[0], x[1], x[2], x[3], for l = 0, 1, ...: block b of a stream holds numbers 4b .. 4b + 3.
INLINE void interleave16(const u16 x[4], u16 out[4]) {
  u16 low[2], high[2];
  pair16(x[0], x[1], low);
  pair16(x[2], x[3], high);
  pair8((q8)low[0], (q8)high[0], (q8 *)out);
  pair8((q8)low[1], (q8)high[1], (q8 *)out + 2);
}

// The centre of one of 2^23 equal cells of (0, 1): never 0 and never 1, so that every logarithm below is finite.
INLINE v16 unit16(u16 bits) {
  v16 x = (v16)((i16)(bits >> 9) | 0x3f800000);
  return (x - 1.0f) + 0x1p-24f;
}

static void NAME(random)(int distribution, long n, uint64_t key, uint32_t c1, uint32_t c2, uint32_t c3, uint64_t first_block, float *out) {
  const u16 lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  for (long i = 0; i < n; i += 64) {
    u16 c[4];
    NAME(philox_blocks)(lanes + (uint32_t)(first_block + (uint64_t)(i / 4)), c1, c2, c3, (uint32_t)key, (uint32_t)(key >> 32), c);
    v16 x[4];
    for (int w = 0; w < 4; w++) x[w] = unit16(c[w]);
    switch (distribution) {
    case CK_EXPONENTIAL:
      for (int w = 0; w < 4; w++) x[w] = -log16(x[w]);
      break;
    case CK_GUMBEL:
      for (int w = 0; w < 4; w++) x[w] = -log16(-log16(x[w]));
      break;
    case CK_NORMAL:
      for (int w = 0; w < 4; w += 2) {
        v16 r = sqrt16(-2.0f * log16(x[w])), s, k;
        sincos_turn16(x[w + 1], &s, &k);
        x[w] = r * k;
        x[w + 1] = r * s;
      }
      break;
    }
    u16 block[4];
    interleave16((const u16 *)x, block);
    memcpy(out + i, block, (size_t)(n - i < 64 ? n - i : 64) * 4);
  }
}

// Whole numbers 0 <= out[i] < limit_i, where limit_i is bound, or bound - i where the limits fall: the high half of word * limit, without
// bias once the words are rejected whose low half is below 2^32 mod limit (Lemire 2019). Philox makes the next block from a block with a
// rejected word, as often as it takes: the redrawn numbers depend on their place alone.
INLINE void NAME(below)(
    long n, uint32_t bound, int falls, uint64_t key, uint32_t c1, uint32_t c2, uint32_t c3, uint64_t first_block, int32_t *out) {
  const u16 lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
  const uint32_t common = (0u - bound) % bound;
  for (long i = 0; i < n; i += 64) {
    u16 c[4], value[4], limit[4], least[4], pending[4], any = {};
    c[0] = lanes + (uint32_t)(first_block + (uint64_t)(i / 4));
    c[1] = (u16){} + c1;
    c[2] = (u16){} + c2;
    c[3] = (u16){} + c3;
    NAME(philox16)(c, k0, k1);
    for (int w = 0; w < 4; w++) {
      limit[w] = (u16){} + bound;
      if (falls) {
        u16 place = 4 * lanes + (uint32_t)(i + w);
        u16 inside = (u16)(place < (uint32_t)n);
        limit[w] = ((limit[w] - place) & inside) | (1 & ~inside);
      }
      u16 low;
      multiply16(c[w], limit[w], &value[w], &low);
      least[w] = (u16){} + common;
      if (falls) {
        // The remainder is below the limit: only few lanes need the division.
        u16 doubtful = (u16)(low < limit[w]);
        least[w] = (u16){};
        if (__builtin_reduce_or(doubtful))
          for (int l = 0; l < 16; l++)
            if (doubtful[l]) least[w][l] = (0u - limit[w][l]) % limit[w][l];
      }
      pending[w] = (u16)(low < least[w]);
      any |= pending[w];
    }
    while (__builtin_reduce_or(any)) {
      NAME(philox16)(c, k0, k1);
      any = (u16){};
      for (int w = 0; w < 4; w++) {
        u16 high, low;
        multiply16(c[w], limit[w], &high, &low);
        value[w] = (high & pending[w]) | (value[w] & ~pending[w]);
        pending[w] &= (u16)(low < least[w]);
        any |= pending[w];
      }
    }
    u16 block[4];
    interleave16(value, block);
    memcpy(out + i, block, (size_t)(n - i < 64 ? n - i : 64) * 4);
  }
}

static void NAME(random_integers)(
    long n, uint32_t bound, uint64_t key, uint32_t c1, uint32_t c2, uint32_t c3, uint64_t first_block, int32_t *out) {
  NAME(below)(n, bound, 0, key, c1, c2, c3, first_block, out);
}

// Fisher and Yates: place i changes with one of the places i ..< n.
static void NAME(random_shuffle)(long n, long k, uint64_t key, uint32_t c1, uint32_t c2, uint32_t c3, int32_t *values) {
  int32_t jump[256];
  for (long i = 0; i < k; i += 256) {
    long count = k - i < 256 ? k - i : 256;
    NAME(below)(count, (uint32_t)(n - i), 1, key, c1, c2, c3, (uint64_t)(i / 4), jump);
    for (long j = i; j < i + count; j++) {
      long other = j + jump[j - i];
      int32_t value = values[j];
      values[j] = values[other];
      values[other] = value;
    }
  }
}

// The greatest i < n with p[i] == x, or -1.
INLINE long NAME(last_place)(const int32_t *p, long n, int32_t x) {
  for (; n >= 64; n -= 64) {
    i16 found = {};
    for (long i = n - 64; i < n; i += 16) found |= (i16)load16((const float *)(p + i)) == x;
    if (__builtin_reduce_or(found)) break;
  }
  for (; n >= 16; n -= 16)
    if (__builtin_reduce_or((i16)load16((const float *)(p + n - 16)) == x)) break;
  while (n > 0 && p[n - 1] != x) n--;
  return n - 1;
}

// The first k places of the shuffled 0, 1, ..., n - 1, without the n numbers: what stands at a place has come there by the last change with
// it, from a place whose content is found in the same way.
static void NAME(random_sample)(long n, long k, uint64_t key, uint32_t c1, uint32_t c2, uint32_t c3, int32_t *out) {
  NAME(below)(k, (uint32_t)n, 1, key, c1, c2, c3, 0, out);
  for (long i = 0; i < k; i++) out[i] += (int32_t)i;
  for (long i = k - 1; i >= 0; i--) {
    int32_t x = out[i];
    for (long place = NAME(last_place)(out, i, x); place >= 0; place = NAME(last_place)(out, place, x)) x = (int32_t)place;
    out[i] = x;
  }
}

// Circular complex normal numbers of unit variance; two a block.
static void NAME(random_complex)(
    long n, uint64_t key, uint32_t c1, uint32_t c2, uint32_t c3, uint64_t first_block, float *real, float *imaginary) {
  const u16 lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  for (long i = 0; i < n; i += 32) {
    u16 c[4];
    c[0] = lanes + (uint32_t)(first_block + (uint64_t)(i / 2));
    c[1] = (u16){} + c1;
    c[2] = (u16){} + c2;
    c[3] = (u16){} + c3;
    NAME(philox16)(c, (uint32_t)key, (uint32_t)(key >> 32));
    u16 x[2], y[2], block[2][2];
    for (int pair = 0; pair < 2; pair++) {
      v16 r = sqrt16(-log16(unit16(c[2 * pair]))), s, k;
      sincos_turn16(unit16(c[2 * pair + 1]), &s, &k);
      x[pair] = (u16)(r * k);
      y[pair] = (u16)(r * s);
    }
    pair16(x[0], x[1], block[0]);
    pair16(y[0], y[1], block[1]);
    size_t bytes = (size_t)(n - i < 32 ? n - i : 32) * 4;
    memcpy(real + i, block[0], bytes);
    memcpy(imaginary + i, block[1], bytes);
  }
}

// The centre of one of 2^52 equal cells of (0, 1).
INLINE d8 NAME(unit8)(q8 bits) { return ((d8)((bits >> 12) | 0x3ff0000000000000ull) - 1.0) + 0x1p-53; }

// The natural logarithm of a normal positive number: x = 2^k m with m in [sqrt(1/2), sqrt(2)), ln m = f - s (f - z p), f = m - 1, s = f / (m + 1),
// z = s^2, p the tail of the series of 2 artanh(s) / s.
INLINE d8 NAME(log8)(d8 x) {
  q8 bits = (q8)x + (0x3ff0000000000000ull - 0x3fe6a09e667f3bcdull);
  // The exponent becomes a number by standing in the last places of 2^52.
  d8 k = (d8)((bits >> 52) | 0x4330000000000000ull) - (0x1p52 + 1023.0);
  d8 m = (d8)((bits & 0x000fffffffffffffull) + 0x3fe6a09e667f3bcdull);
  d8 f = m - 1.0;
  d8 s = f / (m + 1.0);
  d8 z = s * s;
  d8 p = z * (2.0 / 21) + 2.0 / 19;
  p = p * z + 2.0 / 17;
  p = p * z + 2.0 / 15;
  p = p * z + 2.0 / 13;
  p = p * z + 2.0 / 11;
  p = p * z + 2.0 / 9;
  p = p * z + 2.0 / 7;
  p = p * z + 2.0 / 5;
  p = p * z + 2.0 / 3;
  d8 tail = s * (f - z * p);
  return k * 0x1.62e42feep-1 + (f - (tail - k * 0x1.a39ef35793c76p-33));
}

// sin(2 pi t) and cos(2 pi t) for t in [0, 1): Taylor's polynomials on the eighth of a turn that is left after q quarters.
INLINE void NAME(sincos_turn8)(d8 t, d8 *sine, d8 *cosine) {
  d8 shifted = t * 4.0 + 0x1.8p52;
  d8 r = (t - (shifted - 0x1.8p52) * 0.25) * 0x1.921fb54442d18p2;
  d8 z = r * r;
  d8 s = z * (-1.0 / 1307674368000) + 1.0 / 6227020800;
  s = s * z - 1.0 / 39916800;
  s = s * z + 1.0 / 362880;
  s = s * z - 1.0 / 5040;
  s = s * z + 1.0 / 120;
  s = s * z - 1.0 / 6;
  s = r + r * z * s;
  d8 c = z * (1.0 / 20922789888000) - 1.0 / 87178291200;
  c = c * z + 1.0 / 479001600;
  c = c * z - 1.0 / 3628800;
  c = c * z + 1.0 / 40320;
  c = c * z - 1.0 / 720;
  c = c * z + 1.0 / 24;
  c = 1.0 - (z * 0.5 - z * z * c);
  q8 q = (q8)shifted;
  q8 odd = 0 - (q & 1);
  q8 a = ((q8)c & odd) | ((q8)s & ~odd), b = ((q8)s & odd) | ((q8)c & ~odd);
  *sine = (d8)(a ^ ((q & 2) << 62));
  *cosine = (d8)(b ^ (((q + 1) & 2) << 62));
}

// Double precision: two numbers a block.
static void NAME(random64)(
    int distribution, long n, uint64_t key, uint32_t c1, uint32_t c2, uint32_t c3, uint64_t first_block, double *out) {
  const u16 lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  for (long i = 0; i < n; i += 32) {
    u16 c[4];
    c[0] = lanes + (uint32_t)(first_block + (uint64_t)(i / 2));
    c[1] = (u16){} + c1;
    c[2] = (u16){} + c2;
    c[3] = (u16){} + c3;
    NAME(philox16)(c, (uint32_t)key, (uint32_t)(key >> 32));
    q16 first = __builtin_convertvector(c[0], q16) | __builtin_convertvector(c[1], q16) << 32;
    q16 second = __builtin_convertvector(c[2], q16) | __builtin_convertvector(c[3], q16) << 32;
    q8 words[2][2];
    memcpy(words[0], &first, sizeof first);
    memcpy(words[1], &second, sizeof second);
    q8 block[4];
    for (int half = 0; half < 2; half++) {
      d8 x = NAME(unit8)(words[0][half]), y = NAME(unit8)(words[1][half]);
      switch (distribution) {
      case CK_EXPONENTIAL:
        x = -NAME(log8)(x);
        y = -NAME(log8)(y);
        break;
      case CK_GUMBEL:
        x = -NAME(log8)(-NAME(log8)(x));
        y = -NAME(log8)(-NAME(log8)(y));
        break;
      case CK_NORMAL: {
        d8 r = __builtin_elementwise_sqrt(-2.0 * NAME(log8)(x)), s, k;
        NAME(sincos_turn8)(y, &s, &k);
        x = r * k;
        y = r * s;
        break;
      }
      }
      pair8((q8)x, (q8)y, block + 2 * half);
    }
    memcpy(out + i, block, (size_t)(n - i < 32 ? n - i : 32) * 8);
  }
}
