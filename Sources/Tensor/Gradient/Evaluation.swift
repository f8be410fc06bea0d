import CKernels

extension Tape {
  /// Computes the value of a node from the values of its operands.
  func evaluate(_ index: Int) {
    let node = nodes[index]
    let out = unsafe node.value
    let count = node.shape.count
    switch node.operation {
    case .leaf:
      break
    case .product(let a, let b, let transposeA, let transposeB, let start, let activation, let batch):
      multiply(node, nodes[Int(a)], nodes[Int(b)], transposeA, transposeB, start < 0 ? nil : nodes[Int(start)], activation, Int(batch))
    case .unary(let function, let x):
      nonisolated(unsafe) let (x, out) = unsafe (value(x), out)
      share(count) { from, count in unsafe ck_unary(function.rawValue, count, x + from, out + from) }
    case .binary(let function, let a, let b):
      if nodes[Int(a)].shape.count == count && nodes[Int(b)].shape.count == count {
        nonisolated(unsafe) let (a, b, out) = unsafe (value(a), value(b), out)
        share(count) { from, count in unsafe ck_binary(function.rawValue, count, a + from, b + from, out + from) }
      } else {
        combine(function, node, nodes[Int(a)], nodes[Int(b)])
      }
    case .affine(let x, let scale, let shift):
      unsafe ck_affine(count, scale, value(x), shift, out)
    case .sum(let x, let view):
      unsafe ck_sum_axis(Int(view.outer), Int(view.extent), Int(view.inner), value(x), out)
    case .spread(let x, let view):
      unsafe ck_spread_axis(Int(view.outer), Int(view.extent), Int(view.inner), value(x), out)
    case .softmax(let x):
      unsafe ck_softmax_rows(node.shape.rows, node.shape.columns, value(x), out)
    case .logSoftmax(let x):
      unsafe ck_log_softmax_rows(node.shape.rows, node.shape.columns, value(x), out)
    case .standardize(let x, let epsilon):
      unsafe ck_standardize_rows(node.shape.rows, node.shape.columns, epsilon, value(x), out)
    case .inverseDeviation(let x, let epsilon):
      unsafe ck_inverse_deviation_rows(nodes[Int(x)].shape.rows, nodes[Int(x)].shape.columns, epsilon, value(x), out)
    case .slice(let x, let view, let from):
      unsafe copyRange(of: value(x), view, from: Int(from), into: out, count)
    case .pad(let x, let view, let from):
      unsafe out.update(repeating: 0, count: count)
      unsafe fillRange(of: out, view, from: Int(from), with: value(x), nodes[Int(x)].shape.count)
    case .select(let x, let view, let indices):
      forEachPlace(view) { place, start, step in unsafe out[place] = unsafe value(x)[start + Int(indices[place]) * step] }
    case .place(let x, let view, let indices):
      unsafe out.update(repeating: 0, count: count)
      forEachPlace(view) { place, start, step in unsafe out[start + Int(indices[place]) * step] = unsafe value(x)[place] }
    case .gather(let x, let view, let indices):
      unsafe gather(value(x), view, indices, count, out)
    case .scatter(let x, let view, let indices):
      unsafe out.update(repeating: 0, count: count)
      unsafe scatter(value(x), view, indices, nodes[Int(x)].shape.count, out)
    case .tableRows(let table, let start, let indices, let groups):
      let choices = nodes[Int(table)].shape[0] / Int(groups)
      let bias = unsafe start < 0 ? nil : UnsafePointer(value(start))
      unsafe ck_sum_table_rows(node.shape.rows, Int(groups), choices, node.shape.columns, value(table), indices, bias, out)
    case .scatterRows(let x, let indices, let groups):
      unsafe out.update(repeating: 0, count: count)
      let rows = nodes[Int(x)].shape.rows
      unsafe ck_scatter_table_rows(rows, Int(groups), node.shape[0] / Int(groups), node.shape.columns, value(x), indices, out)
    case .transpose(let x, let order):
      transpose(nodes[Int(x)], node, order)
    case .concatenate(let parts, let number, let view):
      var from = 0
      for i in 0..<Int(number) {
        let part = unsafe nodes[Int(parts[i])]
        unsafe fillRange(of: out, view, from: from, with: part.value, part.shape.count)
        from += part.shape.count / max(Int(view.outer * view.inner), 1)
      }
    case .substitute(_, let x), .reshape(let x), .stop(let x):
      unsafe out.update(from: value(x), count: count)
    }
  }

  func value(_ node: Int32) -> UnsafeMutablePointer<Float> { unsafe nodes[Int(node)].value }

  /// The memory of an operation that only looks at its operand's, or nil where it has to compute.
  func shared(_ operation: Operation) -> UnsafeMutablePointer<Float>? {
    switch operation {
    case .reshape(let x), .stop(let x), .substitute(_, let x): unsafe value(x)
    case .slice(let x, let view, let from) where view.outer == 1: unsafe value(x) + Int(from) * Int(view.inner)
    default: nil
    }
  }

