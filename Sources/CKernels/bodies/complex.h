// Many small complex matrices at once, in double precision: the matrix is the lane, loops over rows and columns stand outside.
//
// Lanes never meet and nothing is fused, so the width of a register changes no bit: each level uses its own, which keeps the tiles in
// registers. Matrices are gathered into a packed block first: in the planes their elements lie a whole stride apart, and strides of
// many pages would fall on few sets of the cache.

#if CK_MASKS == 512
#define DL 8
#elif CK_MASKS == 256
#define DL 4
#else
#define DL 2
#endif
// Columns that a triangular solve carries in registers.
#define SOLVED (DL == 8 ? 4 : 2)

typedef double dv __attribute__((vector_size(8 * DL)));
typedef int64_t dmask __attribute__((vector_size(8 * DL)));
// One element of DL matrices.
typedef struct {
  dv re, im;
} cv;

INLINE dv pick_d(dmask mask, dv x, dv y) { return (dv)(((dmask)x & mask) | ((dmask)y & ~mask)); }

// s + a b, s + a conj(b), s - a b, s - a conj(b), s - conj(a) b; the real product before the imaginary one.
INLINE cv c_add(cv s, cv a, cv b) {
  return (cv){(s.re + a.re * b.re) - a.im * b.im, (s.im + a.re * b.im) + a.im * b.re};
}
INLINE cv c_add_conjugate(cv s, cv a, cv b) {
  return (cv){(s.re + a.re * b.re) + a.im * b.im, (s.im + a.im * b.re) - a.re * b.im};
}
INLINE cv c_subtract(cv s, cv a, cv b) {
  return (cv){(s.re - a.re * b.re) + a.im * b.im, (s.im - a.re * b.im) - a.im * b.re};
}
INLINE cv c_subtract_conjugate(cv s, cv a, cv b) {
  return (cv){(s.re - a.re * b.re) - a.im * b.im, (s.im - a.im * b.re) + a.re * b.im};
}
INLINE cv c_scale(cv a, dv s) { return (cv){a.re * s, a.im * s}; }
INLINE cv c_conjugate(cv a) { return (cv){a.re, -a.im}; }

INLINE cv c_load(const double *re, const double *im) { return (cv){*(const dv *)re, *(const dv *)im}; }
INLINE void c_store(double *re, double *im, cv x) {
  *(dv *)re = x.re;
  *(dv *)im = x.im;
}

// DL matrices, or their conjugate transposes, from the planes into a packed block in row-major order; and back.
static void NAME(gather)(ck_planes_t a, long stride, long m, int adjoint, cv *out) {
  const double *re = a.re + m, *im = a.im + m;
  if (!adjoint) {
    for (long e = 0; e < a.rows * a.columns; e++) out[e] = c_load(re + e * stride, im + e * stride);
    return;
  }
  for (long r = 0; r < a.rows; r++)
    for (long c = 0; c < a.columns; c++, re += stride, im += stride) out[c * a.rows + r] = c_conjugate(c_load(re, im));
}

// Matrices outside the mask become NaN as a whole.
static void NAME(spread)(const cv *in, ck_planes_t a, long stride, long m, int adjoint, dmask good) {
  double *re = a.re + m, *im = a.im + m;
  const dv none = (dv){} + __builtin_nan("");
  for (long r = 0; r < a.rows; r++) {
    const cv *from = adjoint ? in + r : in + r * a.columns;
    const long step = adjoint ? a.rows : 1;
    for (long c = 0; c < a.columns; c++, re += stride, im += stride, from += step) {
      cv x = adjoint ? c_conjugate(*from) : *from;
      c_store(re, im, (cv){pick_d(good, x.re, none), pick_d(good, x.im, none)});
    }
  }
}

INLINE void c_flags(uint8_t *flags, long m, long count, dmask good) {
  for (long l = 0; l < DL; l++)
    if (m + l < count) flags[m + l] = good[l] != 0;
}

// A tile of a product: rows of a (k apart) times columns of b (n apart), accumulated in order of k.
INLINE void c_product_tile(const int rows, const int columns, long k, long n, const cv *a, const cv *b, double *re, double *im, long stride) {
  cv s[rows][columns];
  UNROLL for (int i = 0; i < rows; i++) UNROLL for (int j = 0; j < columns; j++) s[i][j] = (cv){};
  for (long p = 0; p < k; p++) {
    UNROLL for (int i = 0; i < rows; i++)
      UNROLL for (int j = 0; j < columns; j++) s[i][j] = c_add(s[i][j], a[i * k + p], b[p * n + j]);
  }
  UNROLL for (int i = 0; i < rows; i++)
    UNROLL for (int j = 0; j < columns; j++) c_store(re + (i * n + j) * stride, im + (i * n + j) * stride, s[i][j]);
}

