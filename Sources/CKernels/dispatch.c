// Chooses the level once, before anything runs, and forwards every kernel to it.
#include "table.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const ck_table_t *const tables[] = {
  &ck_portable_table,
#if defined(__x86_64__)
  &ck_avx2_table,
  &ck_avx512_table,
#endif
};

static int highest, refused;
// May change while other threads compute, which is right: every level gives the same bits.
static atomic_int level;
static _Atomic(const ck_table_t *) active = &ck_portable_table;

static inline const ck_table_t *kernels(void) { return atomic_load_explicit(&active, memory_order_relaxed); }

int ck_level(void) { return atomic_load_explicit(&level, memory_order_relaxed); }
int ck_highest_level(void) { return highest; }
int ck_level_refused(void) { return refused; }

int ck_use_level(int wanted) {
  if (wanted >= CK_PORTABLE && wanted <= highest) {
    atomic_store_explicit(&level, wanted, memory_order_relaxed);
    atomic_store_explicit(&active, tables[wanted], memory_order_relaxed);
  }
  return ck_level();
}

__attribute__((constructor)) static void choose(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) highest = CK_AVX2;
  if (highest == CK_AVX2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    highest = CK_AVX512;
#endif
  int wanted = highest;
  const char *name = getenv("MARCONI_CPU");
  if (name && *name) {
    static const char *const names[] = {"portable", "avx2", "avx512"};
    wanted = -1;
    for (int i = 0; i < 3; i++)
      if (strcmp(name, names[i]) == 0) wanted = i;
    refused = wanted < 0 || wanted > highest;
    if (refused) wanted = highest;
  }
  ck_use_level(wanted);
}

