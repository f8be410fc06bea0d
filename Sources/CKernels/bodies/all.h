#include "functions.h"
#include "elementwise.h"
#include "distributions.h"
#include "turn.h"
#include "gemv.h"
#include "gemm.h"
#include "optimizer.h"
#include "random.h"
#include "transpose.h"
#include "complex.h"
#include "game.h"

#define ENTRY(function) .function = NAME(function)

const ck_table_t NAME(table) = {
  ENTRY(gemm), ENTRY(unary), ENTRY(binary), ENTRY(affine), ENTRY(sum), ENTRY(dot), ENTRY(max), ENTRY(column_sums),
  ENTRY(row_sums), ENTRY(binary_rows), ENTRY(sum_axis), ENTRY(spread_axis), ENTRY(extreme_axis), ENTRY(transpose),
  ENTRY(log_softmax_rows), ENTRY(inverse_deviation_rows), ENTRY(standardize_rows), ENTRY(softmax_rows), ENTRY(sum_table_rows),
  ENTRY(scatter_table_rows), ENTRY(adam), ENTRY(sgd), ENTRY(rmsprop), ENTRY(polyak), ENTRY(clamp), ENTRY(sum_of_squares),
  ENTRY(random), ENTRY(random_integers), ENTRY(random_shuffle), ENTRY(random_sample), ENTRY(random_complex), ENTRY(random64),
  ENTRY(log_softmax_at), ENTRY(gaussian_rows), ENTRY(peak), ENTRY(complex_product), ENTRY(complex_gram), ENTRY(complex_cholesky),
  ENTRY(complex_solve), ENTRY(complex_inverse), ENTRY(complex_pseudo_inverse), ENTRY(complex_norms),
  ENTRY(interference_levels), ENTRY(anticipated_levels), ENTRY(water_filling),
};
