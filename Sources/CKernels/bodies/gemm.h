// Matrix products.
//
// A tile of rows x (2 registers) of C stays in registers while k runs; each output is therefore accumulated in order of k,
// whatever the tile, the blocking or the level. Long k is cut into blocks: C is stored and loaded again in between, which
// changes no bit. A block of B is packed into a panel of consecutive rows when it is too large for the second cache and many
// rows of A use it; A is read where it lies, or packed if it is transposed and its rows would evict each other from the cache.
//
// The level defines: vec, VL, ROWS (rows of a full tile), v_load, v_load_n, v_store, v_store_n, v_splat, v_fma, v_relu.

#define WIDTH (2 * VL)
// Rows of a tile that is one register wide: with few registers in a full tile, twice as many, or its chains would not fill the pipeline.
#define NARROW_ROWS (VL == 8 ? 2 * ROWS : ROWS)
// Numbers between the tiles of a packed A, for each of their rows.
#define PACKED_GAP 2

static _Thread_local float NAME(panel_b)[BLOCK_K * WIDTH] __attribute__((aligned(64)));

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
  const float *from;   // the start values of this tile, or null
  long ldf;
  int relu;
  const float *soon;   // what later tiles touch: two lines of it are fetched into the cache at every second step
  long soon_stride;
} NAME(tile_t);