static void NAME(complex_product)(long count, long stride, ck_planes_t a, int adjointA, ck_planes_t b, int adjointB, ck_planes_t c, double *scratch) {
  const long rows = c.rows, columns = c.columns, k = adjointA ? a.rows : a.columns;
  cv *left = (cv *)scratch, *right = left + rows * k;
  for (long m = 0; m < count; m += DL) {
    NAME(gather)(a, stride, m, adjointA, left);
    NAME(gather)(b, stride, m, adjointB, right);
    for (long i = 0; i < rows; i += 2) {
      const cv *row = left + i * k;
      double *re = c.re + m + i * columns * stride, *im = c.im + m + i * columns * stride;
      long j = 0;
      if (rows - i >= 2) {
        for (; j + 2 <= columns; j += 2) c_product_tile(2, 2, k, columns, row, right + j, re + j * stride, im + j * stride, stride);
        if (j < columns) c_product_tile(2, 1, k, columns, row, right + j, re + j * stride, im + j * stride, stride);
      } else {
        for (; j + 2 <= columns; j += 2) c_product_tile(1, 2, k, columns, row, right + j, re + j * stride, im + j * stride, stride);
        if (j < columns) c_product_tile(1, 1, k, columns, row, right + j, re + j * stride, im + j * stride, stride);
      }
    }
  }
}

INLINE dv c_squares(dv s, cv a) { return (s + a.re * a.re) + a.im * a.im; }

INLINE void c_gram_tile(const int rows, const int columns, long k, long n, const cv *a, const cv *b, cv *g) {
  cv s[rows][columns];
  UNROLL for (int i = 0; i < rows; i++) UNROLL for (int j = 0; j < columns; j++) s[i][j] = (cv){};
  for (long p = 0; p < k; p++) {
    UNROLL for (int i = 0; i < rows; i++)
      UNROLL for (int j = 0; j < columns; j++) s[i][j] = c_add_conjugate(s[i][j], a[i * k + p], b[j * k + p]);
  }
  UNROLL for (int i = 0; i < rows; i++) UNROLL for (int j = 0; j < columns; j++) g[i * n + j] = s[i][j];
}

// The lower half of B B^H for B of n rows and k columns; its diagonal is real.
static void NAME(gram_lower)(long n, long k, const cv *b, cv *g) {
  for (long i = 0; i < n; i += 2) {
    const cv *row = b + i * k;
    if (n - i >= 2) {
      for (long j = 0; j < i; j += 2) c_gram_tile(2, 2, k, n, row, b + j * k, g + i * n + j);
      dv s0 = {}, s1 = {};
      cv s = {};
      for (long p = 0; p < k; p++) {
        s0 = c_squares(s0, row[p]);
        s1 = c_squares(s1, row[k + p]);
        s = c_add_conjugate(s, row[k + p], row[p]);
      }
      g[i * n + i] = (cv){s0};
      g[(i + 1) * n + i] = s;
      g[(i + 1) * n + i + 1] = (cv){s1};
    } else {
      for (long j = 0; j < i; j += 2) c_gram_tile(1, 2, k, n, row, b + j * k, g + i * n + j);
      dv s0 = {};
      for (long p = 0; p < k; p++) s0 = c_squares(s0, row[p]);
      g[i * n + i] = (cv){s0};
    }
  }
}

static void NAME(mirror)(long n, cv *g) {
  for (long i = 0; i < n; i++)
    for (long j = 0; j < i; j++) g[j * n + i] = c_conjugate(g[i * n + j]);
}

static void NAME(complex_gram)(long count, long stride, ck_planes_t a, int adjoint, ck_planes_t g, double *scratch) {
  const long n = g.rows, k = adjoint ? a.rows : a.columns;
  cv *b = (cv *)scratch, *block = b + n * k;
  for (long m = 0; m < count; m += DL) {
    NAME(gather)(a, stride, m, adjoint, b);
    NAME(gram_lower)(n, k, b, block);
    NAME(mirror)(n, block);
    NAME(spread)(block, g, stride, m, 0, ~(dmask){});
  }
}

// Column j of the factor in some rows from `li` on, where `lj` is row j.
INLINE void c_factor_rows(const int rows, long n, long j, const cv *lj, cv *li, dv scale) {
  cv s[rows];
  UNROLL for (int i = 0; i < rows; i++) s[i] = li[i * n + j];
  for (long k = 0; k < j; k++) {
    UNROLL for (int i = 0; i < rows; i++) s[i] = c_subtract_conjugate(s[i], li[i * n + k], lj[k]);
  }
  UNROLL for (int i = 0; i < rows; i++) li[i * n + j] = c_scale(s[i], scale);
}