void ck_gemm(const ck_gemm_t *args) { kernels()->gemm(args); }
void ck_unary(int function, long n, const float *x, float *y) { kernels()->unary(function, n, x, y); }
void ck_binary(int function, long n, const float *a, const float *b, float *y) { kernels()->binary(function, n, a, 1, b, 1, y); }
void ck_binary_rows(int function, long rows, long columns, const float *a, long a_row, long a_step, const float *b, long b_row, long b_step, float *y) {
  kernels()->binary_rows(function, rows, columns, a, a_row, a_step, b, b_row, b_step, y);
}
void ck_affine(long n, float a, const float *x, float b, float *y) { kernels()->affine(n, a, x, b, y); }
float ck_sum(long n, const float *x) { return kernels()->sum(n, x); }
float ck_dot(long n, const float *x, const float *y) { return kernels()->dot(n, x, y); }
float ck_max(long n, const float *x) { return kernels()->max(n, x); }
void ck_column_sums(long rows, long columns, const float *x, float *out, int accumulate) { kernels()->column_sums(rows, columns, x, out, accumulate); }
void ck_row_sums(long rows, long columns, const float *x, float *out) { kernels()->row_sums(rows, columns, x, out); }
void ck_sum_axis(long outer, long extent, long inner, const float *x, float *out) { kernels()->sum_axis(outer, extent, inner, x, out); }
void ck_spread_axis(long outer, long extent, long inner, const float *x, float *out) { kernels()->spread_axis(outer, extent, inner, x, out); }
void ck_extreme_axis(long outer, long extent, long inner, float sign, const float *x, int32_t *place) {
  kernels()->extreme_axis(outer, extent, inner, sign, x, place);
}
void ck_transpose(const long extents[4], const long strides[4], const float *x, float *y) { kernels()->transpose(extents, strides, x, y); }
void ck_log_softmax_rows(long rows, long columns, const float *x, float *y) { kernels()->log_softmax_rows(rows, columns, x, y); }
void ck_inverse_deviation_rows(long rows, long columns, float epsilon, const float *x, float *out) {
  kernels()->inverse_deviation_rows(rows, columns, epsilon, x, out);
}
void ck_standardize_rows(long rows, long columns, float epsilon, const float *x, float *y) { kernels()->standardize_rows(rows, columns, epsilon, x, y); }
void ck_softmax_rows(long rows, long columns, const float *x, float *y) { kernels()->softmax_rows(rows, columns, x, y); }
void ck_sum_table_rows(long rows, long groups, long choices, long columns, const float *table, const int32_t *index, const float *bias, float *out) {
  kernels()->sum_table_rows(rows, groups, choices, columns, table, index, bias, out);
}
void ck_scatter_table_rows(long rows, long groups, long choices, long columns, const float *x, const int32_t *index, float *slope) {
  kernels()->scatter_table_rows(rows, groups, choices, columns, x, index, slope);
}
void ck_adam(const ck_step_t *args) { kernels()->adam(args); }
void ck_sgd(const ck_step_t *args) { kernels()->sgd(args); }
void ck_rmsprop(const ck_step_t *args) { kernels()->rmsprop(args); }
void ck_polyak(long n, const float *p, float rate, float *target) { kernels()->polyak(n, p, rate, target); }
void ck_clamp(long n, float low, float high, float *x) { kernels()->clamp(n, low, high, x); }
double ck_sum_of_squares(long n, const float *x) { return kernels()->sum_of_squares(n, x); }
void ck_random(int distribution, long n, uint64_t key, uint32_t c1, uint32_t c2, uint32_t c3, uint64_t first_block, float *out) {
  kernels()->random(distribution, n, key, c1, c2, c3, first_block, out);
}
void ck_complex_product(long count, long stride, ck_planes_t a, int adjointA, ck_planes_t b, int adjointB, ck_planes_t c, double *scratch) {
  kernels()->complex_product(count, stride, a, adjointA, b, adjointB, c, scratch);
}
void ck_complex_gram(long count, long stride, ck_planes_t a, int adjoint, ck_planes_t g, double *scratch) {
  kernels()->complex_gram(count, stride, a, adjoint, g, scratch);
}
void ck_complex_cholesky(long count, long stride, ck_planes_t a, ck_planes_t l, uint8_t *flags, double *scratch) {
  kernels()->complex_cholesky(count, stride, a, l, flags, scratch);
}
void ck_complex_solve(long count, long stride, ck_planes_t l, ck_planes_t b, ck_planes_t x, double *scratch) {
  kernels()->complex_solve(count, stride, l, b, x, scratch);
}
void ck_complex_inverse(long count, long stride, ck_planes_t a, ck_planes_t x, uint8_t *flags, double *scratch) {
  kernels()->complex_inverse(count, stride, a, x, flags, scratch);
}
void ck_complex_pseudo_inverse(
  long count, long stride, ck_planes_t a, double loading, double tolerance, ck_planes_t x, uint8_t *flags, double *scratch) {
  kernels()->complex_pseudo_inverse(count, stride, a, loading, tolerance, x, flags, scratch);
}
void ck_complex_norms(long count, long stride, ck_planes_t a, int rows, double *out) { kernels()->complex_norms(count, stride, a, rows, out); }
void ck_random_integers(long n, uint32_t bound, uint64_t key, uint32_t c1, uint32_t c2, uint32_t c3, uint64_t first_block, int32_t *out) {
  kernels()->random_integers(n, bound, key, c1, c2, c3, first_block, out);
}
void ck_random_shuffle(long n, long k, uint64_t key, uint32_t c1, uint32_t c2, uint32_t c3, int32_t *values) {
  kernels()->random_shuffle(n, k, key, c1, c2, c3, values);
}
void ck_random_sample(long n, long k, uint64_t key, uint32_t c1, uint32_t c2, uint32_t c3, int32_t *out) {
  kernels()->random_sample(n, k, key, c1, c2, c3, out);
}
void ck_random_complex(long n, uint64_t key, uint32_t c1, uint32_t c2, uint32_t c3, uint64_t first_block, float *real, float *imaginary) {
  kernels()->random_complex(n, key, c1, c2, c3, first_block, real, imaginary);
}
void ck_random64(int distribution, long n, uint64_t key, uint32_t c1, uint32_t c2, uint32_t c3, uint64_t first_block, double *out) {
  kernels()->random64(distribution, n, key, c1, c2, c3, first_block, out);
}
void ck_log_softmax_at(long rows, long columns, const float *x, long x_row, const int32_t *index, long index_step, float *y, int accumulate) {
  kernels()->log_softmax_at(rows, columns, x, x_row, index, index_step, y, accumulate);
}
void ck_gaussian_rows(long rows, long columns, const float *mean, long mean_row, const float *deviation, long deviation_row, float low, float high, float constant, float *x, float *y, int accumulate) {
  kernels()->gaussian_rows(rows, columns, mean, mean_row, deviation, deviation_row, low, high, constant, x, y, accumulate);
}
void ck_interference_levels(
  const ck_cells_t *network, const float *inverse_own, const float *cross, const float *powers, int backwards, float *levels) {
  kernels()->interference_levels(network, inverse_own, cross, powers, backwards, levels);
}
void ck_anticipated_levels(long n, const float *powers, int forward, float steepness, float *levels) {
  kernels()->anticipated_levels(n, powers, forward, steepness, levels);
}
void ck_water_filling(
  long frequencies, long users, long comparators, const int32_t *pairs, const float *levels, const float *budgets, float *scratch, float *powers,
  float *water) {
  kernels()->water_filling(frequencies, users, comparators, pairs, levels, budgets, scratch, powers, water);
}
double ck_peak(long rounds) { return kernels()->peak(rounds); }
