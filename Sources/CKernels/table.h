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
  void (*softmax_rows)(long, long, const float *, float *);
  void (*sum_table_rows)(long, long, long, long, const float *, const int32_t *, const float *, float *);
  void (*scatter_table_rows)(long, long, long, long, const float *, const int32_t *, float *);
  void (*adam)(const ck_adam_t *);
  void (*polyak)(long, const float *, float, float *);
  void (*random)(int, long, uint64_t, uint32_t, uint32_t, uint32_t, uint64_t, float *);
  void (*log_softmax_at)(long, long, const float *, long, const int32_t *, long, float *, int);
  void (*gaussian_rows)(long, long, const float *, long, const float *, long, float, float, float, float *, float *, int);
  double (*peak)(long);
} ck_table_t;

extern const ck_table_t ck_portable_table;
#if defined(__x86_64__)
extern const ck_table_t ck_avx2_table;
extern const ck_table_t ck_avx512_table;
#endif

#endif
