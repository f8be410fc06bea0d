// The portable level: plain vectors of four, which the compiler maps to what every CPU of the architecture has.
#include "table.h"

#pragma clang diagnostic ignored "-Wpsabi"
#define NAME(x) ck_portable_##x
#if defined(__aarch64__)
#define CK_HAS_FMA 1
#else
#define CK_HAS_FMA 0
#endif
#define CK_MASKS 0
#include "bodies/vector.h"

typedef v16 vec;
#define VL 16
#define ROWS 4
#define PEAK_CHAINS 16
INLINE vec v_load(const float *p) { return load16(p); }
INLINE vec v_load_n(const float *p, long n) { return load16n(p, n); }
INLINE void v_store(float *p, vec x) { store16(p, x); }
INLINE void v_store_n(float *p, vec x, long n) { store16n(p, x, n); }
INLINE vec v_splat(float x) { return splat(x); }
INLINE vec v_fma(vec a, vec b, vec c) { return fma16(a, b, c); }
// As the max instruction of the other levels: NaN and a negative zero stay.
INLINE vec v_relu(vec x) { return pick(x < 0.0f, splat(0), x); }

#include "bodies/all.h"
