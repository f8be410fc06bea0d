// The kernels of Marconi: loops in single precision, and in double for complex matrices, each compiled once per CPU level and chosen at run time.
//
// Same input, same bits on every level: products are fused by an explicit fma, every output of a matrix product is
// accumulated in order of k, reductions run over 16 virtual lanes that are joined in one fixed tree, and no function of
// the C library is called.
#ifndef CK_H
#define CK_H

#include <stdint.h>

enum { CK_PORTABLE = 0, CK_AVX2 = 1, CK_AVX512 = 2 };

enum { CK_LINEAR = 0, CK_RELU = 1, CK_TANH = 2, CK_SIGMOID = 3 };

// Element-wise functions of one argument. CK_ELU is x above zero and e^x - 1 below; CK_NORMAL_CDF is the distribution function of
// the standard normal distribution, CK_GELU x times that.
enum {
  CK_NEGATE, CK_EXP, CK_LOG, CK_TANH_OF, CK_SIGMOID_OF, CK_RELU_OF, CK_SQRT, CK_SQUARE, CK_ABS, CK_RECIPROCAL,
  CK_EXPM1, CK_LOG1P, CK_SIN, CK_COS, CK_SOFTPLUS, CK_ELU, CK_NORMAL_CDF, CK_GELU
};

// Element-wise functions of two arguments. Slopes are derivatives: (slope, value) -> slope * f'(value). CK_POWER is a to the b with the
// special values of C's pow.
enum {
  CK_ADD, CK_SUBTRACT, CK_MULTIPLY, CK_DIVIDE, CK_MAXIMUM, CK_MINIMUM, CK_RELU_SLOPE, CK_TANH_SLOPE, CK_SIGMOID_SLOPE,
  CK_ELU_SLOPE, CK_GREATER, CK_EQUAL, CK_POWER
};

// Distributions of random fills.
enum { CK_UNIFORM, CK_EXPONENTIAL, CK_GUMBEL, CK_NORMAL };

// One matrix product C = act(op(A) op(B) + start), C of m x n. start is C itself (accumulate), another matrix (start), a row
// vector (bias), or zero.
typedef struct {
  long m, n, k;
  const float *a;
  long lda;
  int transposeA;
  const float *b;
  long ldb;
  int transposeB;
  float *c;
  long ldc;
  const float *bias;
  const float *start;
  long lds;
  int accumulate;
  int activation;
} ck_gemm_t;

// One step of an optimiser on n parameters, fused with the move of a target vector (when target is not null):
//   target += polyak (p - target)
// g is first multiplied by gradientScale. m, v and a hold the state between steps; each rule says what it keeps there.
typedef struct {
  long n;
  float *p;
  const float *g;
  float *m;
  float *v;
  float *a;
  float *target;
  float gradientScale, beta1, beta2, rate, scale, epsilon, decay, polyak;
  int nesterov;
} ck_step_t;

// Complex matrices of one shape, many at once, in double precision: element (r, c) of matrix m is at (r columns + c) stride + m of
// both planes. Planes begin at multiples of 64 bytes, the stride is a multiple of 8, and kernels may write to all of it.
typedef struct {
  long rows, columns;
  double *re;
  double *im;
} ck_planes_t;

// A network of cells for the kernels of water-filling games, eight networks of one shape at once. Arrays hold eight numbers a place, one of each network:
// [frequencies, users, 8], and gains of links [frequencies, pairs, 8] by receiver, then by sender among the users of the other cells in their order.
typedef struct {
  long frequencies, users, pairs, cells;
  const long *users_of_cells;
  float noise;
} ck_cells_t;

// The level in use: chosen once from the CPU and from MARCONI_CPU=portable|avx2|avx512.
int ck_level(void);
// The highest level that this CPU can run.
int ck_highest_level(void);
// Whether MARCONI_CPU names no level that this CPU can run.
int ck_level_refused(void);
// Lowers or restores the level, for tests that compare levels. Returns the level then in use.
int ck_use_level(int level);

