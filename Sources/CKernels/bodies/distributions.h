// Rows of distributions, for acting: choices and their log-probabilities straight from a network's outputs.

// y[r] (+)= ln softmax(x[r])[index[r]], with the bits of log_softmax_rows.
static void NAME(log_softmax_at)(long rows, long columns, const float *x, long x_row, const int32_t *index, long index_step, float *y, int accumulate) {
  for (long r = 0; r < rows; r++) {
    const float *in = x + r * x_row;
    const float largest = NAME(max)(columns, in);
    v16 s = splat(0);
    long i = 0;
    for (; i + 16 <= columns; i += 16) s += exp16(load16(in + i) - largest);
    if (i < columns) {
      // The lanes beyond the end hold e to the minus infinity.
      float rest[16] __attribute__((aligned(64)));
      for (long l = 0; l < 16; l++) rest[l] = i + l < columns ? in[i + l] - largest : -__builtin_inff();
      s += exp16(*(v16 *)rest);
    }
    const float logarithm = log16(splat(join16(s)))[0];
    const float value = (in[index[r * index_step]] - largest) - logarithm;
    y[r] = accumulate ? y[r] + value : value;
  }
}

// x holds noise e and receives mean + e^l e with l = deviation kept within low .. high; y[r] (+)= sum of (-e^2/2 - l) + constant.
static void NAME(gaussian_rows)(long rows, long columns, const float *mean, long mean_row, const float *deviation, long deviation_row, float low,
                                float high, float constant, float *x, float *y, int accumulate) {
  for (long r = 0; r < rows; r++) {
    v16 s = splat(0);
    for (long j = 0; j < columns; j += 16) {
      const long w = columns - j < 16 ? columns - j : 16;
      float *place = x + r * columns + j;
      v16 e = load16n(place, w), m = load16n(mean + r * mean_row + j, w);
      v16 l = min16(splat(high), max16(splat(low), load16n(deviation + r * deviation_row + j, w)));
      v16 term = (e * e) * -0.5f - l;
      if (w < 16) {
        // A bound may lie above zero, which is what the lanes beyond the end hold.
        const i16 lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
        term = pick(lanes < (int32_t)w, term, splat(0));
      }
      s += term;
      store16n(place, m + exp16(l) * e, w);
    }
    const float value = join16(s) + constant;
    y[r] = accumulate ? y[r] + value : value;
  }
}
