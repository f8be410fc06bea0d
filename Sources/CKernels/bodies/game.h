// Water-filling games of eight networks at once: eight numbers a place, the network as the fastest index.

typedef float v8 __attribute__((vector_size(32)));
typedef float v8u __attribute__((vector_size(32), aligned(4)));

INLINE v8 NAME(place)(const float *p, long i) { return *(const v8u *)(p + 8 * i); }

// Sums of four rows over senders [from, to), whose powers lie `skipped` places further on than their gains.
INLINE void NAME(four_rows)(v8 sums[4], const float *const rows[4], const float *powers, long from, long to, long skipped) {
  for (long v = from; v < to; v++) {
    v8 p = NAME(place)(powers, v + skipped);
    UNROLL for (int r = 0; r < 4; r++) sums[r] += p * NAME(place)(rows[r], v);
  }
}

static void NAME(interference_levels)(
  const ck_cells_t *network, const float *inverse_own, const float *cross, const float *powers, int backwards, float *levels) {
  const long users = network->users;
  const float n = network->noise;
  const v8 noise = {n, n, n, n, n, n, n, n};
  for (long step = 0; step < network->frequencies; step++) {
    const long f = backwards ? network->frequencies - 1 - step : step;
    const float *p = powers + f * users * 8, *own = inverse_own + f * users * 8, *gains = cross + f * network->pairs * 8;
    float *c = levels + f * users * 8;
    for (long cell = 0, first = 0; cell < network->cells; cell++) {
      const long count = network->users_of_cells[cell], senders = users - count;
      // Four receivers at a time, so that a power is read once for all of them. A row that is not there repeats the last one.
      for (long u = 0; u < count; u += 4) {
        const float *rows[4];
        v8 sums[4];
        for (long r = 0; r < 4; r++) {
          rows[r] = gains + (u + r < count ? r : count - 1 - u) * senders * 8;
          sums[r] = noise;
        }
        NAME(four_rows)(sums, rows, p, 0, first, 0);
        NAME(four_rows)(sums, rows, p, first, senders, count);
        const long there = count - u < 4 ? count - u : 4;
        for (long r = 0; r < there; r++) *(v8u *)(c + (first + u + r) * 8) = sums[r] * NAME(place)(own, first + u + r);
        gains += there * senders * 8;
      }
      first += count;
    }
  }
}

INLINE v16 NAME(anticipated)(v16 c, v16 p, v16 steepness) { return (c * c - steepness * (p * p)) / (c + steepness * p); }

static void NAME(anticipated_levels)(long n, const float *powers, int forward, float steepness, float *levels) {
  for (long i = 0; i < n; i += 16) {
    const long w = n - i < 16 ? n - i : 16;
    v16 c = w == 16 ? load16(levels + i) : load16n(levels + i, w), p = w == 16 ? load16(powers + i) : load16n(powers + i, w);
    v16 y = NAME(anticipated)(c, p, forward ? sqrt16(c / (c + c + p)) : splat(steepness));
    if (w == 16) store16(levels + i, y);
    else store16n(levels + i, y, w);
  }
}

// Sixteen water levels at once; `w` of them are there.
INLINE void NAME(fill_16)(
  long frequencies, long stride, long comparators, const int32_t *pairs, const float *levels, const float *budgets, long w, float *sorted, float *powers,
  float *water) {
  for (long f = 0; f < frequencies; f++) store16(sorted + 16 * f, w == 16 ? load16(levels + f * stride) : load16n(levels + f * stride, w));
  for (long i = 0; i < comparators; i++) {
    float *x = sorted + 16 * pairs[2 * i], *y = sorted + 16 * pairs[2 * i + 1];
    v16 a = load16(x), b = load16(y);
    i16 less = a < b;
    store16(x, pick(less, a, b));
    store16(y, pick(less, b, a));
  }
  v16 sum = (w == 16 ? load16(budgets) : load16n(budgets, w)) + load16(sorted), level = sum;
  for (long k = 1; k < frequencies; k++) {
    sum += load16(sorted + 16 * k);
    level = min16(sum * (1.0f / (float)(k + 1)), level);
  }
  if (w == 16) store16(water, level);
  else store16n(water, level, w);
  for (long f = 0; f < frequencies; f++) {
    v16 power = level - (w == 16 ? load16(levels + f * stride) : load16n(levels + f * stride, w));
    power = max16(power, splat(0));
    if (w == 16) store16(powers + f * stride, power);
    else store16n(powers + f * stride, power, w);
  }
}

static void NAME(water_filling)(
  long frequencies, long users, long comparators, const int32_t *pairs, const float *levels, const float *budgets, float *sorted, float *powers,
  float *water) {
  const long n = 8 * users;
  for (long i = 0; i + 16 <= n; i += 16)
    NAME(fill_16)(frequencies, n, comparators, pairs, levels + i, budgets + i, 16, sorted, powers + i, water + i);
  const long i = n - n % 16;
  if (i < n) NAME(fill_16)(frequencies, n, comparators, pairs, levels + i, budgets + i, n - i, sorted, powers + i, water + i);
}