void ck_gemm(const ck_gemm_t *args);
void ck_unary(int function, long n, const float *x, float *y);
void ck_binary(int function, long n, const float *a, const float *b, float *y);
// Rows of two operands that lie so far apart; a step of 0 repeats one number along the row, a distance of 0 one row.
void ck_binary_rows(int function, long rows, long columns, const float *a, long a_row, long a_step, const float *b, long b_row, long b_step, float *y);
// y = a x + b
void ck_affine(long n, float a, const float *x, float b, float *y);
float ck_sum(long n, const float *x);
float ck_dot(long n, const float *x, const float *y);
float ck_max(long n, const float *x);
// out[j] (+)= sum over rows of x[., j]
void ck_column_sums(long rows, long columns, const float *x, float *out, int accumulate);
void ck_row_sums(long rows, long columns, const float *x, float *out);
// An array seen as [outer, extent, inner]: out[o, j] = sum over e of x[o, e, j], and back: out[o, e, j] = x[o, j].
void ck_sum_axis(long outer, long extent, long inner, const float *x, float *out);
void ck_spread_axis(long outer, long extent, long inner, const float *x, float *out);
// place[o, j] = the e of the largest (sign 1) or smallest (sign -1) x[o, e, j]: the first of equals, a NaN before all.
void ck_extreme_axis(long outer, long extent, long inner, float sign, const float *x, int32_t *place);
// y[i, j, r, c] = x[i strides[0] + j strides[1] + r strides[2] + c strides[3]]
void ck_transpose(const long extents[4], const long strides[4], const float *x, float *y);
// y = x - ln(sum of e^x) along each row
void ck_log_softmax_rows(long rows, long columns, const float *x, float *y);
// out[r] = 1 / sqrt(variance of row r + epsilon), and y = (x - mean of the row) times that
void ck_inverse_deviation_rows(long rows, long columns, float epsilon, const float *x, float *out);
void ck_standardize_rows(long rows, long columns, float epsilon, const float *x, float *y);
void ck_softmax_rows(long rows, long columns, const float *x, float *y);
// out[r, .] = bias + sum over g of table[g * choices + index[r, g], .]; a negative index adds nothing
void ck_sum_table_rows(long rows, long groups, long choices, long columns, const float *table, const int32_t *index, const float *bias, float *out);
// slope[g * choices + index[r, g], .] += rows[r, .] in order of r
void ck_scatter_table_rows(long rows, long groups, long choices, long columns, const float *x, const int32_t *index, float *slope);
// m += (1 - beta1) (g - m)     v += (1 - beta2) (g g - v)
// p -= rate m / (sqrt(v) scale + epsilon) + decay p
// rate and scale hold the corrections of the bias.
void ck_adam(const ck_step_t *args);
// g += decay p     m = beta1 m + g     p -= rate (nesterov ? g + beta1 m : m), or p -= rate g when m is null
void ck_sgd(const ck_step_t *args);
// g += decay p     v += (1 - beta2) (g g - v)     a += (1 - beta2) (g - a)
// m = beta1 m + g / (sqrt(v - a a) + epsilon)     p -= rate m
// Without momentum m is null and p moves by the quotient; when a is null the mean is taken as zero.
void ck_rmsprop(const ck_step_t *args);
// target += rate (p - target)
void ck_polyak(long n, const float *p, float rate, float *target);
// x = min(max(x, low), high); a NaN stays.
void ck_clamp(long n, float low, float high, float *x);
// Sum of x x in double precision.
double ck_sum_of_squares(long n, const float *x);
// Numbers `first ..< first + n` of the stream with this key whose counter is (block, c1, c2, c3); four numbers a block.
void ck_random(int distribution, long n, uint64_t key, uint32_t c1, uint32_t c2, uint32_t c3, uint64_t first_block, float *out);

// Kernels of `count` complex matrices. `scratch` begins at a multiple of 64 bytes and has room for the numbers named in brackets.
// A flag is 1 where a matrix could be factored; elsewhere its result is NaN.