// One tile. `rows`, `registers` and `unit` are constants after inlining. With `unit` the rows of A are adjacent.
// B always has whole registers to load; only C may end inside one.
INLINE void NAME(tile)(const NAME(tile_t) *t, const int rows, const int registers, const int unit) {
  vec acc[NARROW_ROWS][2];
  const long edge = t->columns - (registers - 1) * VL;
  const int full = edge == VL;
  float *c = t->c;
  if (t->from) {
    const float *from = t->from;
    UNROLL for (int i = 0; i < rows; i++) {
      if (registers == 2) acc[i][0] = v_load(from + i * t->ldf);
      acc[i][registers - 1] = full ? v_load(from + i * t->ldf + (registers - 1) * VL) : v_load_n(from + i * t->ldf + (registers - 1) * VL, edge);
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
    // The compiler would derive an address for each row, run out of registers where one is the frame's, and spill values of C in every step.
    __asm__("" : "+r"(a0));
    if (rows > 3) __asm__("" : "+r"(a3));
    if (rows > 6) __asm__("" : "+r"(a6));
    if (rows > 9) __asm__("" : "+r"(a9));
    __builtin_prefetch(soon, 0, 2);
    __builtin_prefetch(soon + 16, 0, 2);
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

#define NARROW_CASE(r)                            \
  case r:                                         \
    if (unit) NAME(tile)(t, r, 1, 1);             \
    else NAME(tile)(t, r, 1, 0);                  \
    break;

#if VL == 8
// Apart from the others, so that these do not pay for the registers that it saves.
static __attribute__((noinline)) void NAME(run_narrow)(const NAME(tile_t) *t, int rows, int unit) {
  switch (rows) {
    NARROW_CASE(7)
    NARROW_CASE(8)
    NARROW_CASE(9)
    NARROW_CASE(10)
    NARROW_CASE(11)
    NARROW_CASE(12)
  }
}
#endif

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
#elif VL == 8
    default: NAME(run_narrow)(t, rows, unit);
#endif
  }
}

INLINE void NAME(nothing_ahead)(NAME(tile_t) *t) {
  t->soon = t->b;
  t->soon_stride = 0;
}

// Each of the first two tiles of a panel fetches half of the next panel of B, if there is one. Where B is small, C is what the
// cache lacks: then each tile fetches the rows of C that come after its own, unless it is over too soon for that.
INLINE void NAME(look_ahead)(NAME(tile_t) *t, const float *next, long stride, long tile, int rows, long rows_left) {
  NAME(nothing_ahead)(t);
  if (tile < 2 && next) {
    t->soon = next + tile * (t->k / 2) * stride;
    t->soon_stride = stride;
  } else if (rows_left * 2 > t->k && t->k >= 32) {
    t->soon = t->c + rows * t->ldc;
    t->soon_stride = t->ldc;
  }
}

// Rows [0, m) of C for the product of a block of A with a panel of B; the next panel lies at `next`. A packed A has its tiles one
// behind the other.
static void NAME(panel)(NAME(tile_t) *t, const float *next, long next_stride, long m, int packed, int unit, const float *a, long a_row,
                        float *c, const float *from) {
  long tiles = t->columns > VL || packed ? (m + ROWS - 1) / ROWS : (m + NARROW_ROWS - 1) / NARROW_ROWS, base = m / tiles, longer = m % tiles, row = 0;
  for (long i = 0; i < tiles; i++) {
    int rows = (int)(base + (i < longer));
    t->a = a + row * a_row;
    if (packed) t->k_stride = rows;
    t->c = c + row * t->ldc;
    t->from = from ? from + row * t->ldf : 0;
    NAME(look_ahead)(t, next, next_stride, i, rows, m - row - rows);
    NAME(run_tile)(t, rows, unit);
    row += rows;
  }
}

static _Thread_local float NAME(turned_tile)[VL * WIDTH] __attribute__((aligned(64)));

// C^T = B A^T: for few rows of C and a transposed B, so that only A is turned around; tiles are turned on the way out.
static void NAME(gemm_turned)(const ck_gemm_t *g) {
  float *tile = NAME(turned_tile);
  float *panels = NAME(panel_a);
  const float *start = g->accumulate ? g->c : g->start;
  const long lds = g->accumulate ? g->ldc : g->lds;
  for (long j0 = 0; j0 < g->m; j0 += WIDTH) {
    long columns = g->m - j0 < WIDTH ? g->m - j0 : WIDTH;
    float *panel = panels + j0 * g->k;
    if (columns < WIDTH) memset(panel, 0, (size_t)(g->k * WIDTH) * 4);
    NAME(turn)(g->a + j0 * g->lda, g->lda, columns, g->k, panel, WIDTH);
  }
  NAME(tile_t) t = {.row_stride = g->ldb, .k_stride = 1, .ldb = WIDTH, .c = tile, .ldc = WIDTH, .ldf = WIDTH, .k = g->k,
                    .relu = g->activation == CK_RELU};
  long tiles = (g->n + ROWS - 1) / ROWS, base = g->n / tiles, longer = g->n % tiles, row = 0;
  for (long i = 0; i < tiles; i++) {
    int rows = (int)(base + (i < longer));
    t.a = g->b + row * g->ldb;
    for (long j0 = 0; j0 < g->m; j0 += WIDTH) {
      long columns = g->m - j0 < WIDTH ? g->m - j0 : WIDTH;
      float *c = g->c + j0 * g->ldc + row;
      t.columns = columns <= VL ? VL : WIDTH;
      t.from = 0;
      if (start) {
        for (int r = 0; r < rows; r++)
          for (long j = 0; j < columns; j++) tile[r * WIDTH + j] = start[(j0 + j) * lds + row + r];
        t.from = tile;
      } else if (g->bias) {
        for (int r = 0; r < rows; r++)
          for (long j = 0; j < WIDTH; j++) tile[r * WIDTH + j] = g->bias[row + r];
        t.from = tile;
      }
      t.b = panels + j0 * g->k;
      NAME(nothing_ahead)(&t);
      // The first product with these rows of B fetches the next rows, which follow in memory.
      t.soon = t.a + (j0 == 0 ? rows * g->ldb : 0);
      t.soon_stride = j0 == 0 ? 32 : 0;
      NAME(run_tile)(&t, rows, 0);
      for (long j = 0; j < columns; j += VL) {
        vec r[VL];
        NAME(load_square)(tile + j, WIDTH, r, (ROWS + 3) / 4);
        UNROLL for (int l = 0; l < VL; l++)
          if (j + l < columns) v_store_n(c + (j + l) * g->ldc, r[l], rows);
      }
    }
    row += rows;
  }
}

// One panel of B, k0 ... k0 + kb, in consecutive rows of WIDTH numbers.
static void NAME(pack_panel)(const ck_gemm_t *g, long k0, long kb, long j0, long columns, float *panel) {
#if VL == 8
  if (!g->transposeB && columns < WIDTH) {
    const float *b = g->b + k0 * g->ldb + j0;
    if (columns > VL) {
      for (long p = 0; p < kb; p++) {
        v_store(panel + p * WIDTH, v_load(b + p * g->ldb));
        v_store(panel + p * WIDTH + VL, v_load_n(b + p * g->ldb + VL, columns - VL));
      }
    } else {
      for (long p = 0; p < kb; p++) v_store(panel + p * WIDTH, v_load_n(b + p * g->ldb, columns));
    }
    return;
  }
#endif
  if (columns < WIDTH) memset(panel, 0, (size_t)(kb * WIDTH) * 4);
  if (g->transposeB) {
    NAME(turn)(g->b + j0 * g->ldb + k0, g->ldb, columns, kb, panel, WIDTH);
    return;
  }
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

#if VL == 8
// Numbers in a block of A: more where a panel of B is dear, because it is turned around anew for each block.
#define BLOCK_NUMBERS(transposeB) ((transposeB) ? 192 * BLOCK_K : 126 * BLOCK_K)

// `count` tiles of `rows` rows, the values of one k adjacent. Tiles lie a gap further apart than they need to, because each register that is
// stored covers what comes behind it.
static void NAME(pack_tiles)(const float *a, long lda, long kb, long count, long rows, float *out) {
  for (long p = 0; p < kb; p++) {
    const float *in = a + p * lda;
    float *to = out + p * rows;
    for (long i = 0; i < count; i++) {
      v_store(to, v_load_n(in, rows));
      to += rows * (kb + PACKED_GAP);
      in += rows;
    }
  }
}

// One block of a transposed A. Eight tiles at a time take whole lines of it, and few enough for the first cache.
static void NAME(pack_block)(const float *a, long lda, long m, long kb, float *out) {
  const long tiles = (m + ROWS - 1) / ROWS, base = m / tiles, longer = m % tiles;
  for (long i = 0; i < tiles;) {
    const long rows = base + (i < longer), end = i < longer ? longer : tiles, count = end - i < 8 ? end - i : 8;
    NAME(pack_tiles)(a, lda, kb, count, rows, out);
    a += count * rows;
    out += count * rows * (kb + PACKED_GAP);
    i += count;
  }
}
#endif

static void NAME(product)(const ck_gemm_t *g) {
  // Blocks of nearly equal length. Without any k there is still one block, which writes the start values.
  const long blocks = (g->k + BLOCK_K - 1) / BLOCK_K;
  const long block_k = blocks > 1 ? ((g->k + blocks - 1) / blocks + 15) & ~15 : BLOCK_K;
  // A panel of B is worth packing when many tiles use it and a block of B would not stay in the second cache, or when k is so short
  // that stores to C keep meeting loads from B at the same place within a page.
#if VL == 8
  // Small caches: of A as much as leaves room for a panel of B and for C, in blocks of nearly equal height. A transposed A is packed where a
  // column of tiles, of each line of which a tile uses less than half, does not stay in the first cache.
  const long row_blocks = (g->m * (g->k < block_k ? g->k : block_k) + BLOCK_NUMBERS(g->transposeB) - 1) / BLOCK_NUMBERS(g->transposeB) + (g->k == 0);
  const long block_m = (g->m + row_blocks * ROWS - 1) / (row_blocks * ROWS) * ROWS;
  const int pack = g->m >= 4 * ROWS && (g->k < 32 || g->ldb * block_k > 1 << 16);
  const int pack_a = g->transposeA && g->k > 16 && g->n >= (CROWDED(g->lda) ? 4 : 8) * WIDTH && (g->lda % 256 == 0 || g->lda * block_k > 1 << 14);
#else
  const long block_m = BLOCK_M;
  const int pack = (g->m >= 16 * ROWS && g->ldb * block_k > 1 << 17) || (g->m >= 4 * ROWS && g->k < 32);
  const int pack_a = 0;
#endif
  const float *start = g->accumulate ? g->c : g->start;
  const long lds = g->accumulate ? g->ldc : g->lds;
  const long a_row = g->transposeA ? 1 : g->lda, a_k = g->transposeA ? g->lda : 1;
  for (long k0 = 0; k0 < g->k || k0 == 0; k0 += block_k) {
    long kb = g->k - k0 < block_k ? g->k - k0 : block_k;
    int first = k0 == 0, last = k0 + kb >= g->k;
    for (long m0 = 0; m0 < g->m; m0 += block_m) {
      long mb = g->m - m0 < block_m ? g->m - m0 : block_m;
      const float *a = g->a + m0 * a_row + k0 * a_k;
#if VL == 8
      if (pack_a) NAME(pack_block)(a, g->lda, mb, kb, NAME(panel_a));
#endif
      for (long j0 = 0; j0 < g->n; j0 += WIDTH) {
        long columns = g->n - j0 < WIDTH ? g->n - j0 : WIDTH;
        NAME(tile_t) t = {.row_stride = a_row, .k_stride = a_k, .k = kb, .columns = columns, .ldc = g->ldc, .ldf = first ? lds : g->ldc,
                          .start = first && g->bias ? g->bias + j0 : 0, .relu = last && g->activation == CK_RELU};
        const float *b = g->b + k0 * g->ldb + j0, *next = 0;
        if (pack || g->transposeB || columns < WIDTH) {
          NAME(pack_panel)(g, k0, kb, j0, columns, NAME(panel_b));
          t.b = NAME(panel_b);
          t.ldb = WIDTH;
        } else {
          t.b = b;
          t.ldb = g->ldb;
        }
        if (pack && !g->transposeB && g->n - j0 >= 2 * WIDTH) next = b + WIDTH;
        float *c = g->c + m0 * g->ldc + j0;
        const float *from = !first ? c : start ? start + m0 * lds + j0 : 0;
        NAME(panel)(&t, next, g->ldb, mb, pack_a, g->transposeA, pack_a ? NAME(panel_a) : a, pack_a ? kb + PACKED_GAP : a_row,
                    c, from);
      }
    }
  }
}

#define TURNED_ROWS 128
#define TURNED_NUMBERS (BLOCK_K * BLOCK_M)

// Whether to turn A and C around rather than a transposed B: the numbers of B against those of A and, twice as dear, of C.
static int NAME(turn_a)(const ck_gemm_t *g) {
  const long m = (g->m + WIDTH - 1) / WIDTH * WIDTH;
  return g->transposeB && !g->transposeA && m <= TURNED_ROWS && m * g->k <= TURNED_NUMBERS && g->k * g->n > 2 * m * g->n + m * g->k;
}

static void NAME(gemm)(const ck_gemm_t *g) {
  if (g->m <= 0 || g->n <= 0) return;
  if (!NAME(gemv)(g)) {
    if (NAME(turn_a)(g)) NAME(gemm_turned)(g);
    else NAME(product)(g);
  }
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