// The Cholesky factor in place of the lower half, with the reciprocals of its diagonal. A pivot must exceed `tolerance` times the
// diagonal element that it comes from and be finite; elsewhere the matrix fails, and 1 takes the pivot's place.
static dmask NAME(factor)(long n, cv *g, dv *reciprocal, double tolerance) {
  dmask good = ~(dmask){};
  const dv one = (dv){} + 1.0;
  for (long j = 0; j < n; j++) {
    cv *row = g + j * n;
    dv d = row[j].re, limit = d * tolerance;
    for (long k = 0; k < j; k++) d = (d - row[k].re * row[k].re) - row[k].im * row[k].im;
    dmask pass = (d > limit) & (d < (dv){} + __builtin_inf());
    good &= pass;
    dv root = __builtin_elementwise_sqrt(pick_d(pass, d, one));
    reciprocal[j] = one / root;
    row[j] = (cv){root};
    long i = j + 1;
    for (; i + 2 <= n; i += 2) c_factor_rows(2, n, j, row, g + i * n, reciprocal[j]);
    if (i < n) c_factor_rows(1, n, j, row, g + i * n, reciprocal[j]);
  }
  return good;
}

static void NAME(complex_cholesky)(long count, long stride, ck_planes_t a, ck_planes_t l, uint8_t *flags, double *scratch) {
  const long n = a.rows;
  cv *g = (cv *)scratch;
  dv *reciprocal = (dv *)(g + n * n);
  for (long m = 0; m < count; m += DL) {
    NAME(gather)(a, stride, m, 0, g);
    dmask good = NAME(factor)(n, g, reciprocal, 0);
    for (long i = 0; i < n; i++)
      for (long j = i + 1; j < n; j++) g[i * n + j] = (cv){};
    NAME(spread)(g, l, stride, m, 0, good);
    c_flags(flags, m, count, good);
  }
}

// Some columns of L L^H X = B in place of B (of `width` columns): L Y = B downwards, then L^H X = Y upwards.
INLINE void c_solve_columns(const int columns, long n, long width, const cv *l, const dv *reciprocal, cv *x) {
  for (long i = 0; i < n; i++) {
    cv s[columns];
    UNROLL for (int c = 0; c < columns; c++) s[c] = x[i * width + c];
    for (long k = 0; k < i; k++) {
      UNROLL for (int c = 0; c < columns; c++) s[c] = c_subtract(s[c], l[i * n + k], x[k * width + c]);
    }
    UNROLL for (int c = 0; c < columns; c++) x[i * width + c] = c_scale(s[c], reciprocal[i]);
  }
  for (long i = n - 1; i >= 0; i--) {
    cv s[columns];
    UNROLL for (int c = 0; c < columns; c++) s[c] = x[i * width + c];
    for (long k = i + 1; k < n; k++) {
      UNROLL for (int c = 0; c < columns; c++) s[c] = c_subtract_conjugate(s[c], x[k * width + c], l[k * n + i]);
    }
    UNROLL for (int c = 0; c < columns; c++) x[i * width + c] = c_scale(s[c], reciprocal[i]);
  }
}

// The same for four rows, which stay in registers from the first substitution to the last.
INLINE void c_solve_four(const int columns, long width, const cv *l, const dv *reciprocal, cv *x) {
  cv s[4][columns];
  UNROLL for (int i = 0; i < 4; i++) {
    UNROLL for (int c = 0; c < columns; c++) s[i][c] = x[i * width + c];
    UNROLL for (int k = 0; k < i; k++)
      UNROLL for (int c = 0; c < columns; c++) s[i][c] = c_subtract(s[i][c], l[i * 4 + k], s[k][c]);
    UNROLL for (int c = 0; c < columns; c++) s[i][c] = c_scale(s[i][c], reciprocal[i]);
  }
  UNROLL for (int i = 3; i >= 0; i--) {
    UNROLL for (int k = i + 1; k < 4; k++)
      UNROLL for (int c = 0; c < columns; c++) s[i][c] = c_subtract_conjugate(s[i][c], s[k][c], l[k * 4 + i]);
    UNROLL for (int c = 0; c < columns; c++) {
      s[i][c] = c_scale(s[i][c], reciprocal[i]);
      x[i * width + c] = s[i][c];
    }
  }
}

static void NAME(solve_factored)(long n, long width, const cv *l, const dv *reciprocal, cv *x) {
  long c = 0;
  if (n == 4) {
    for (; c + 2 <= width; c += 2) c_solve_four(2, width, l, reciprocal, x + c);
    if (c < width) c_solve_four(1, width, l, reciprocal, x + c);
    return;
  }
  for (; c + SOLVED <= width; c += SOLVED) c_solve_columns(SOLVED, n, width, l, reciprocal, x + c);
  for (; c < width; c++) c_solve_columns(1, n, width, l, reciprocal, x + c);
}

