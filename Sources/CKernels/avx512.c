// The AVX-512 level: tiles of 12 rows x 32 columns.
#include "table.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang diagnostic ignored "-Wpsabi"
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#define NAME(x) ck_avx512_##x
#define CK_HAS_FMA 1
#define CK_MASKS 512
#include "bodies/vector.h"

typedef __m512 vec;
#define VL 16
#define ROWS 12
#define PEAK_CHAINS 24
INLINE __mmask16 v_lanes(long n) { return (__mmask16)((1u << n) - 1); }
INLINE vec v_load(const float *p) { return _mm512_loadu_ps(p); }
INLINE vec v_load_n(const float *p, long n) { return _mm512_maskz_loadu_ps(v_lanes(n), p); }
INLINE void v_store(float *p, vec x) { _mm512_storeu_ps(p, x); }
INLINE void v_store_n(float *p, vec x, long n) { _mm512_mask_storeu_ps(p, v_lanes(n), x); }
INLINE vec v_splat(float x) { return _mm512_set1_ps(x); }
INLINE vec v_fma(vec a, vec b, vec c) { return _mm512_fmadd_ps(a, b, c); }
INLINE vec v_relu(vec x) { return _mm512_max_ps(_mm512_setzero_ps(), x); }

#include "bodies/all.h"
#pragma clang attribute pop
#endif
