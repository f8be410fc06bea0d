// Philox4x32-10, sixteen blocks at a time, and the distributions made from its bits.

INLINE void NAME(philox16)(u16 c[4], uint32_t k0, uint32_t k1) {
  for (int round = 0; round < 10; round++) {
    q16 p0 = __builtin_convertvector(c[0], q16) * 0xD2511F53ull;
    q16 p1 = __builtin_convertvector(c[2], q16) * 0xCD9E8D57ull;
    u16 h0 = __builtin_convertvector(p0 >> 32, u16), l0 = __builtin_convertvector(p0, u16);
    u16 h1 = __builtin_convertvector(p1 >> 32, u16), l1 = __builtin_convertvector(p1, u16);
    c[0] = h1 ^ c[1] ^ k0;
    c[1] = l1;
    c[2] = h0 ^ c[3] ^ k1;
    c[3] = l0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
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
    c[0] = lanes + (uint32_t)(first_block + (uint64_t)(i / 4));
    c[1] = (u16){} + c1;
    c[2] = (u16){} + c2;
    c[3] = (u16){} + c3;
    NAME(philox16)(c, (uint32_t)key, (uint32_t)(key >> 32));
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
    // Block b holds words 4b .. 4b + 3: lanes and words are interleaved on the way out.
    float block[64] __attribute__((aligned(64)));
    for (int w = 0; w < 4; w++)
      for (int l = 0; l < 16; l++) block[4 * l + w] = x[w][l];
    memcpy(out + i, block, (size_t)(n - i < 64 ? n - i : 64) * 4);
  }
}