static void NAME(complex_solve)(long count, long stride, ck_planes_t l, ck_planes_t b, ck_planes_t x, double *scratch) {
  const long n = l.rows, width = b.columns;
  cv *factor = (cv *)scratch, *block = factor + n * n;
  dv *reciprocal = (dv *)(block + n * width);
  for (long m = 0; m < count; m += DL) {
    NAME(gather)(l, stride, m, 0, factor);
    NAME(gather)(b, stride, m, 0, block);
    for (long i = 0; i < n; i++) reciprocal[i] = 1.0 / factor[i * n + i].re;
    NAME(solve_factored)(n, width, factor, reciprocal, block);
    NAME(spread)(block, x, stride, m, 0, ~(dmask){});
  }
}

// The inverse of the factor in place of it, column by column.
static void NAME(invert_lower)(long n, cv *l, const dv *reciprocal) {
  for (long j = 0; j < n; j++) {
    for (long i = j + 1; i < n; i++) {
      // Below row i column j still holds the factor, above it the inverse.
      cv s = c_scale(l[i * n + j], -reciprocal[j]);
      for (long k = j + 1; k < i; k++) s = c_subtract(s, l[i * n + k], l[k * n + j]);
      l[i * n + j] = c_scale(s, reciprocal[i]);
    }
  }
  for (long j = 0; j < n; j++) l[j * n + j] = (cv){reciprocal[j]};
}

// The lower half of M^H M in place of a lower triangular M; its diagonal is real. Row i needs the rows from i on only.
static void NAME(square_lower)(long n, cv *m) {
  for (long i = 0; i < n; i++) {
    for (long j = 0; j < i; j++) {
      cv s = {};
      for (long k = i; k < n; k++) s = c_add_conjugate(s, m[k * n + j], m[k * n + i]);
      m[i * n + j] = s;
    }
    dv s = {};
    for (long k = i; k < n; k++) s = c_squares(s, m[k * n + i]);
    m[i * n + i] = (cv){s};
  }
}

static void NAME(complex_inverse)(long count, long stride, ck_planes_t a, ck_planes_t x, uint8_t *flags, double *scratch) {
  const long n = a.rows;
  cv *g = (cv *)scratch;
  dv *reciprocal = (dv *)(g + n * n);
  for (long m = 0; m < count; m += DL) {
    NAME(gather)(a, stride, m, 0, g);
    dmask good = NAME(factor)(n, g, reciprocal, 0);
    NAME(invert_lower)(n, g, reciprocal);
    NAME(square_lower)(n, g);
    NAME(mirror)(n, g);
    NAME(spread)(g, x, stride, m, 0, good);
    c_flags(flags, m, count, good);
  }
}

static void NAME(complex_pseudo_inverse)(
  long count, long stride, ck_planes_t a, double loading, double tolerance, ck_planes_t x, uint8_t *flags, double *scratch) {
  const int tall = a.rows > a.columns;
  const long n = tall ? a.columns : a.rows, width = tall ? a.rows : a.columns;
  cv *b = (cv *)scratch, *g = b + n * width;
  dv *reciprocal = (dv *)(g + n * n);
  for (long m = 0; m < count; m += DL) {
    NAME(gather)(a, stride, m, tall, b);
    NAME(gram_lower)(n, width, b, g);
    for (long i = 0; i < n; i++) g[i * n + i].re = g[i * n + i].re + loading;
    dmask good = NAME(factor)(n, g, reciprocal, tolerance);
    NAME(solve_factored)(n, width, g, reciprocal, b);
    NAME(spread)(b, x, stride, m, !tall, good);
    c_flags(flags, m, count, good);
  }
}

static void NAME(complex_norms)(long count, long stride, ck_planes_t a, int rows, double *out) {
  const long n = rows ? a.rows : a.columns, length = rows ? a.columns : a.rows;
  const long next = (rows ? a.columns : 1) * stride, step = (rows ? 1 : a.columns) * stride;
  for (long i = 0; i < n; i++)
    for (long m = 0; m < count; m += DL) {
      const double *re = a.re + i * next + m, *im = a.im + i * next + m;
      dv s = {};
      for (long p = 0; p < length; p++) s = c_squares(s, c_load(re + p * step, im + p * step));
      s = __builtin_elementwise_sqrt(s);
      for (long l = 0; l < DL; l++)
        if (m + l < count) out[(m + l) * n + i] = s[l];
    }
}