  /// Calls `body` for all elements, in as many pieces as threads where there are many.
  private func share(_ count: Int, _ body: @Sendable (_ from: Int, _ count: Int) -> Void) {
    guard threads > 1 && count >= Tape.elementsWorthSharing else { return body(0, count) }
    let (parts, total) = (threads, count)
    Parallel.forEach(parts, threads: parts) { part, _ in
      let from = part * total / parts & ~15
      body(from, (part == parts - 1 ? total : (part + 1) * total / parts & ~15) - from)
    }
  }

  /// Elements from which on threads share a function of each.
  static let elementsWorthSharing = 1 << 16

  // MARK: Products

  private func multiply(
    _ c: Node, _ a: Node, _ b: Node, _ transposeA: Bool, _ transposeB: Bool, _ start: Node?, _ activation: FusedActivation, _ batch: Int
  ) {
    var g = unsafe ck_gemm_t()
    let rows = batch == 1 ? c.shape.rows : c.shape.rows / max(batch, 1)
    let inner = transposeA ? a.shape.rows : a.shape.columns
    unsafe g.m = rows
    unsafe g.n = c.shape.columns
    unsafe g.k = batch == 1 || !transposeA ? inner : inner / max(batch, 1)
    unsafe g.a = UnsafePointer(a.value)
    unsafe g.lda = a.shape.columns
    unsafe g.transposeA = transposeA ? 1 : 0
    unsafe g.b = UnsafePointer(b.value)
    unsafe g.ldb = b.shape.columns
    unsafe g.transposeB = transposeB ? 1 : 0
    unsafe g.c = c.value
    unsafe g.ldc = c.shape.columns
    unsafe g.activation = activation.rawValue
    // From one product to the next: a whole result, a row vector of its own, or the same row vector.
    var startStep = 0
    if let start {
      if start.shape.count == c.shape.count {
        unsafe g.start = UnsafePointer(start.value)
        unsafe g.lds = c.shape.columns
        startStep = rows * c.shape.columns
      } else {
        unsafe g.bias = UnsafePointer(start.value)
        startStep = start.shape.count == c.shape.columns ? 0 : c.shape.columns
      }
    }
    unsafe multiply(g, batch, aStep: a.shape.count / max(batch, 1), bStep: b.shape.count / max(batch, 1), startStep: startStep)
  }

  /// Products of one form whose operands lie at equal distances.
  private func multiply(_ first: ck_gemm_t, _ batch: Int, aStep: Int, bStep: Int, startStep: Int) {
    nonisolated(unsafe) let first = unsafe first
    @Sendable func product(_ index: Int) -> ck_gemm_t {
      var g = unsafe first
      unsafe g.a += index * aStep
      unsafe g.b += index * bStep
      unsafe g.c += index * g.m * g.ldc
      if unsafe g.start != nil { unsafe g.start += index * startStep }
      if unsafe g.bias != nil { unsafe g.bias += index * startStep }
      return unsafe g
    }
    let work = unsafe first.m * first.n * first.k * batch
    if threads == 1 || work < Tape.workWorthSharing {
      for index in 0..<batch {
        var g = unsafe product(index)
        unsafe ck_gemm(&g)
      }
    } else if batch >= threads {
      Parallel.forEach(batch, threads: threads) { index, _ in
        var g = unsafe product(index)
        unsafe ck_gemm(&g)
      }
    } else {
      let parts = threads
      for index in 0..<batch {
        nonisolated(unsafe) let whole = unsafe product(index)
        Parallel.forEach(parts, threads: parts) { part, _ in
          var g = unsafe whole.part(part, of: parts)
          unsafe ck_gemm(&g)
        }
      }
    }
  }

  /// Multiplications from which on threads share a product: below, waking them costs more than they save.
  static let workWorthSharing = 1 << 21

  // MARK: Operands that are repeated

  /// A function of two arrays, each repeated along the axes where its extent is one.
  private func combine(_ function: BinaryFunction, _ y: Node, _ a: Node, _ b: Node) {
    // From the fastest axis to the slowest; neighbours that both operands cross in one stride become one.
    var extents = InlineArray<4, Int>(repeating: 1)
    var first = InlineArray<4, Int>(repeating: 0)
    var second = InlineArray<4, Int>(repeating: 0)
    var used = 0
    var (firstSize, secondSize) = (1, 1)
    for axis in 1...max(y.shape.rank, 1) {
      let extent = y.shape.extent(fromLast: axis)
      let (firstExtent, secondExtent) = (a.shape.extent(fromLast: axis), b.shape.extent(fromLast: axis))
      let (firstStride, secondStride) = (firstExtent == 1 ? 0 : firstSize, secondExtent == 1 ? 0 : secondSize)
      firstSize *= firstExtent
      secondSize *= secondExtent
      if extent == 1 { continue }
      if used > 0 && firstStride == first[used - 1] * extents[used - 1] && secondStride == second[used - 1] * extents[used - 1] {
        extents[used - 1] *= extent
      } else {
        (extents[used], first[used], second[used]) = (extent, firstStride, secondStride)
        used += 1
      }
    }
    var out = unsafe y.value
    for i in 0..<extents[3] {
      for j in 0..<extents[2] {
        let left = unsafe a.value + (i * first[3] + j * first[2])
        let right = unsafe b.value + (i * second[3] + j * second[2])
        unsafe ck_binary_rows(function.rawValue, extents[1], extents[0], left, first[1], first[0], right, second[1], second[0], out)
        unsafe out += extents[1] * extents[0]
      }
    }
  }

