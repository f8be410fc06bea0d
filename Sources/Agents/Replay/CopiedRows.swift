/// Copies `width` numbers of every row of one matrix into every row of another. Strides are the rows' widths.
///
/// The target is passed as a whole: a property of a class that is indexed in a loop is checked for exclusive access each time.
func copyColumns<Number: BitwiseCopyable>(
  _ source: Span<Number>, _ rows: Int, every sourceStride: Int, from: Int, into target: inout [Number], every targetStride: Int, at: Int,
  width: Int = 1
) {
  var span = target.mutableSpan
  guard width > 8 else {
    for row in 0..<rows {
      for i in 0..<width { span[row * targetStride + at + i] = source[row * sourceStride + from + i] }
    }
    return
  }
  for row in 0..<rows { copy(source, from: row * sourceStride + from, into: &span, at: row * targetStride + at, count: width) }
}

/// Copies a run of numbers at once, after one check of both ends.
func copy<Number: BitwiseCopyable>(_ source: Span<Number>, from: Int, into target: inout MutableSpan<Number>, at: Int, count: Int) {
  precondition(
    count >= 0 && from >= 0 && at >= 0 && from + count <= source.count && at + count <= target.count,
    "copy: \(count) numbers from \(from) of \(source.count) to \(at) of \(target.count)")
  guard count > 0 else { return }
  unsafe source.withUnsafeBufferPointer { source in
    unsafe target.withUnsafeMutableBufferPointer { target in
      unsafe (target.baseAddress! + at).update(from: source.baseAddress! + from, count: count)
    }
  }
}

/// The same into an array.
func copy<Number: BitwiseCopyable>(_ source: [Number], from: Int, into target: inout [Number], at: Int, count: Int) {
  var span = target.mutableSpan
  copy(source.span, from: from, into: &span, at: at, count: count)
}
