#include "elementwise.h"
#include "turn.h"
#include "gemv.h"
#include "gemm.h"
#include "optimizer.h"
#include "random.h"

const ck_table_t NAME(table) = {
  NAME(gemm), NAME(unary), NAME(binary), NAME(affine), NAME(sum), NAME(dot), NAME(max), NAME(column_sums), NAME(row_sums),
  NAME(softmax_rows), NAME(sum_table_rows), NAME(scatter_table_rows), NAME(adam), NAME(polyak), NAME(random), NAME(peak),
};
