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
    case .product(let a, let b, let transposeA, let transposeB, let start, let activation):
      multiply(node, nodes[Int(a)], nodes[Int(b)], transposeA, transposeB, start < 0 ? nil : nodes[Int(start)], activation)
    case .unary(let function, let x):
      unsafe ck_unary(function.rawValue, count, value(x), out)
    case .binary(let function, let a, let b):
      unsafe ck_binary(function.rawValue, count, value(a), value(b), out)
    case .affine(let x, let scale, let shift):
      unsafe ck_affine(count, scale, value(x), shift, out)
    case .sum(let x):
      unsafe out.pointee = ck_sum(nodes[Int(x)].shape.count, value(x))
    case .columnSums(let x):
      unsafe ck_column_sums(nodes[Int(x)].shape.rows, nodes[Int(x)].shape.columns, value(x), out, 0)
    case .rowSums(let x):
      unsafe ck_row_sums(nodes[Int(x)].shape.rows, nodes[Int(x)].shape.columns, value(x), out)
    case .spread(let x):
      unsafe out.update(repeating: value(x).pointee, count: count)
    case .spreadRow(let x):
      for row in 0..<node.shape.rows { unsafe (out + row * node.shape.columns).update(from: value(x), count: node.shape.columns) }
    case .spreadColumn(let x):
      let width = node.shape.columns
      for row in 0..<node.shape.rows { unsafe (out + row * width).update(repeating: value(x)[row], count: width) }
    case .softmax(let x):
      unsafe ck_softmax_rows(node.shape.rows, node.shape.columns, value(x), out)
    case .columns(let x, let from):
      let width = node.shape.columns
      let stride = nodes[Int(x)].shape.columns
      for row in 0..<node.shape.rows { unsafe (out + row * width).update(from: value(x) + row * stride + Int(from), count: width) }
    case .placeColumns(let x, let from):
      unsafe out.update(repeating: 0, count: count)
      let width = nodes[Int(x)].shape.columns
      for row in 0..<node.shape.rows {
        unsafe (out + row * node.shape.columns + Int(from)).update(from: value(x) + row * width, count: width)
      }
    case .select(let x, let indices):
      let width = nodes[Int(x)].shape.columns
      for row in 0..<count { unsafe out[row] = unsafe value(x)[row * width + Int(indices[row])] }
    case .place(let x, let indices):
      unsafe out.update(repeating: 0, count: count)
      for row in 0..<node.shape.rows { unsafe out[row * node.shape.columns + Int(indices[row])] = unsafe value(x)[row] }
    case .tableRows(let table, let start, let indices, let groups):
      let choices = nodes[Int(table)].shape[0] / Int(groups)
      let bias = unsafe start < 0 ? nil : UnsafePointer(value(start))
      unsafe ck_sum_table_rows(node.shape.rows, Int(groups), choices, node.shape.columns, value(table), indices, bias, out)
    case .scatterRows(let x, let indices, let groups):
      unsafe out.update(repeating: 0, count: count)
      let rows = nodes[Int(x)].shape.rows
      unsafe ck_scatter_table_rows(rows, Int(groups), node.shape[0] / Int(groups), node.shape.columns, value(x), indices, out)
    case .substitute(_, let x), .reshape(let x), .stop(let x):
      unsafe out.update(from: value(x), count: count)
    }
  }

  func value(_ node: Int32) -> UnsafeMutablePointer<Float> { unsafe nodes[Int(node)].value }

  private func multiply(_ c: Node, _ a: Node, _ b: Node, _ transposeA: Bool, _ transposeB: Bool, _ start: Node?, _ activation: Activation) {
    var g = unsafe ck_gemm_t()
    unsafe g.m = c.shape.rows
    unsafe g.n = c.shape.columns
    unsafe g.k = transposeA ? a.shape.rows : a.shape.columns
    unsafe g.a = UnsafePointer(a.value)
    unsafe g.lda = a.shape.columns
    unsafe g.transposeA = transposeA ? 1 : 0
    unsafe g.b = UnsafePointer(b.value)
    unsafe g.ldb = b.shape.columns
    unsafe g.transposeB = transposeB ? 1 : 0
    unsafe g.c = c.value
    unsafe g.ldc = c.shape.columns
    unsafe g.activation = activation.rawValue
    if let start {
      if start.shape.count == c.shape.count {
        unsafe g.start = UnsafePointer(start.value)
        unsafe g.lds = c.shape.columns
      } else {
        unsafe g.bias = UnsafePointer(start.value)
      }
    }
    unsafe ck_gemm(&g)
  }
}