// C = A B, with A^H for A and B^H for B where wanted [16 (elements of A + elements of B)]
void ck_complex_product(long count, long stride, ck_planes_t a, int adjointA, ck_planes_t b, int adjointB, ck_planes_t c, double *scratch);
// G = A A^H, or A^H A, of n rows: equal to G^H to the bit [16 (elements of A + n n)]
void ck_complex_gram(long count, long stride, ck_planes_t a, int adjoint, ck_planes_t g, double *scratch);
// A = L L^H of the lower half of A, with zeros above the diagonal of L [16 n n + 8 n]
void ck_complex_cholesky(long count, long stride, ck_planes_t a, ck_planes_t l, uint8_t *flags, double *scratch);
// L L^H X = B [16 (n n + elements of B) + 8 n]
void ck_complex_solve(long count, long stride, ck_planes_t l, ck_planes_t b, ck_planes_t x, double *scratch);
// X = A^-1 of the lower half of A, equal to X^H to the bit [16 n n + 8 n]
void ck_complex_inverse(long count, long stride, ck_planes_t a, ck_planes_t x, uint8_t *flags, double *scratch);
// X = A^H (A A^H + loading)^-1 for A with no more rows than columns, (A^H A + loading)^-1 A^H for others, n the smaller extent. A pivot
// fails that is not above `tolerance` times the diagonal element that it comes from [16 (elements of A + n n) + 8 n]
void ck_complex_pseudo_inverse(
  long count, long stride, ck_planes_t a, double loading, double tolerance, ck_planes_t x, uint8_t *flags, double *scratch);
// out[m, i]: the Euclidean norm of column i of matrix m, or of row i
void ck_complex_norms(long count, long stride, ck_planes_t a, int rows, double *out);
// Whole numbers of the same stream, 0 <= out[i] < bound <= 2^31, all equally likely; four numbers a block. Rejected words are redrawn from what
// Philox makes of their own block.
void ck_random_integers(long n, uint32_t bound, uint64_t key, uint32_t c1, uint32_t c2, uint32_t c3, uint64_t first_block, int32_t *out);
// Brings k of the n <= 2^31 values, drawn without replacement, to the first k places: values[i] changes with one of values[i ..< n].
void ck_random_shuffle(long n, long k, uint64_t key, uint32_t c1, uint32_t c2, uint32_t c3, int32_t *values);
// The first k places that ck_random_shuffle makes of 0, 1, ..., n - 1, in O(k^2) comparisons and without the n values.
void ck_random_sample(long n, long k, uint64_t key, uint32_t c1, uint32_t c2, uint32_t c3, int32_t *out);
// Complex normal numbers, both parts with variance 1/2; two numbers a block.
void ck_random_complex(long n, uint64_t key, uint32_t c1, uint32_t c2, uint32_t c3, uint64_t first_block, float *real, float *imaginary);
// The distributions in double precision; two numbers a block.
void ck_random64(int distribution, long n, uint64_t key, uint32_t c1, uint32_t c2, uint32_t c3, uint64_t first_block, double *out);
// y[r] (+)= x[r, index[r]] - ln(sum of e^x[r]); rows of x lie x_row apart, indices index_step. The bits of ck_log_softmax_rows.
void ck_log_softmax_at(long rows, long columns, const float *x, long x_row, const int32_t *index, long index_step, float *y, int accumulate);
// x[r, j] holds e and receives mean[r, j] + e^l e; y[r] (+)= sum over j of (-e^2 / 2 - l) + constant; l is deviation[r, j] within low .. high.
void ck_gaussian_rows(long rows, long columns, const float *mean, long mean_row, const float *deviation, long deviation_row, float low, float high, float constant, float *x, float *y, int accumulate);
// levels = (noise + sum over the users of other cells of power times gain, in their order) times inverse_own. Backwards from the last frequency on: the
// same bits, and what is left in the cache of a pass that ended there is read first.
void ck_interference_levels(
  const ck_cells_t *network, const float *inverse_own, const float *cross, const float *powers, int backwards, float *levels);
// n levels c become (c^2 - s p^2) / (c + s p), with s = sqrt(c / (2 c + p)) if forward, and the steepness s elsewhere.
void ck_anticipated_levels(long n, const float *powers, int forward, float steepness, float *levels);
// water = the least (budget + sum of the k lowest levels) / k over k, powers = max(0, water - levels); levels and powers [frequencies, users, 8], budgets and
// water [users, 8]. The comparators (lower, upper) sort `frequencies` numbers. [16 frequencies]
void ck_water_filling(
  long frequencies, long users, long comparators, const int32_t *pairs, const float *levels, const float *budgets, float *scratch, float *powers,
  float *water);
// Peak rate of fused multiply-adds of this core at the level in use: returns the number of floating-point operations done.
double ck_peak(long rounds);

#endif
