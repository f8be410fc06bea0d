// Products of a matrix with a few vectors, and outer products.
//
// Each output is accumulated in order of k from its start value, as in every other product. Enough outputs stay in registers
// while k runs to hide the delay of a fused multiply-add.

// Outputs that stay in registers: vectors x registers of them.
#define DOTS_VECTORS 4
#define DOTS_GROUPS 4
#define ROW_VECTORS 4
#define ROW_REGISTERS 8
#define OUTER_REGISTERS 4

// As many vectors as are quicker here than in the tiles of gemm.h: of rows times a matrix, times its rows, and by columns of B.
#define MOST_ROWS (VL == 16 ? 3 : 2)
#define MOST_DOTS 8
#define MOST_COLUMN_DOTS (VL == 8 ? 4 : 2)

typedef struct {
  long vectors, outputs, k;
  const float *x;          // value p of vector v is x[v * x_vector + p * x_k]
  long x_vector, x_k;
  const float *matrix;     // of outputs x k for `dots`, of k x outputs for `row`
  long stride;             // between its rows
  float *c;                // output j of vector v is c[v * c_vector + j * c_output]
  long c_vector, c_output;
  const float *start;      // with strides of its own, or null
  long start_vector, start_output;
  int relu;
} NAME(few_t);

// Out of line, because the compiler would spread these loops over every kernel below.
static __attribute__((noinline)) void NAME(few_gather)(const float *in, long stride, long n, float *lanes) {
  for (long i = 0; i < n; i++) lanes[i] = in[i * stride];
}

static __attribute__((noinline)) void NAME(few_scatter)(const float *lanes, long n, float *out, long stride) {
  for (long i = 0; i < n; i++) out[i * stride] = lanes[i];
}

// The start values of n <= VL outputs from output j on.
INLINE vec NAME(few_start)(const NAME(few_t) *f, long v, long j, long n) {
  if (!f->start) return v_splat(0);
  const float *s = f->start + v * f->start_vector + j * f->start_output;
  if (f->start_output == 0) return v_splat(*s);
  if (f->start_output == 1) return n == VL ? v_load(s) : v_load_n(s, n);
  float lanes[VL] __attribute__((aligned(64))) = {0};
  NAME(few_gather)(s, f->start_output, n, lanes);
  return v_load(lanes);
}

INLINE void NAME(few_finish)(const NAME(few_t) *f, long v, long j, long n, vec x) {
  float *c = f->c + v * f->c_vector + j * f->c_output;
  if (f->relu) x = v_relu(x);
  if (f->c_output == 1) {
    if (n == VL) v_store(c, x);
    else v_store_n(c, x, n);
    return;
  }
  float lanes[VL] __attribute__((aligned(64)));
  v_store(lanes, x);
  NAME(few_scatter)(lanes, n, c, f->c_output);
}

// `vectors` x (registers * VL) outputs, the last register of which has `edge`, as sums of the rows of the matrix.
INLINE void NAME(row)(const NAME(few_t) *f, long v0, long j0, const int vectors, const int registers, long edge) {
  vec acc[ROW_VECTORS][ROW_REGISTERS];
  UNROLL for (int v = 0; v < vectors; v++)
    UNROLL for (int r = 0; r < registers; r++) acc[v][r] = NAME(few_start)(f, v0 + v, j0 + r * VL, r == registers - 1 ? edge : VL);
  const float *m = f->matrix + j0, *x = f->x + v0 * f->x_vector;
  const long stride = f->stride, x_vector = f->x_vector, x_k = f->x_k;
  const int full = edge == VL;
  for (long p = 0; p < f->k; p++) {
    vec y[ROW_VECTORS];
    UNROLL for (int v = 0; v < vectors; v++) y[v] = v_splat(x[v * x_vector]);
    UNROLL for (int r = 0; r < registers; r++) {
      vec b = r < registers - 1 || full ? v_load(m + r * VL) : v_load_n(m + r * VL, edge);
      UNROLL for (int v = 0; v < vectors; v++) acc[v][r] = v_fma(y[v], b, acc[v][r]);
    }
    m += stride;
    x += x_k;
  }
  UNROLL for (int v = 0; v < vectors; v++)
    UNROLL for (int r = 0; r < registers; r++) NAME(few_finish)(f, v0 + v, j0 + r * VL, r == registers - 1 ? edge : VL, acc[v][r]);
}

#define ROW_CASE(vectors, r) \
  case r: NAME(row)(f, v0, j, vectors, r, edge); break;

