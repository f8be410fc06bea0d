// Element-wise loops and reductions.

#define LOOP_UNARY(expression)                                  \
  do {                                                          \
    long i = 0;                                                 \
    for (; i + 16 <= n; i += 16) {                              \
      v16 a = load16(x + i);                                    \
      store16(y + i, (expression));                             \
    }                                                           \
    if (i < n) {                                                \
      v16 a = load16n(x + i, n - i);                            \
      store16n(y + i, (expression), n - i);                     \
    }                                                           \
  } while (0)

static void NAME(unary)(int function, long n, const float *x, float *y) {
  switch (function) {
  case CK_NEGATE: LOOP_UNARY(-a); break;
  case CK_EXP: LOOP_UNARY(exp16(a)); break;
  case CK_LOG: LOOP_UNARY(log16(a)); break;
  case CK_TANH_OF: LOOP_UNARY(tanh16(a)); break;
  case CK_SIGMOID_OF: LOOP_UNARY(sigmoid16(a)); break;
  case CK_RELU_OF: LOOP_UNARY(pick(a > 0.0f, a, pick(a != a, a, splat(0)))); break;
  case CK_SQRT: LOOP_UNARY(sqrt16(a)); break;
  case CK_SQUARE: LOOP_UNARY(a * a); break;
  case CK_ABS: LOOP_UNARY((v16)((i16)a & 0x7fffffff)); break;
  case CK_RECIPROCAL: LOOP_UNARY(1.0f / a); break;
  case CK_EXPM1: LOOP_UNARY(expm1_16(a)); break;
  case CK_LOG1P: LOOP_UNARY(log1p_16(a)); break;
  case CK_SIN: LOOP_UNARY(sin16(a)); break;
  case CK_COS: LOOP_UNARY(cos16(a)); break;
  case CK_SOFTPLUS: LOOP_UNARY(softplus16(a)); break;
  case CK_ELU: LOOP_UNARY(elu16(a)); break;
  case CK_NORMAL_CDF: LOOP_UNARY(normal_cdf16(a)); break;
  }
}

#define LOOP_PAIRS(left, right, left_rest, right_rest, expression) \
  do {                                                          \
    long i = 0;                                                 \
    for (; i + 16 <= n; i += 16) {                              \
      v16 p = left, q = right;                                  \
      store16(y + i, (expression));                             \
    }                                                           \
    if (i < n) {                                                \
      v16 p = left_rest, q = right_rest;                        \
      store16n(y + i, (expression), n - i);                     \
    }                                                           \
  } while (0)

// A step of 0 repeats the first number of an operand.
#define LOOP_BINARY(expression)                                                                             \
  do {                                                                                                      \
    if (a_step && b_step)                                                                                   \
      LOOP_PAIRS(load16(a + i), load16(b + i), load16n(a + i, n - i), load16n(b + i, n - i), expression);   \
    else if (a_step)                                                                                        \
      LOOP_PAIRS(load16(a + i), splat(*b), load16n(a + i, n - i), splat(*b), expression);                   \
    else                                                                                                    \
      LOOP_PAIRS(splat(*a), load16(b + i), splat(*a), load16n(b + i, n - i), expression);                   \
  } while (0)

static void NAME(binary)(int function, long n, const float *a, long a_step, const float *b, long b_step, float *y) {
  switch (function) {
  case CK_ADD: LOOP_BINARY(p + q); break;
  case CK_SUBTRACT: LOOP_BINARY(p - q); break;
  case CK_MULTIPLY: LOOP_BINARY(p * q); break;
  case CK_DIVIDE: LOOP_BINARY(p / q); break;
  case CK_MAXIMUM: LOOP_BINARY(max16(p, q)); break;
  case CK_MINIMUM: LOOP_BINARY(min16(p, q)); break;
  case CK_RELU_SLOPE: LOOP_BINARY(pick(q > 0.0f, p, splat(0))); break;
  case CK_TANH_SLOPE: LOOP_BINARY(p * fma16(-q, q, splat(1))); break;
  case CK_SIGMOID_SLOPE: LOOP_BINARY(p * (q * (1.0f - q))); break;
  case CK_ELU_SLOPE: LOOP_BINARY(pick(q > 0.0f, p, p * (q + 1.0f))); break;
  case CK_GREATER: LOOP_BINARY(pick(p > q, splat(1), splat(0))); break;
  case CK_EQUAL: LOOP_BINARY(pick(p == q, splat(1), splat(0))); break;
  case CK_POWER: LOOP_BINARY(power16(p, q)); break;
  }
}

static void NAME(binary_rows)(int function, long rows, long n, const float *a, long a_row, long a_step, const float *b, long b_row, long b_step, float *y) {
  for (long r = 0; r < rows; r++) NAME(binary)(function, n, a + r * a_row, a_step, b + r * b_row, b_step, y + r * n);
}

static void NAME(affine)(long n, float s, const float *x, float t, float *y) {
  LOOP_UNARY(fma16(splat(s), a, splat(t)));
}

static float NAME(sum)(long n, const float *x) {
  v16 s = splat(0);
  long i = 0;
  for (; i + 16 <= n; i += 16) s += load16(x + i);
  if (i < n) s += load16n(x + i, n - i);
  return join16(s);
}

static float NAME(dot)(long n, const float *x, const float *y) {
  v16 s = splat(0);
  long i = 0;
  for (; i + 16 <= n; i += 16) s = fma16(load16(x + i), load16(y + i), s);
  if (i < n) s = fma16(load16n(x + i, n - i), load16n(y + i, n - i), s);
  return join16(s);
}

