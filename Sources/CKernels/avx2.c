// The AVX2 + FMA level: tiles of 6 rows x 16 columns.
#include "table.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang diagnostic ignored "-Wpsabi"
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define NAME(x) ck_avx2_##x
#define CK_HAS_FMA 1
#define CK_MASKS 256
#include "bodies/vector.h"

typedef __m256 vec;
#define VL 8
#define ROWS 6
#define PEAK_CHAINS 14
INLINE __m256i v_lanes(long n) { return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)); }
INLINE vec v_load(const float *p) { return _mm256_loadu_ps(p); }
INLINE vec v_load_n(const float *p, long n) { return _mm256_maskload_ps(p, v_lanes(n)); }
INLINE void v_store(float *p, vec x) { _mm256_storeu_ps(p, x); }
INLINE void v_store_n(float *p, vec x, long n) { store8n(p, x, n); }
INLINE vec v_splat(float x) { return _mm256_set1_ps(x); }
INLINE vec v_fma(vec a, vec b, vec c) { return _mm256_fmadd_ps(a, b, c); }
INLINE vec v_relu(vec x) { return _mm256_max_ps(_mm256_setzero_ps(), x); }

#include "bodies/all.h"
#pragma clang attribute pop
#endif