#define ROWS_CASE(vectors, widest, cases)                                                \
  case vectors:                                                                          \
    for (long j = 0; j < f->outputs; j += (widest) * VL) {                               \
      const long left = f->outputs - j < (widest) * VL ? f->outputs - j : (widest) * VL; \
      const long registers = (left + VL - 1) / VL, edge = left - (registers - 1) * VL;   \
      switch (registers) { cases }                                                       \
    }                                                                                    \
    break;

#define UP_TO_4(v) ROW_CASE(v, 1) ROW_CASE(v, 2) ROW_CASE(v, 3) ROW_CASE(v, 4)
#define UP_TO_8(v) UP_TO_4(v) ROW_CASE(v, 5) ROW_CASE(v, 6) ROW_CASE(v, 7) ROW_CASE(v, 8)

// Registers of a strip of three and of four vectors: the sums, a register of the matrix and a number of each vector fit.
#define WIDEST_OF_3 (VL == 8 ? 3 : 4)
#define WIDEST_OF_4 (VL == 8 ? 2 : 4)

// Vectors times a matrix.
static void NAME(few_rows)(const NAME(few_t) *f) {
  for (long v0 = 0; v0 < f->vectors; v0 += ROW_VECTORS) {
    switch (f->vectors - v0) {
      ROWS_CASE(1, ROW_REGISTERS, UP_TO_8(1))
      ROWS_CASE(2, 4, UP_TO_4(2))
      ROWS_CASE(3, WIDEST_OF_3, UP_TO_4(3))
      default: ROWS_CASE(4, WIDEST_OF_4, UP_TO_4(4))
    }
  }
}

// `vectors` x (groups * VL) outputs as dot products with the rows of the matrix: squares of it are turned around in registers,
// so that a register holds one k of VL rows. `vectors`, `groups` and `far` (rows that meet in the first cache, or a matrix that the
// second does not hold) are constants after inlining; x_k is 1.
INLINE void NAME(dots)(const NAME(few_t) *f, long v0, long j0, const int vectors, const int groups, const int far) {
  vec acc[DOTS_VECTORS][DOTS_GROUPS];
  UNROLL for (int v = 0; v < vectors; v++)
    UNROLL for (int g = 0; g < groups; g++) acc[v][g] = NAME(few_start)(f, v0 + v, j0 + g * VL, VL);

  const float *m = f->matrix + j0 * f->stride, *x = f->x + v0 * f->x_vector;
  const long stride = f->stride, x_vector = f->x_vector;
  long left = f->k;
#if VL == 8
  // With sixteen registers a whole square leaves no room for the sums: four values of k at a time.
  for (; !far && left >= 4; left -= 4) {
    UNROLL for (int g = 0; g < groups; g++) {
      vec r[4];
      NAME(load_four)(m + g * VL * stride, stride, r);
      UNROLL for (int l = 0; l < 4; l++)
        UNROLL for (int v = 0; v < vectors; v++) acc[v][g] = v_fma(v_splat(x[v * x_vector + l]), r[l], acc[v][g]);
    }
    m += 4;
    x += 4;
  }
#endif
  for (; left >= VL; left -= VL) {
    UNROLL for (int g = 0; g < groups; g++) {
      vec r[VL];
      const float *square = m + g * VL * stride;
      if (far) {
        UNROLL for (int l = 0; l < VL; l++) __builtin_prefetch(square + l * stride + 2 * VL, 0, 2);
        NAME(load_crowded)(square, stride, r);
      } else {
        NAME(load_square)(square, stride, r, VL / 4);
      }
      UNROLL for (int l = 0; l < VL; l++)
        UNROLL for (int v = 0; v < vectors; v++) acc[v][g] = v_fma(v_splat(x[v * x_vector + l]), r[l], acc[v][g]);
    }
    m += VL;
    x += VL;
  }
  if (left > 0) {
    float turned[DOTS_GROUPS][VL * VL] __attribute__((aligned(64)));
    for (int g = 0; g < groups; g++) {
      vec r[VL];
      UNROLL for (int l = 0; l < VL; l++) r[l] = v_load_n(m + (g * VL + l) * stride, left);
      NAME(turn_registers)(r);
      UNROLL for (int l = 0; l < VL; l++) v_store(turned[g] + l * VL, r[l]);
    }
    for (long l = 0; l < left; l++)
      UNROLL for (int v = 0; v < vectors; v++) {
        vec y = v_splat(x[v * x_vector + l]);
        UNROLL for (int g = 0; g < groups; g++) acc[v][g] = v_fma(y, v_load(turned[g] + l * VL), acc[v][g]);
      }
  }

  UNROLL for (int v = 0; v < vectors; v++)
    UNROLL for (int g = 0; g < groups; g++) NAME(few_finish)(f, v0 + v, j0 + g * VL, VL, acc[v][g]);
}

