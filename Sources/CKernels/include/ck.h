// The kernels of Marconi: single-precision loops, each compiled once per CPU level and chosen at run time.
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
// the standard normal distribution.
enum {
  CK_NEGATE, CK_EXP, CK_LOG, CK_TANH_OF, CK_SIGMOID_OF, CK_RELU_OF, CK_SQRT, CK_SQUARE, CK_ABS, CK_RECIPROCAL,
  CK_EXPM1, CK_LOG1P, CK_SIN, CK_COS, CK_SOFTPLUS, CK_ELU, CK_NORMAL_CDF
};

// Element-wise functions of two arguments. Slopes are derivatives: (slope, value) -> slope * f'(value). CK_POWER is a to the b with
// the special values of C's pow.
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

// One step of Adam on n parameters, fused with the move of a target vector (when target is not null).
//   m += (1 - beta1) (g - m)     v += (1 - beta2) (g g - v)
//   p -= rate m / (sqrt(v) scale + epsilon)
//   target += polyak (p - target)
// g is first multiplied by gradientScale. rate and scale hold the corrections of the bias.
typedef struct {
  long n;
  float *p;
  const float *g;
  float *m;
  float *v;
  float *target;
  float gradientScale, beta1, beta2, rate, scale, epsilon, polyak;
} ck_adam_t;

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
void ck_softmax_rows(long rows, long columns, const float *x, float *y);
// out[r, .] = bias + sum over g of table[g * choices + index[r, g], .]; a negative index adds nothing
void ck_sum_table_rows(long rows, long groups, long choices, long columns, const float *table, const int32_t *index, const float *bias, float *out);
// slope[g * choices + index[r, g], .] += rows[r, .] in order of r
void ck_scatter_table_rows(long rows, long groups, long choices, long columns, const float *x, const int32_t *index, float *slope);
void ck_adam(const ck_adam_t *args);
// target += rate (p - target)
void ck_polyak(long n, const float *p, float rate, float *target);
// Numbers `first ..< first + n` of the stream with this key whose counter is (block, c1, c2, c3); four numbers a block.
void ck_random(int distribution, long n, uint64_t key, uint32_t c1, uint32_t c2, uint32_t c3, uint64_t first_block, float *out);
// y[r] (+)= x[r, index[r]] - ln(sum of e^x[r]); rows of x lie x_row apart, indices index_step. The bits of ck_log_softmax_rows.
void ck_log_softmax_at(long rows, long columns, const float *x, long x_row, const int32_t *index, long index_step, float *y, int accumulate);
// x[r, j] holds e and receives mean[r, j] + e^l e; y[r] (+)= sum over j of (-e^2 / 2 - l) + constant; l is deviation[r, j] within low .. high.
void ck_gaussian_rows(long rows, long columns, const float *mean, long mean_row, const float *deviation, long deviation_row, float low, float high, float constant, float *x, float *y, int accumulate);
// Peak rate of fused multiply-adds of this core at the level in use: returns the number of floating-point operations done.
double ck_peak(long rounds);

#endif
