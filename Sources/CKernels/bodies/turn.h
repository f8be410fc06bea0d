// Matrices turned around, square by square in registers.

#define BLOCK_K 256
#define BLOCK_M 768
// Room for a block of A, or for what else is packed.
static _Thread_local float NAME(panel_a)[BLOCK_K * (BLOCK_M + 16)] __attribute__((aligned(64)));

typedef float NAME(quad) __attribute__((vector_size(16), aligned(4)));

#if VL == 16
#define JOIN_QUADS(q) __builtin_shufflevector(                                                                      \
    __builtin_shufflevector(q[0], q[1], 0, 1, 2, 3, 4, 5, 6, 7), __builtin_shufflevector(q[2], q[3], 0, 1, 2, 3, 4, 5, 6, 7), \
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
#define LOW_OF_QUADS 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29
#define HIGH_OF_QUADS 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31
#define LOW_PAIRS 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define HIGH_PAIRS 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#else
#define JOIN_QUADS(q) __builtin_shufflevector(q[0], q[1], 0, 1, 2, 3, 4, 5, 6, 7)
#define LOW_OF_QUADS 0, 8, 1, 9, 4, 12, 5, 13
#define HIGH_OF_QUADS 2, 10, 3, 11, 6, 14, 7, 15
#define LOW_PAIRS 0, 1, 8, 9, 4, 5, 12, 13
#define HIGH_PAIRS 2, 3, 10, 11, 6, 7, 14, 15
#endif

// r[i] = values [4 q + i] of VL rows, i < 4: four rows of quads, turned around within the quads.
INLINE void NAME(turn_quads)(vec *r) {
  vec a = __builtin_shufflevector(r[0], r[1], LOW_OF_QUADS), b = __builtin_shufflevector(r[2], r[3], LOW_OF_QUADS);
  vec c = __builtin_shufflevector(r[0], r[1], HIGH_OF_QUADS), d = __builtin_shufflevector(r[2], r[3], HIGH_OF_QUADS);
  r[0] = __builtin_shufflevector(a, b, LOW_PAIRS);
  r[1] = __builtin_shufflevector(a, b, HIGH_PAIRS);
  r[2] = __builtin_shufflevector(c, d, LOW_PAIRS);
  r[3] = __builtin_shufflevector(c, d, HIGH_PAIRS);
}

#if VL == 16
#define ZIP_LOW 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define ZIP_HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#define ZIP_ROUNDS 4
#else
#define ZIP_LOW 0, 8, 1, 9, 2, 10, 3, 11
#define ZIP_HIGH 4, 12, 5, 13, 6, 14, 7, 15
#define ZIP_ROUNDS 3
#endif

// A square of VL x VL numbers turned around in registers.
INLINE void NAME(turn_registers)(vec *r) {
  vec t[VL];
  // Rounds of a perfect shuffle of the rows: the bits of the row number change places with those of the lane.
  UNROLL for (int round = 0; round < ZIP_ROUNDS; round++) {
    UNROLL for (int i = 0; i < VL / 2; i++) {
      t[2 * i] = __builtin_shufflevector(r[i], r[i + VL / 2], ZIP_LOW);
      t[2 * i + 1] = __builtin_shufflevector(r[i], r[i + VL / 2], ZIP_HIGH);
    }
    UNROLL for (int i = 0; i < VL; i++) r[i] = t[i];
  }
}

// r[l], lane i = in[i * stride + l]: a square, turned around on the way, of whose rows the first 4 * quads are read and the other
// lanes hold anything. Few pointers reach the rows: x86 adds one and two strides for free.
INLINE void NAME(load_square)(const float *in, long stride, vec *r, const int quads) {
  const float *rows[VL / 4];
  const long stride3 = 3 * stride;
  UNROLL for (int b = 0; b < quads; b++) {
    rows[b] = in + 4 * b * stride;
    // Keeps the compiler from holding a pointer to every row.
    __asm__("" : "+r"(rows[b]));
  }
  UNROLL for (int l = 0; l < VL; l += 4) {
    UNROLL for (int i = 0; i < 4; i++) {
      NAME(quad) q[VL / 4];
      UNROLL for (int b = 0; b < VL / 4; b++)
        q[b] = b < quads ? *(const NAME(quad) *)(rows[b] + (i == 3 ? stride3 : i * stride) + l) : q[0];
      r[l + i] = (vec)JOIN_QUADS(q);
    }
    NAME(turn_quads)(r + l);
  }
}

#if VL == 8
// The first four of these registers.
INLINE void NAME(load_four)(const float *in, long stride, vec *r) {
  const float *low = in, *high = in + 4 * stride;
  const long stride3 = 3 * stride;
  __asm__("" : "+r"(low), "+r"(high));
  UNROLL for (int i = 0; i < 4; i++) {
    NAME(quad) q[2] = {*(const NAME(quad) *)(low + (i == 3 ? stride3 : i * stride)), *(const NAME(quad) *)(high + (i == 3 ? stride3 : i * stride))};
    r[i] = (vec)JOIN_QUADS(q);
  }
  NAME(turn_quads)(r);
}
#endif

// The same for rows that would evict each other from the first cache if they were read by quads.
INLINE void NAME(load_crowded)(const float *in, long stride, vec *r) {
  UNROLL for (int l = 0; l < VL; l++) r[l] = v_load(in + l * stride);
  NAME(turn_registers)(r);
}

// Whether rows of this stride share the lines of the first cache.
#define CROWDED(stride) ((stride) % 1024 == 0)

// out[j * out_stride + i] = in[i * in_stride + j] for i < rows, j < columns.
static void NAME(turn)(const float *in, long in_stride, long rows, long columns, float *out, long out_stride) {
  const int crowded = CROWDED(in_stride);
  long i = 0;
  for (; i + VL <= rows; i += VL) {
    long j = 0;
    for (; j + VL <= columns; j += VL) {
      vec r[VL];
      if (crowded) NAME(load_crowded)(in + i * in_stride + j, in_stride, r);
      else NAME(load_square)(in + i * in_stride + j, in_stride, r, VL / 4);
      UNROLL for (int l = 0; l < VL; l++) v_store(out + (j + l) * out_stride + i, r[l]);
    }
    for (; j < columns; j++)
      for (long l = i; l < i + VL; l++) out[j * out_stride + l] = in[l * in_stride + j];
  }
  for (; i < rows; i++)
    for (long j = 0; j < columns; j++) out[j * out_stride + i] = in[i * in_stride + j];
}

// out[p * rows + r] = in[r * in_stride + p]: at most VL rows, so that their values of one k are adjacent.
static void NAME(pack_rows)(const float *in, long in_stride, long rows, long k, float *out) {
  long p = 0;
  for (; p + VL <= k; p += VL) {
    vec r[VL];
    // Rows beyond the last are read from the last and not stored.
    UNROLL for (int i = 0; i < VL; i++) r[i] = v_load(in + (i < rows ? i : rows - 1) * in_stride + p);
    NAME(turn_registers)(r);
    UNROLL for (int i = 0; i < VL; i++) v_store_n(out + (p + i) * rows, r[i], rows);
  }
  for (; p < k; p++)
    for (long r = 0; r < rows; r++) out[p * rows + r] = in[r * in_stride + p];
}