#define DOTS_CASE(v, groups, far)                                                                \
  case v:                                                                                        \
    for (; j + (groups) * VL <= whole; j += (groups) * VL) NAME(dots)(f, v0, j, v, groups, far); \
    for (; j < whole; j += VL) NAME(dots)(f, v0, j, v, 1, far);                                  \
    break;

// Vectors times the rows of a matrix. The outputs of the last rows, fewer than a register holds, come from a turned copy.
static void NAME(few_dots)(NAME(few_t) *f) {
  const long edge = f->outputs % VL, whole = f->outputs - edge;
  if (f->x_k != 1) {
    float *x = NAME(panel_a) + VL * f->k;
    for (long v = 0; v < f->vectors; v++)
      for (long p = 0; p < f->k; p++) x[v * f->k + p] = f->x[v * f->x_vector + p * f->x_k];
    f->x = x;
    f->x_vector = f->k;
    f->x_k = 1;
  }
  if (edge) {
    NAME(few_t) last = *f;
    NAME(pack_rows)(f->matrix + whole * f->stride, f->stride, edge, f->k, NAME(panel_a));
    last.outputs = last.stride = edge;
    last.matrix = NAME(panel_a);
    last.c += whole * f->c_output;
    if (f->start) last.start += whole * f->start_output;
    NAME(few_rows)(&last);
  }
  for (long v0 = 0; v0 < f->vectors; v0 += DOTS_VECTORS) {
    const long left = f->vectors - v0;
    long j = 0;
    const long vectors = left < DOTS_VECTORS ? left : DOTS_VECTORS;
    if (CROWDED(f->stride) || f->outputs * f->k > 1 << 17) {
      switch (vectors) { DOTS_CASE(1, 4, 1) DOTS_CASE(2, 2, 1) DOTS_CASE(3, 2, 1) DOTS_CASE(4, 2, 1) }
    } else {
      switch (vectors) { DOTS_CASE(1, 4, 0) DOTS_CASE(2, 2, 0) DOTS_CASE(3, 2, 0) DOTS_CASE(4, 2, 0) }
    }
  }
}

// Columns [j, j + registers * VL) of the product of a column with a row, `edge` of them if there is but one register.
// `registers`, `each` (every row has start values of its own) and `whole` are constants after inlining.
INLINE void NAME(outer_strip)(const NAME(few_t) *f, long j, const int registers, const int each, const int whole, long edge) {
  vec b[OUTER_REGISTERS], s[OUTER_REGISTERS];
  UNROLL for (int r = 0; r < registers; r++) {
    b[r] = whole ? v_load(f->matrix + j + r * VL) : v_load_n(f->matrix + j, edge);
    s[r] = !each ? NAME(few_start)(f, 0, j + r * VL, whole ? VL : edge) : v_splat(0);
  }
  const float *x = f->x, *from = each ? f->start + j : 0;
  float *c = f->c + j;
  for (long i = 0; i < f->vectors; i++) {
    const vec y = v_splat(*x);
    UNROLL for (int r = 0; r < registers; r++) {
      if (each) s[r] = whole ? v_load(from + r * VL) : v_load_n(from, edge);
      vec z = v_fma(y, b[r], s[r]);
      if (whole) v_store(c + r * VL, z);
      else v_store_n(c, z, edge);
    }
    x += f->x_vector;
    c += f->c_vector;
    if (each) from += f->start_vector;
  }
}

#define OUTER(each)                                                                      \
  for (; j + OUTER_REGISTERS * VL <= f->outputs; j += OUTER_REGISTERS * VL)              \
    NAME(outer_strip)(f, j, OUTER_REGISTERS, each, 1, 0);                                \
  for (; j + VL <= f->outputs; j += VL) NAME(outer_strip)(f, j, 1, each, 1, 0);          \
  if (j < f->outputs) NAME(outer_strip)(f, j, 1, each, 0, f->outputs - j);

// Products over a k of one: a strip of the row stays in registers while the rows of C pass.
static void NAME(few_outer)(const NAME(few_t) *f) {
  long j = 0;
  if (f->start_vector) { OUTER(1) } else { OUTER(0) }
}

