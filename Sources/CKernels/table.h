// The functions of one CPU level.
#ifndef CK_TABLE_H
#define CK_TABLE_H

#include "include/ck.h"

typedef struct {
  void (*gemm)(const ck_gemm_t *);
  void (*unary)(int, long, const float *, float *);
  void (*binary)(int, long, const float *, long, const float *, long, float *);
  void (*affine)(long, float, const float *, float, float *);
  float (*sum)(long, const float *);
  float (*dot)(long, const float *, const float *);
  float (*max)(long, const float *);
  void (*column_sums)(long, long, const float *, float *, int);
  void (*row_sums)(long, long, const float *, float *);
  void (*binary_rows)(int, long, long, const float *, long, long, const float *, long, long, float *);
  void (*sum_axis)(long, long, long, const float *, float *);
  void (*spread_axis)(long, long, long, const float *, float *);
  void (*extreme_axis)(long, long, long, float, const float *, int32_t *);
  void (*transpose)(const long *, const long *, const float *, float *);
  void (*log_softmax_rows)(long, long, const float *, float *);
  void (*inverse_deviation_rows)(long, long, float, const float *, float *);
  void (*standardize_rows)(long, long, float, const float *, float *);
  void (*softmax_rows)(long, long, const float *, float *);
  void (*sum_table_rows)(long, long, long, long, const float *, const int32_t *, const float *, float *);
  void (*scatter_table_rows)(long, long, long, long, const float *, const int32_t *, float *);
  void (*adam)(const ck_step_t *);
  void (*sgd)(const ck_step_t *);
  void (*rmsprop)(const ck_step_t *);
  void (*polyak)(long, const float *, float, float *);
  void (*clamp)(long, float, float, float *);
  double (*sum_of_squares)(long, const float *);
  void (*random)(int, long, uint64_t, uint32_t, uint32_t, uint32_t, uint64_t, float *);
  void (*random_integers)(long, uint32_t, uint64_t, uint32_t, uint32_t, uint32_t, uint64_t, int32_t *);
  void (*random_shuffle)(long, long, uint64_t, uint32_t, uint32_t, uint32_t, int32_t *);
  void (*random_sample)(long, long, uint64_t, uint32_t, uint32_t, uint32_t, int32_t *);
  void (*random_complex)(long, uint64_t, uint32_t, uint32_t, uint32_t, uint64_t, float *, float *);
  void (*random64)(int, long, uint64_t, uint32_t, uint32_t, uint32_t, uint64_t, double *);
  void (*log_softmax_at)(long, long, const float *, long, const int32_t *, long, float *, int);
  void (*gaussian_rows)(long, long, const float *, long, const float *, long, float, float, float, float *, float *, int);
  double (*peak)(long);
  void (*complex_product)(long, long, ck_planes_t, int, ck_planes_t, int, ck_planes_t, double *);
  void (*complex_gram)(long, long, ck_planes_t, int, ck_planes_t, double *);
  void (*complex_cholesky)(long, long, ck_planes_t, ck_planes_t, uint8_t *, double *);
  void (*complex_solve)(long, long, ck_planes_t, ck_planes_t, ck_planes_t, double *);
  void (*complex_inverse)(long, long, ck_planes_t, ck_planes_t, uint8_t *, double *);
  void (*complex_pseudo_inverse)(long, long, ck_planes_t, double, double, ck_planes_t, uint8_t *, double *);
  void (*complex_norms)(long, long, ck_planes_t, int, double *);
  void (*interference_levels)(const ck_cells_t *, const float *, const float *, const float *, int, float *);
  void (*anticipated_levels)(long, const float *, int, float, float *);
  void (*water_filling)(long, long, long, const int32_t *, const float *, const float *, float *, float *, float *);
} ck_table_t;

extern const ck_table_t ck_portable_table;
#if defined(__x86_64__)
extern const ck_table_t ck_avx2_table;
extern const ck_table_t ck_avx512_table;
#endif

#endif