  // MARK: Ranges and indices

  private func copyRange(
    of x: UnsafeMutablePointer<Float>, _ view: AxisView, from: Int, into out: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    let (outer, inner) = (Int(view.outer), Int(view.inner))
    let width = outer == 0 ? 0 : count / outer
    for o in 0..<outer { unsafe (out + o * width).update(from: x + (o * Int(view.extent) + from) * inner, count: width) }
  }

  private func fillRange(
    of out: UnsafeMutablePointer<Float>, _ view: AxisView, from: Int, with x: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    let (outer, inner) = (Int(view.outer), Int(view.inner))
    let width = outer == 0 ? 0 : count / outer
    for o in 0..<outer { unsafe (out + (o * Int(view.extent) + from) * inner).update(from: x + o * width, count: width) }
  }

  /// Every place of the axes before and behind, with the element at which the axis begins there and the distance along it.
  private func forEachPlace(_ view: AxisView, _ body: (_ place: Int, _ start: Int, _ step: Int) -> Void) {
    let (extent, inner) = (Int(view.extent), Int(view.inner))
    for o in 0..<Int(view.outer) { for j in 0..<inner { body(o * inner + j, o * extent * inner + j, inner) } }
  }

  private func gather(
    _ x: UnsafeMutablePointer<Float>, _ view: AxisView, _ indices: UnsafePointer<Int32>, _ count: Int, _ out: UnsafeMutablePointer<Float>
  ) {
    let (outer, inner) = (Int(view.outer), Int(view.inner))
    let places = outer * inner == 0 ? 0 : count / (outer * inner)
    for o in 0..<outer {
      for i in 0..<places { unsafe (out + (o * places + i) * inner).update(from: x + (o * Int(view.extent) + Int(indices[i])) * inner, count: inner) }
    }
  }

  private func scatter(
    _ x: UnsafeMutablePointer<Float>, _ view: AxisView, _ indices: UnsafePointer<Int32>, _ count: Int, _ out: UnsafeMutablePointer<Float>
  ) {
    let (outer, inner) = (Int(view.outer), Int(view.inner))
    let places = outer * inner == 0 ? 0 : count / (outer * inner)
    for o in 0..<outer {
      for i in 0..<places {
        let target = unsafe out + (o * Int(view.extent) + Int(indices[i])) * inner
        unsafe ck_binary(BinaryFunction.add.rawValue, inner, target, x + (o * places + i) * inner, target)
      }
    }
  }

  private func transpose(_ x: Node, _ y: Node, _ order: Permutation) {
    let rank = y.shape.rank
    // Axes that the shape does not have come first, with extent one.
    var extents = InlineArray<4, Int>(repeating: 1)
    var strides = InlineArray<4, Int>(repeating: 0)
    for axis in 0..<rank {
      extents[4 - rank + axis] = y.shape[axis]
      strides[4 - rank + axis] = Int(AxisView(x.shape, order[axis]).inner)
    }
    unsafe extents.span.withUnsafeBufferPointer { extents in
      unsafe strides.span.withUnsafeBufferPointer { strides in
        unsafe ck_transpose(extents.baseAddress, strides.baseAddress, x.value, y.value)
      }
    }
  }
}

extension ck_gemm_t {
  /// One of several parts of the result, by columns where there are many, else by rows.
  func part(_ index: Int, of parts: Int) -> ck_gemm_t {
    var g = unsafe self
    // Parts begin at multiples of the kernels' tiles.
    let byColumns = unsafe n >= 64 * parts
    let (extent, unit) = unsafe byColumns ? (n, 32) : (m, 12)
    let tiles = (extent + unit - 1) / unit
    let from = index * tiles / parts * unit
    let count = Swift.max(0, Swift.min(extent, (index + 1) * tiles / parts * unit) - from)
    if byColumns {
      unsafe g.n = count
      unsafe g.b += transposeB != 0 ? from * ldb : from
      unsafe g.c += from
      if unsafe g.bias != nil { unsafe g.bias += from }
      if unsafe g.start != nil { unsafe g.start += from }
    } else {
      unsafe g.m = count
      unsafe g.a += transposeA != 0 ? from : from * lda
      unsafe g.c += from * ldc
      if unsafe g.start != nil { unsafe g.start += from * lds }
    }
    return unsafe g
  }
}