static float NAME(max)(long n, const float *x) {
  float best = x[0];
  for (long i = 1; i < n; i++) best = x[i] > best ? x[i] : best;
  return best;
}

static void NAME(column_sums)(long rows, long columns, const float *x, float *out, int accumulate) {
  for (long j = 0; j < columns; j += 16) {
    long w = columns - j < 16 ? columns - j : 16;
    v16 s = accumulate ? load16n(out + j, w) : splat(0);
    if (w == 16)
      for (long r = 0; r < rows; r++) s += load16(x + r * columns + j);
    else
      for (long r = 0; r < rows; r++) s += load16n(x + r * columns + j, w);
    store16n(out + j, s, w);
  }
}

static void NAME(row_sums)(long rows, long columns, const float *x, float *out) {
  for (long r = 0; r < rows; r++) out[r] = NAME(sum)(columns, x + r * columns);
}

static void NAME(sum_axis)(long outer, long extent, long inner, const float *x, float *out) {
  if (inner == 1) NAME(row_sums)(outer, extent, x, out);
  else
    for (long o = 0; o < outer; o++) NAME(column_sums)(extent, inner, x + o * extent * inner, out + o * inner, 0);
}

static void NAME(spread_axis)(long outer, long extent, long inner, const float *x, float *out) {
  for (long o = 0; o < outer; o++) {
    float *block = out + o * extent * inner;
    if (inner == 1)
      for (long e = 0; e < extent; e++) block[e] = x[o];
    else
      for (long e = 0; e < extent; e++) memcpy(block + e * inner, x + o * inner, (size_t)inner * 4);
  }
}

// The place of the largest (sign 1) or smallest (sign -1) number along an axis: the first of equals; a NaN comes before all.
static void NAME(extreme_axis)(long outer, long extent, long inner, float sign, const float *x, int32_t *place) {
  for (long o = 0; o < outer; o++) {
    for (long j = 0; j < inner; j++) {
      const float *in = x + o * extent * inner + j;
      long best = 0;
      for (long e = 1; e < extent; e++) {
        float candidate = sign * in[e * inner], leader = sign * in[best * inner];
        if (candidate > leader || (candidate != candidate && leader == leader)) best = e;
      }
      place[o * inner + j] = (int32_t)best;
    }
  }
}

static void NAME(log_softmax_rows)(long rows, long columns, const float *x, float *y) {
  for (long r = 0; r < rows; r++) {
    const float *in = x + r * columns;
    float *out = y + r * columns;
    const float largest = NAME(max)(columns, in);
    NAME(affine)(columns, 1.0f, in, -largest, out);
    v16 s = splat(0);
    long i = 0;
    for (; i + 16 <= columns; i += 16) s += exp16(load16(out + i));
    if (i < columns) {
      // The lanes beyond the end hold e to the minus infinity.
      float rest[16] __attribute__((aligned(64)));
      for (long l = 0; l < 16; l++) rest[l] = i + l < columns ? out[i + l] : -__builtin_inff();
      s += exp16(*(v16 *)rest);
    }
    NAME(affine)(columns, 1.0f, out, -log16(splat(join16(s)))[0], out);
  }
}

static void NAME(softmax_rows)(long rows, long columns, const float *x, float *y) {
  for (long r = 0; r < rows; r++) {
    const float *in = x + r * columns;
    float *out = y + r * columns;
    NAME(affine)(columns, 1.0f, in, -NAME(max)(columns, in), out);
    NAME(unary)(CK_EXP, columns, out, out);
    NAME(affine)(columns, 1.0f / NAME(sum)(columns, out), out, 0.0f, out);
  }
}

// Four registers of columns at a time: the part of the table that they cross stays in the first cache for all rows.
#define TABLE_COLUMNS 64

static void NAME(sum_table_rows)(long rows, long groups, long choices, long columns, const float *table, const int32_t *index, const float *bias, float *out) {
  long j = 0;
  for (; j + TABLE_COLUMNS <= columns; j += TABLE_COLUMNS) {
    for (long r = 0; r < rows; r++) {
      v16 s[4];
      UNROLL for (int i = 0; i < 4; i++) s[i] = bias ? load16(bias + j + 16 * i) : splat(0);
      for (long g = 0; g < groups; g++) {
        int32_t choice = index[r * groups + g];
        if (choice < 0) continue;
        const float *row = table + (g * choices + choice) * columns + j;
        UNROLL for (int i = 0; i < 4; i++) s[i] += load16(row + 16 * i);
      }
      UNROLL for (int i = 0; i < 4; i++) store16(out + r * columns + j + 16 * i, s[i]);
    }
  }
  for (; j < columns; j += 16) {
    long w = columns - j < 16 ? columns - j : 16;
    for (long r = 0; r < rows; r++) {
      v16 s = bias ? load16n(bias + j, w) : splat(0);
      for (long g = 0; g < groups; g++) {
        int32_t choice = index[r * groups + g];
        if (choice < 0) continue;
        const float *row = table + (g * choices + choice) * columns + j;
        s += w == 16 ? load16(row) : load16n(row, w);
      }
      store16n(out + r * columns + j, s, w);
    }
  }
}

static void NAME(scatter_table_rows)(long rows, long groups, long choices, long columns, const float *x, const int32_t *index, float *slope) {
  for (long r = 0; r < rows; r++) {
    for (long g = 0; g < groups; g++) {
      int32_t choice = index[r * groups + g];
      if (choice < 0) continue;
      float *row = slope + (g * choices + choice) * columns;
      NAME(binary)(CK_ADD, columns, row, 1, x + r * columns, 1, row);
    }
  }
}
