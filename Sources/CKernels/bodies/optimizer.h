// The optimisers' one pass over memory.

// State below 2^-100 is set to zero: it no longer moves a parameter, and subnormal numbers are a hundred times slower. A NaN stays.
INLINE v16 NAME(flush)(v16 x) { return (v16)((i16)x & ~((v16)((i16)x & 0x7fffffff) < 0x1p-100f)); }

// Sixteen parameters, their scaled gradient, and the state that belongs to them.
typedef struct {
  v16 p, g, m, v, a;
} lanes16;

// Which arrays of state a rule keeps.
enum { HAS_NONE = 0, HAS_M = 1, HAS_V = 2, HAS_A = 4 };

// How far ahead vectors are fetched: the hardware follows five streams too late and stops at every page.
#define STEP_AHEAD 1024

// Both the arrays and the rule are constants of the caller, so that each optimiser becomes a loop of its own.
INLINE void NAME(pass)(const ck_step_t *args, int state, void (*rule)(const ck_step_t *, int, lanes16 *)) {
  const ck_step_t s = *args;
  const float *target = s.target ? s.target : s.p;
  v16 polyak = splat(s.polyak);
  lanes16 x = {0};
  for (long i = 0; i < s.n; i += 16) {
    if (s.n - i >= 16) {
      __builtin_prefetch(s.p + i + STEP_AHEAD, 1, 2);
      __builtin_prefetch(s.g + i + STEP_AHEAD, 0, 2);
      if (state & HAS_M) __builtin_prefetch(s.m + i + STEP_AHEAD, 1, 2);
      if (state & HAS_V) __builtin_prefetch(s.v + i + STEP_AHEAD, 1, 2);
      if (state & HAS_A) __builtin_prefetch(s.a + i + STEP_AHEAD, 1, 2);
      __builtin_prefetch(target + i + STEP_AHEAD, 1, 2);
      x.p = load16(s.p + i);
      x.g = load16(s.g + i) * s.gradientScale;
      if (state & HAS_M) x.m = load16(s.m + i);
      if (state & HAS_V) x.v = load16(s.v + i);
      if (state & HAS_A) x.a = load16(s.a + i);
      rule(&s, state, &x);
      store16(s.p + i, x.p);
      if (state & HAS_M) store16(s.m + i, x.m);
      if (state & HAS_V) store16(s.v + i, x.v);
      if (state & HAS_A) store16(s.a + i, x.a);
      if (s.target) {
        v16 t = load16(s.target + i);
        store16(s.target + i, fma16(polyak, x.p - t, t));
      }
    } else {
      long w = s.n - i;
      x.p = load16n(s.p + i, w);
      x.g = load16n(s.g + i, w) * s.gradientScale;
      if (state & HAS_M) x.m = load16n(s.m + i, w);
      if (state & HAS_V) x.v = load16n(s.v + i, w);
      if (state & HAS_A) x.a = load16n(s.a + i, w);
      rule(&s, state, &x);
      store16n(s.p + i, x.p, w);
      if (state & HAS_M) store16n(s.m + i, x.m, w);
      if (state & HAS_V) store16n(s.v + i, x.v, w);
      if (state & HAS_A) store16n(s.a + i, x.a, w);
      if (s.target) {
        v16 t = load16n(s.target + i, w);
        store16n(s.target + i, fma16(polyak, x.p - t, t), w);
      }
    }
  }
}

INLINE void NAME(adam16)(const ck_step_t *s, int state, lanes16 *x) {
  (void)state;
  x->m = NAME(flush)(fma16(splat(1.0f - s->beta1), x->g - x->m, x->m));
  x->v = NAME(flush)(fma16(splat(1.0f - s->beta2), fma16(x->g, x->g, -x->v), x->v));
  v16 d = fma16(sqrt16(x->v), splat(s->scale), splat(s->epsilon));
  v16 move = s->rate * x->m / d;
  // A factor 1 - decay would have lost most digits of a small decay; this sum has not.
  if (s->decay != 0.0f) move = fma16(splat(s->decay), x->p, move);
  x->p = x->p - move;
}

// The gradient with the slope of decay / 2 |p|^2.
INLINE v16 NAME(decayed)(const ck_step_t *s, const lanes16 *x) { return s->decay != 0.0f ? fma16(splat(s->decay), x->p, x->g) : x->g; }

INLINE void NAME(sgd16)(const ck_step_t *s, int state, lanes16 *x) {
  v16 move = NAME(decayed)(s, x);
  if (state & HAS_M) {
    x->m = NAME(flush)(fma16(splat(s->beta1), x->m, move));
    move = s->nesterov ? fma16(splat(s->beta1), x->m, move) : x->m;
  }
  x->p = fma16(splat(-s->rate), move, x->p);
}

INLINE void NAME(rmsprop16)(const ck_step_t *s, int state, lanes16 *x) {
  v16 g = NAME(decayed)(s, x), share = splat(1.0f - s->beta2);
  x->v = NAME(flush)(fma16(share, fma16(g, g, -x->v), x->v));
  v16 square = x->v;
  if (state & HAS_A) {
    x->a = NAME(flush)(fma16(share, g - x->a, x->a));
    square = fma16(-x->a, x->a, square);
    // Rounding can leave a variance just below zero, whose root would be a NaN. A NaN stays.
    square = pick(square < 0.0f, splat(0), square);
  }
  v16 move = g / (sqrt16(square) + s->epsilon);
  if (state & HAS_M) {
    x->m = NAME(flush)(fma16(splat(s->beta1), x->m, move));
    move = x->m;
  }
  x->p = fma16(splat(-s->rate), move, x->p);
}

static void NAME(adam)(const ck_step_t *s) { NAME(pass)(s, HAS_M | HAS_V, NAME(adam16)); }

static void NAME(sgd)(const ck_step_t *s) {
  if (s->m)
    NAME(pass)(s, HAS_M, NAME(sgd16));
  else
    NAME(pass)(s, HAS_NONE, NAME(sgd16));
}

static void NAME(rmsprop)(const ck_step_t *s) {
  if (s->a && s->m)
    NAME(pass)(s, HAS_M | HAS_V | HAS_A, NAME(rmsprop16));
  else if (s->a)
    NAME(pass)(s, HAS_V | HAS_A, NAME(rmsprop16));
  else if (s->m)
    NAME(pass)(s, HAS_M | HAS_V, NAME(rmsprop16));
  else
    NAME(pass)(s, HAS_V, NAME(rmsprop16));
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

// Comparisons with a NaN are false, so it stays.
static void NAME(clamp)(long n, float low, float high, float *x) {
  v16 l = splat(low), h = splat(high);
  for (long i = 0; i < n; i += 16) {
    long w = n - i;
    v16 y = w >= 16 ? load16(x + i) : load16n(x + i, w);
    y = pick(y < l, l, pick(y > h, h, y));
    if (w >= 16)
      store16(x + i, y);
    else
      store16n(x + i, y, w);
  }
}

// In double precision the square of a float is exact, and no sum of them overflows or underflows.
static double NAME(sum_of_squares)(long n, const float *x) {
  d16 s = {0};
  for (long i = 0; i < n; i += 16) {
    d16 y = __builtin_convertvector(n - i >= 16 ? load16(x + i) : load16n(x + i, n - i), d16);
    s += y * y;
  }
  double f[16] __attribute__((aligned(128)));
  *(d16 *)f = s;
  for (int w = 8; w >= 1; w >>= 1)
    for (int i = 0; i < w; i++) f[i] += f[i + w];
  return f[0];
}
