// Matrix products.
//
// A tile of rows x (2 registers) of C stays in registers while k runs; each output is therefore accumulated in order of k,
// whatever the tile, the blocking or the level. Long k is cut into blocks: C is stored and loaded again in between, which
// changes no bit. A block of B is packed into a panel of consecutive rows when enough rows of A use it; A is packed when
// its stride would make its rows evict each other from the cache.
//
// The level defines: vec, VL, ROWS (rows of a full tile), v_load, v_load_n, v_store, v_store_n, v_splat, v_fma, v_relu.

#define UNROLL _Pragma("clang loop unroll(full)")
#define WIDTH (2 * VL)
#define BLOCK_K 256
#define BLOCK_M 768

static _Thread_local float NAME(panel_b)[BLOCK_K * 32] __attribute__((aligned(64)));
static _Thread_local float NAME(panel_a)[BLOCK_K * (BLOCK_M + 16)] __attribute__((aligned(64)));

typedef struct {
  const float *a;
  long row_stride;   // between rows of the tile
  long k_stride;     // between values of k
  const float *b;
  long ldb;
  float *c;
  long ldc;
  long k, columns;   // columns of this panel that exist: 1 ... WIDTH
  const float *start;  // bias of this panel, or null
  int load_c, relu;
  const float *soon;   // what later tiles read: a line of it is fetched into the cache at every second step
  long soon_stride;
  const float *next;   // the next panel of B, or null
  long next_stride;
} NAME(tile_t);

// One tile. `rows`, `registers` and `unit` are constants after inlining. With `unit` the rows of A are adjacent.
// B always has whole registers to load; only C may end inside one.
INLINE void NAME(tile)(const NAME(tile_t) *t, const int rows, const int registers, const int unit) {
  vec acc[ROWS][2];
  const long edge = t->columns - (registers - 1) * VL;
  const int full = edge == VL;
  float *c = t->c;
  if (t->load_c) {
    UNROLL for (int i = 0; i < rows; i++) {
      if (registers == 2) acc[i][0] = v_load(c + i * t->ldc);
      acc[i][registers - 1] = full ? v_load(c + i * t->ldc + (registers - 1) * VL) : v_load_n(c + i * t->ldc + (registers - 1) * VL, edge);
    }
  } else if (t->start) {
    vec s0 = registers == 2 ? v_load(t->start) : v_splat(0);
    vec s1 = full ? v_load(t->start + (registers - 1) * VL) : v_load_n(t->start + (registers - 1) * VL, edge);
    UNROLL for (int i = 0; i < rows; i++) {
      if (registers == 2) acc[i][0] = s0;
      acc[i][registers - 1] = s1;
    }
  } else {
    UNROLL for (int i = 0; i < rows; i++) acc[i][0] = acc[i][registers - 1] = v_splat(0);
  }

  const float *b = t->b, *soon = t->soon;
  const long soon_stride = t->soon_stride;
  const long ldb = t->ldb, k = t->k, stride = t->row_stride, step = unit ? t->k_stride : 1;
  // Every third row has a pointer of its own; the others are reached by one and two strides, which x86 addresses for free.
  const float *a0 = t->a, *a3 = a0 + 3 * stride, *a6 = a0 + 6 * stride, *a9 = a0 + 9 * stride;
#define VALUE(i) (unit ? a0[i] : (i) < 3 ? a0[(i) * stride] : (i) < 6 ? a3[((i) - 3) * stride] : (i) < 9 ? a6[((i) - 6) * stride] : a9[((i) - 9) * stride])
#define STEP                                                               \
  do {                                                                     \
    vec b0 = v_load(b), b1 = registers == 2 ? v_load(b + VL) : b0;         \
    UNROLL for (int i = 0; i < rows; i++) {                                \
      vec x = v_splat(VALUE(i));                                           \
      acc[i][0] = v_fma(x, b0, acc[i][0]);                                 \
      if (registers == 2) acc[i][1] = v_fma(x, b1, acc[i][1]);             \
    }                                                                      \
    b += ldb;                                                              \
    a0 += step;                                                            \
    if (!unit) a3 += 1, a6 += 1, a9 += 1;                                  \
  } while (0)
  long p = 0;
  for (; p + 2 <= k; p += 2) {
    __builtin_prefetch(soon, 0, 2);
    soon += soon_stride;
    STEP;
    STEP;
  }
  if (p < k) STEP;
#undef STEP
#undef VALUE

  UNROLL for (int i = 0; i < rows; i++) {
    vec x0 = acc[i][0], x1 = acc[i][registers - 1];
    if (t->relu) x0 = v_relu(x0), x1 = v_relu(x1);
    if (registers == 2) v_store(c + i * t->ldc, x0);
    if (full) v_store(c + i * t->ldc + (registers - 1) * VL, x1);
    else v_store_n(c + i * t->ldc + (registers - 1) * VL, x1, edge);
  }
}

