// The functions of one CPU level.
#ifndef CK_TABLE_H
#define CK_TABLE_H

#include "include/ck.h"

typedef struct {
  void (*gemm)(const ck_gemm_t *);
  void (*unary)(int, long, const float *, float *);
  void (*binary)(int, long, const float *, const float *, float *);
  void (*affine)(long, float, const float *, float, float *);
  float (*sum)(long, const float *);
  float (*dot)(long, const float *, const float *);
  float (*max)(long, const float *);
  void (*column_sums)(long, long, const float *, float *, int);
  void (*row_sums)(long, long, const float *, float *);
  void (*softmax_rows)(long, long, const float *, float *);
  void (*sum_table_rows)(long, long, long, long, const float *, const int32_t *, const float *, float *);
  void (*scatter_table_rows)(long, long, long, long, const float *, const int32_t *, float *);
  void (*adam)(const ck_adam_t *);
  void (*polyak)(long, const float *, float, float *);
  void (*random)(int, long, uint64_t, uint32_t, uint32_t, uint32_t, uint64_t, float *);
  void (*random_integers)(long, uint32_t, uint64_t, uint32_t, uint32_t, uint32_t, uint64_t, int32_t *);
  void (*random_shuffle)(long, long, uint64_t, uint32_t, uint32_t, uint32_t, int32_t *);
  void (*random_sample)(long, long, uint64_t, uint32_t, uint32_t, uint32_t, int32_t *);
  void (*random_complex)(long, uint64_t, uint32_t, uint32_t, uint32_t, uint64_t, float *, float *);
  void (*random64)(int, long, uint64_t, uint32_t, uint32_t, uint32_t, uint64_t, double *);
  double (*peak)(long);
} ck_table_t;

extern const ck_table_t ck_portable_table;
#if defined(__x86_64__)
extern const ck_table_t ck_avx2_table;
extern const ck_table_t ck_avx512_table;
#endif

#endif
