#include "elementwise.h"
#include "gemm.h"
#include "optimizer.h"
#include "random.h"

const ck_table_t NAME(table) = {
  NAME(gemm), NAME(unary), NAME(binary), NAME(affine), NAME(sum), NAME(dot), NAME(max), NAME(column_sums), NAME(row_sums),
  NAME(softmax_rows), NAME(sum_table_rows), NAME(scatter_table_rows), NAME(adam), NAME(sgd), NAME(rmsprop), NAME(polyak), NAME(clamp),
  NAME(sum_of_squares), NAME(random), NAME(peak),
};