#if VL == 8
// Columns [j, j + registers * VL) of a product over a short k, the last register of which has `edge`: that part of B stays in registers while
// the rows of A pass, where a tile would be over before it has paid for its beginning. `k`, `registers` and `each` are constants after inlining.
#define MOST_SHORT 4
#define LEAST_SHORT_ROWS 8
INLINE void NAME(short_strip)(const NAME(few_t) *f, int turned, long j, const int k, const int registers, const int each, long edge) {
  vec b[MOST_SHORT][2], s[2];
  const int full = edge == VL, relu = f->relu;
  UNROLL for (int r = 0; r < registers; r++) {
    const long n = r == registers - 1 ? edge : VL, column = j + r * VL;
    UNROLL for (int p = 0; p < k; p++) {
      if (turned) {
        float lanes[VL] __attribute__((aligned(64))) = {0};
        NAME(few_gather)(f->matrix + column * f->stride + p, f->stride, n, lanes);
        b[p][r] = v_load(lanes);
      } else {
        b[p][r] = v_load_n(f->matrix + p * f->stride + column, n);
      }
    }
    s[r] = each ? v_splat(0) : NAME(few_start)(f, 0, column, n);
  }
  const float *x = f->x, *from = each ? f->start + j : 0;
  float *c = f->c + j;
  const long x_k = f->x_k;
  for (long i = 0; i < f->vectors; i++) {
    vec y[2];
    UNROLL for (int r = 0; r < registers; r++) {
      y[r] = !each ? s[r] : r < registers - 1 || full ? v_load(from + r * VL) : v_load_n(from + r * VL, edge);
      UNROLL for (int p = 0; p < k; p++) y[r] = v_fma(v_splat(x[p * x_k]), b[p][r], y[r]);
      if (relu) y[r] = v_relu(y[r]);
      if (r < registers - 1 || full) v_store(c + r * VL, y[r]);
      else v_store_n(c + r * VL, y[r], edge);
    }
    x += f->x_vector;
    c += f->c_vector;
    if (each) from += f->start_vector;
  }
}

#define SHORT_CASE(k)                                                                             \
  case k:                                                                                         \
    if (f->start_vector) {                                                                        \
      if (left > VL) NAME(short_strip)(f, turned, j, k, 2, 1, left - VL < VL ? left - VL : VL);   \
      else NAME(short_strip)(f, turned, j, k, 1, 1, left);                                        \
    } else {                                                                                      \
      if (left > VL) NAME(short_strip)(f, turned, j, k, 2, 0, left - VL < VL ? left - VL : VL);   \
      else NAME(short_strip)(f, turned, j, k, 1, 0, left);                                        \
    }                                                                                             \
    break;

static void NAME(few_short)(const NAME(few_t) *f, int turned) {
  for (long j = 0; j < f->outputs; j += 2 * VL) {
    const long left = f->outputs - j;
    switch (f->k) { SHORT_CASE(2) SHORT_CASE(3) SHORT_CASE(4) }
  }
}
#endif

// Does the product if it is one of few vectors; returns whether it did.
static int NAME(gemv)(const ck_gemm_t *g) {
  const float *start = g->accumulate ? g->c : g->start ? g->start : g->bias;
  const long lds = g->accumulate ? g->ldc : g->start ? g->lds : 0;
  const long a_row = g->transposeA ? 1 : g->lda, a_k = g->transposeA ? g->lda : 1;
  const long b_column = g->transposeB ? g->ldb : 1, b_k = g->transposeB ? 1 : g->ldb;
  // The rows of A are the vectors ...
  NAME(few_t) rows = {.vectors = g->m, .outputs = g->n, .k = g->k, .x = g->a, .x_vector = a_row, .x_k = a_k, .matrix = g->b, .stride = g->ldb,
                      .c = g->c, .c_vector = g->ldc, .c_output = 1, .start = start, .start_vector = lds, .start_output = 1,
                      .relu = g->activation == CK_RELU};
  // ... or the columns of B.
  NAME(few_t) columns = {.vectors = g->n, .outputs = g->m, .k = g->k, .x = g->b, .x_vector = b_column, .x_k = b_k, .matrix = g->a, .stride = g->lda,
                         .c = g->c, .c_vector = 1, .c_output = g->ldc, .start = start, .start_vector = 1, .start_output = lds,
                         .relu = g->activation == CK_RELU};
  const int fits = (VL + MOST_DOTS) * g->k <= BLOCK_K * BLOCK_M;
  if (g->k == 1 && b_column == 1 && !rows.relu) NAME(few_outer)(&rows);
#if VL == 8
  else if (g->k >= 2 && g->k <= MOST_SHORT && g->m >= LEAST_SHORT_ROWS) NAME(few_short)(&rows, g->transposeB);
#endif
  else if (!g->transposeB && g->m <= MOST_ROWS) NAME(few_rows)(&rows);
  else if (g->transposeB && g->m <= MOST_DOTS && fits) NAME(few_dots)(&rows);
  else if (g->transposeA && ((g->n == 1 && g->ldc == 1 && lds <= 1) || (VL == 8 && g->n <= MOST_COLUMN_DOTS && g->m >= VL))) NAME(few_rows)(&columns);
  else if (!g->transposeA && g->n <= MOST_COLUMN_DOTS && fits) NAME(few_dots)(&columns);
  else return 0;
  return 1;
}
