#include "functions.h"
#include "elementwise.h"
#include "distributions.h"
#include "gemm.h"
#include "optimizer.h"
#include "random.h"
#include "transpose.h"

const ck_table_t NAME(table) = {
  NAME(gemm), NAME(unary), NAME(binary), NAME(affine), NAME(sum), NAME(dot), NAME(max), NAME(column_sums), NAME(row_sums),
  NAME(binary_rows), NAME(sum_axis), NAME(spread_axis), NAME(extreme_axis), NAME(transpose), NAME(log_softmax_rows), NAME(softmax_rows), NAME(sum_table_rows), NAME(scatter_table_rows), NAME(adam), NAME(polyak), NAME(random), NAME(log_softmax_at), NAME(gaussian_rows), NAME(peak),
};
