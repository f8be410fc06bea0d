// Axes in another order: extents are the result's, strides those of the operand along the result's axes.
static void NAME(transpose)(const long extents[4], const long strides[4], const float *x, float *y) {
  const long columns = extents[3], step = strides[3], rows = extents[2], row = strides[2];
  for (long i = 0; i < extents[0]; i++) {
    for (long j = 0; j < extents[1]; j++) {
      const float *in = x + i * strides[0] + j * strides[1];
      float *out = y + (i * extents[1] + j) * rows * columns;
      if (step == 1) {
        for (long r = 0; r < rows; r++) memcpy(out + r * columns, in + r * row, (size_t)columns * 4);
      } else if (row == 1) {
        NAME(turn)(in, step, columns, rows, out, columns);
      } else {
        for (long r = 0; r < rows; r++)
          for (long c = 0; c < columns; c++) out[r * columns + c] = in[r * row + c * step];
      }
    }
  }
}