#define TILE_CASE(r)                                              \
  case r:                                                         \
    if (unit) {                                                   \
      if (t->columns > VL) NAME(tile)(t, r, 2, 1);                \
      else NAME(tile)(t, r, 1, 1);                                \
    } else {                                                      \
      if (t->columns > VL) NAME(tile)(t, r, 2, 0);                \
      else NAME(tile)(t, r, 1, 0);                                \
    }                                                             \
    break;

static void NAME(run_tile)(const NAME(tile_t) *t, int rows, int unit) {
  switch (rows) {
    TILE_CASE(1)
    TILE_CASE(2)
    TILE_CASE(3)
    TILE_CASE(4)
#if ROWS >= 6
    TILE_CASE(5)
    TILE_CASE(6)
#endif
#if ROWS >= 12
    TILE_CASE(7)
    TILE_CASE(8)
    TILE_CASE(9)
    TILE_CASE(10)
    TILE_CASE(11)
    TILE_CASE(12)
#endif
  }
}

// A block of 16 x 16 numbers turned around in registers: out[j * out_stride + i] = in[i * in_stride + j].
INLINE void NAME(turn16)(const float *in, long in_stride, float *out, long out_stride) {
  v16 r[16], t[16];
  UNROLL for (int i = 0; i < 16; i++) r[i] = load16(in + i * in_stride);
  // Four rounds of a perfect shuffle of the rows: the bits of the row number change places with those of the lane.
  UNROLL for (int round = 0; round < 4; round++) {
    UNROLL for (int i = 0; i < 8; i++) {
      t[2 * i] = __builtin_shufflevector(r[i], r[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      t[2 * i + 1] = __builtin_shufflevector(r[i], r[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
    UNROLL for (int i = 0; i < 16; i++) r[i] = t[i];
  }
  UNROLL for (int i = 0; i < 16; i++) store16(out + i * out_stride, r[i]);
}

// out[j * out_stride + i] = in[i * in_stride + j] for i < rows, j < columns.
static void NAME(turn)(const float *in, long in_stride, long rows, long columns, float *out, long out_stride) {
  long i = 0;
  for (; i + 16 <= rows; i += 16) {
    long j = 0;
    for (; j + 16 <= columns; j += 16) NAME(turn16)(in + i * in_stride + j, in_stride, out + j * out_stride + i, out_stride);
    for (; j < columns; j++)
      for (long l = i; l < i + 16; l++) out[j * out_stride + l] = in[l * in_stride + j];
  }
  for (; i < rows; i++)
    for (long j = 0; j < columns; j++) out[j * out_stride + i] = in[i * in_stride + j];
}

// out[p * rows + r] = in[r * in_stride + p]: a tile of at most 16 rows of A, so that its values of one k are adjacent.
static void NAME(pack_rows)(const float *in, long in_stride, long rows, long k, float *out) {
  float square[256] __attribute__((aligned(64)));
  long p = 0;
  for (; p + 16 <= k; p += 16) {
    // Rows beyond the last are read from the last: what they give is overwritten by the next column.
    v16 r[16];
    UNROLL for (int i = 0; i < 16; i++) r[i] = load16(in + (i < rows ? i : rows - 1) * in_stride + p);
    UNROLL for (int i = 0; i < 16; i++) *(v16 *)(square + 16 * i) = r[i];
    NAME(turn16)(square, 16, square, 16);
    for (int i = 0; i < 16; i++) store16n(out + (p + i) * rows, *(const v16 *)(square + 16 * i), rows);
  }
  for (; p < k; p++)
    for (long r = 0; r < rows; r++) out[p * rows + r] = in[r * in_stride + p];
}

// Each of the first tiles of a panel fetches a share of the next panel: half of its rows, one line of each.
INLINE void NAME(fetch)(NAME(tile_t) *t, long tile) {
  const int useful = t->next && tile < 2 * WIDTH / 16;
  t->soon = useful ? t->next + (tile & 1) * (t->k / 2) * t->next_stride + (tile >> 1) * 16 : t->b;
  t->soon_stride = useful ? t->next_stride : 0;
}

// Rows [0, m) of C for the product of a block of A with a panel of B.
static void NAME(panel)(NAME(tile_t) *t, long m, int unit, const float *a, long a_row, float *c) {
  long tiles = (m + ROWS - 1) / ROWS, base = m / tiles, longer = m % tiles, row = 0;
  for (long i = 0; i < tiles; i++) {
    int rows = (int)(base + (i < longer));
    t->a = a + row * a_row;
    t->c = c + row * t->ldc;
    NAME(fetch)(t, i);
    NAME(run_tile)(t, rows, unit);
    row += rows;
  }
}

#define TURNED_ROWS 128
// Rows beyond a tile's last are turned with it and never stored.
static _Thread_local float NAME(turned_tile)[16 * WIDTH] __attribute__((aligned(64)));
#define TURNED_NUMBERS (BLOCK_K * BLOCK_M)

// C^T = B A^T: for few rows of C and a transposed B, so that only A is turned around; tiles are turned on the way out.
static void NAME(gemm_turned)(const ck_gemm_t *g) {
  float *tile = NAME(turned_tile);
  float square[256] __attribute__((aligned(64)));
  float *panels = NAME(panel_a);
  for (long j0 = 0; j0 < g->m; j0 += WIDTH) {
    long columns = g->m - j0 < WIDTH ? g->m - j0 : WIDTH;
    float *panel = panels + j0 * g->k;
    if (columns < WIDTH) memset(panel, 0, (size_t)(g->k * WIDTH) * 4);
    NAME(turn)(g->a + j0 * g->lda, g->lda, columns, g->k, panel, WIDTH);
  }
  NAME(tile_t) t = {.row_stride = g->ldb, .k_stride = 1, .ldb = WIDTH, .c = tile, .ldc = WIDTH, .k = g->k, .columns = WIDTH, .load_c = 1,
                    .relu = g->activation == CK_RELU};
  long tiles = (g->n + ROWS - 1) / ROWS, base = g->n / tiles, longer = g->n % tiles, row = 0;
  for (long i = 0; i < tiles; i++) {
    int rows = (int)(base + (i < longer));
    t.a = g->b + row * g->ldb;
    t.soon = t.a + rows * g->ldb;
    t.soon_stride = 0;
    for (long j0 = 0; j0 < g->m; j0 += WIDTH) {
      long columns = g->m - j0 < WIDTH ? g->m - j0 : WIDTH;
      float *c = g->c + j0 * g->ldc + row;
      if (g->accumulate) {
        for (int r = 0; r < rows; r++)
          for (long j = 0; j < columns; j++) tile[r * WIDTH + j] = c[j * g->ldc + r];
      } else {
        t.load_c = g->bias != 0;
        for (int r = 0; r < rows && g->bias; r++)
          for (long j = 0; j < WIDTH; j++) tile[r * WIDTH + j] = g->bias[row + r];
      }
      t.b = panels + j0 * g->k;
      NAME(run_tile)(&t, rows, 0);
      for (long j = 0; j < columns; j += 16) {
        NAME(turn16)(tile + j, WIDTH, square, 16);
        for (long l = 0; l < 16 && j + l < columns; l++) store16n(c + (j + l) * g->ldc, *(const v16 *)(square + 16 * l), rows);
      }
    }
    row += rows;
  }
}

static void NAME(product)(const ck_gemm_t *g) {
  // A panel of B is worth packing when many tiles use it, and must be packed when it is turned around or not of full width.
  const int many_rows = g->m >= 4 * ROWS;
  // A is packed when its rows would not stay in the first cache while the panels of B pass, unless few panels do.
  const long strips = g->transposeA ? g->k : g->m < BLOCK_M ? g->m : BLOCK_M;
  const int far_apart = g->lda % 256 == 0 && strips > 8;
  const int large = strips * (g->transposeA ? g->m : g->k) > 6144;
  const int pack_a = (far_apart && g->n >= 4 * WIDTH) || (large && g->n >= 8 * WIDTH) || (g->transposeA && (large || far_apart) && g->n > WIDTH);
  // With few rows a shorter block lets A stay in the first cache beside the panel.
  const long block_k = g->m <= 8 * ROWS ? BLOCK_K / 2 : BLOCK_K;
  for (long k0 = 0; k0 < g->k || k0 == 0; k0 += block_k) {
    long kb = g->k - k0 < block_k ? g->k - k0 : block_k;
    int first = k0 == 0, last = k0 + kb >= g->k;
    for (long m0 = 0; m0 < g->m; m0 += BLOCK_M) {
      long mb = g->m - m0 < BLOCK_M ? g->m - m0 : BLOCK_M;
      const float *a = g->transposeA ? g->a + k0 * g->lda + m0 : g->a + m0 * g->lda + k0;
      long tiles = (mb + ROWS - 1) / ROWS, base = mb / tiles, longer = mb % tiles;
      if (pack_a) {
        long row = 0;
        for (long i = 0; i < tiles; i++) {
          long rows = base + (i < longer);
          float *out = NAME(panel_a) + row * kb;
          if (g->transposeA) {
            for (long p = 0; p < kb; p++) store16n(out + p * rows, load16n(a + p * g->lda + row, rows), rows);
          } else {
            NAME(pack_rows)(a + row * g->lda, g->lda, rows, kb, out);
          }
          row += rows;
        }
      }
      for (long j0 = 0; j0 < g->n; j0 += WIDTH) {
        long columns = g->n - j0 < WIDTH ? g->n - j0 : WIDTH;
        NAME(tile_t) t = {.k = kb, .columns = columns, .ldc = g->ldc, .start = first && g->bias ? g->bias + j0 : 0,
                          .load_c = !first || g->accumulate, .relu = last && g->activation == CK_RELU};
        if (many_rows || g->transposeB || columns < WIDTH) {
          float *panel = NAME(panel_b);
          if (columns < WIDTH) memset(panel, 0, (size_t)(kb * WIDTH) * 4);
          if (g->transposeB) {
            NAME(turn)(g->b + j0 * g->ldb + k0, g->ldb, columns, kb, panel, WIDTH);
          } else {
            const float *b = g->b + k0 * g->ldb + j0;
            if (columns == WIDTH) {
              for (long p = 0; p < kb; p++) {
                v_store(panel + p * WIDTH, v_load(b + p * g->ldb));
                v_store(panel + p * WIDTH + VL, v_load(b + p * g->ldb + VL));
              }
            } else {
              for (long p = 0; p < kb; p++) memcpy(panel + p * WIDTH, b + p * g->ldb, (size_t)columns * 4);
            }
          }
          t.b = panel;
          t.ldb = WIDTH;
        } else {
          t.b = g->b + k0 * g->ldb + j0;
          t.ldb = g->ldb;
        }
        const float *next = g->transposeB ? g->b + (j0 + WIDTH) * g->ldb + k0 : g->b + k0 * g->ldb + j0 + WIDTH;
        const int more = j0 + 2 * WIDTH <= g->n && !g->transposeB;
        t.next = more ? next : 0;
        t.next_stride = g->ldb;
        float *c = g->c + m0 * g->ldc + j0;
        if (pack_a) {
          long row = 0;
          for (long i = 0; i < tiles; i++) {
            long rows = base + (i < longer);
            t.a = NAME(panel_a) + row * kb;
            t.k_stride = rows;
            t.c = c + row * g->ldc;
            NAME(fetch)(&t, i);
            NAME(run_tile)(&t, (int)rows, 1);
            row += rows;
          }
        } else if (g->transposeA) {
          t.k_stride = g->lda;
          NAME(panel)(&t, mb, 1, a, 1, c);
        } else {
          t.row_stride = g->lda;
          NAME(panel)(&t, mb, 0, a, g->lda, c);
        }
      }
    }
  }
}

static void NAME(gemm)(const ck_gemm_t *g) {
  if (g->m <= 0 || g->n <= 0) return;
  const int few_rows = g->m <= TURNED_ROWS && (g->m + WIDTH) * g->k <= TURNED_NUMBERS;
  if (g->transposeB && !g->transposeA && few_rows && g->k > 0) NAME(gemm_turned)(g);
  else NAME(product)(g);
  if (g->activation == CK_TANH || g->activation == CK_SIGMOID)
    for (long i = 0; i < g->m; i++) NAME(unary)(g->activation == CK_TANH ? CK_TANH_OF : CK_SIGMOID_OF, g->n, g->c + i * g->ldc, g->c + i * g->ldc);
}

// Independent chains of fused multiply-adds in as many registers as the level has to spare.
static double NAME(peak)(long rounds) {
  vec acc[PEAK_CHAINS], x = v_splat(0.999f), y = v_splat(1e-3f);
  UNROLL for (int i = 0; i < PEAK_CHAINS; i++) acc[i] = v_splat((float)i * 1e-3f);
  for (long r = 0; r < rounds; r++) {
    UNROLL for (int i = 0; i < PEAK_CHAINS; i++) acc[i] = v_fma(acc[i], x, y);
  }
  float out[VL];
  vec s = acc[0];
  UNROLL for (int i = 1; i < PEAK_CHAINS; i++) s = s + acc[i];
  v_store(out, s);
  static volatile float sink;
  sink = out[0];
  (void)sink;
  return (double)rounds * PEAK_CHAINS * VL * 2;
}
