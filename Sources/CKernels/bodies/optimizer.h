// The optimiser's one pass over memory.

// Moments below 2^-100 are set to zero: they no longer move a parameter, and subnormal numbers are a hundred times slower.
INLINE v16 NAME(flush)(v16 x) { return (v16)((i16)x & ((v16)((i16)x & 0x7fffffff) >= 0x1p-100f)); }

INLINE void NAME(adam16)(const ck_adam_t *s, v16 *p, v16 g, v16 *m, v16 *v) {
  g = g * s->gradientScale;
  *m = NAME(flush)(fma16(splat(1.0f - s->beta1), g - *m, *m));
  *v = NAME(flush)(fma16(splat(1.0f - s->beta2), fma16(g, g, -*v), *v));
  v16 d = fma16(sqrt16(*v), splat(s->scale), splat(s->epsilon));
  *p = *p - s->rate * *m / d;
}

// How far ahead vectors are fetched: the hardware follows five streams too late and stops at every page.
#define ADAM_AHEAD 1024

static void NAME(adam)(const ck_adam_t *s) {
  long n = s->n;
  const float *target = s->target ? s->target : s->p;
  v16 polyak = splat(s->polyak);
  for (long i = 0; i < n; i += 16) {
    if (n - i >= 16) {
      __builtin_prefetch(s->p + i + ADAM_AHEAD, 1, 2);
      __builtin_prefetch(s->g + i + ADAM_AHEAD, 0, 2);
      __builtin_prefetch(s->m + i + ADAM_AHEAD, 1, 2);
      __builtin_prefetch(s->v + i + ADAM_AHEAD, 1, 2);
      __builtin_prefetch(target + i + ADAM_AHEAD, 1, 2);
      v16 p = load16(s->p + i), m = load16(s->m + i), v = load16(s->v + i);
      NAME(adam16)(s, &p, load16(s->g + i), &m, &v);
      store16(s->p + i, p);
      store16(s->m + i, m);
      store16(s->v + i, v);
      if (s->target) {
        v16 t = load16(s->target + i);
        store16(s->target + i, fma16(polyak, p - t, t));
      }
    } else {
      long w = n - i;
      v16 p = load16n(s->p + i, w), m = load16n(s->m + i, w), v = load16n(s->v + i, w);
      NAME(adam16)(s, &p, load16n(s->g + i, w), &m, &v);
      store16n(s->p + i, p, w);
      store16n(s->m + i, m, w);
      store16n(s->v + i, v, w);
      if (s->target) {
        v16 t = load16n(s->target + i, w);
        store16n(s->target + i, fma16(polyak, p - t, t), w);
      }
    }
  }
}

static void NAME(polyak)(long n, const float *p, float rate, float *target) {
  v16 r = splat(rate);
  long i = 0;
  for (; i + 16 <= n; i += 16) {
    v16 t = load16(target + i);
    store16(target + i, fma16(r, load16(p + i) - t, t));
  }
  if (i < n) {
    v16 t = load16n(target + i, n - i);
    store16n(target + i, fma16(r, load16n(p + i, n - i) - t, t), n - i);
  }
}
