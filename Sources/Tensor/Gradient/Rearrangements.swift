/// Shapes, ranges, indices: the same elements in other places.
extension Variable {
  // MARK: Shapes

  /// The same elements under another shape, without a copy.
  public func reshaped(_ shape: Shape) -> Variable {
    precondition(shape.count == self.shape.count, "Variable.reshaped: \(self.shape) has no view \(shape)")
    return record(.reshape(node), shape)
  }

  /// One more axis of extent one.
  public func expanded(at axis: Int) -> Variable { reshaped(shape.inserting(1, at: axis)) }

  /// The axes in another order: axis i of the result is axis `order[i]` of this variable.
  ///
  /// Products take transposed operands as they are; see ``matmul(_:_:transposingFirst:transposingSecond:)``.
  public func transposed(_ order: [Int]) -> Variable {
    let rank = shape.rank
    precondition(order.sorted() == Array(0..<rank), "Variable.transposed: \(order) is no order of the axes of \(shape)")
    return record(.transpose(node, Permutation(order)), Shape(order.map { shape[$0] }))
  }

  /// The last two axes exchanged.
  public func transposed() -> Variable {
    let rank = shape.rank
    precondition(rank >= 2, "Variable.transposed: \(shape) has no two axes")
    var order = Permutation([])
    (order[rank - 2], order[rank - 1]) = (rank - 1, rank - 2)
    let result = shape.replacing(rank - 2, by: shape[rank - 1]).replacing(rank - 1, by: shape[rank - 2])
    return record(.transpose(node, order), result)
  }

  /// Repeated along axes where its extent is one, to fill a shape.
  public func broadcast(to target: Shape) -> Variable {
    precondition(
      shape.rank <= target.rank && shape.broadcast(with: target) == target, "Variable.broadcast: \(shape) cannot be repeated to fill \(target)")
    var result = self
    // Runs of repeated axes, from the fastest to the slowest.
    var axis = 1
    while axis <= target.rank {
      let start = axis
      while axis <= target.rank && shape.extent(fromLast: axis) == 1 { axis += 1 }
      var view = AxisView(outer: 1, extent: 1, inner: 1)
      var filled = target
      for other in 1...target.rank {
        if other < start {
          view.inner *= Int32(target.extent(fromLast: other))
        } else if other < axis {
          view.extent *= Int32(target.extent(fromLast: other))
        } else {
          view.outer *= Int32(shape.extent(fromLast: other))
          filled = filled.replacing(-other, by: shape.extent(fromLast: other))
        }
      }
      if view.extent > 1 { result = result.record(.spread(result.node, view), filled) }
      if start == axis { axis += 1 }
    }
    return result.shape == target ? result : result.reshaped(target)
  }

  // MARK: Ranges

  /// A range of places of one axis. Along the first axis without a copy.
  public func slice(_ range: Range<Int>, along axis: Int) -> Variable {
    let axis = shape.axis(axis)
    precondition(range.lowerBound >= 0 && range.upperBound <= shape[axis], "Variable.slice: \(range) of axis \(axis) of \(shape)")
    return record(.slice(node, AxisView(shape, axis), from: Int32(range.lowerBound)), shape.replacing(axis, by: range.count))
  }

  /// A range of places of the last axis.
  public func columns(_ range: Range<Int>) -> Variable { slice(range, along: -1) }

  /// Zeros before and behind along one axis.
  public func padded(before: Int = 0, behind: Int = 0, along axis: Int) -> Variable {
    precondition(before >= 0 && behind >= 0, "Variable.padded: \(before) zeros before and \(behind) behind")
    let axis = shape.axis(axis)
    let whole = shape.replacing(axis, by: before + shape[axis] + behind)
    return record(.pad(node, AxisView(whole, axis), from: Int32(before)), whole)
  }

  /// Arrays one behind the other along an axis; all other extents are equal.
  public static func concatenate(_ parts: [Variable], along axis: Int) -> Variable {
    precondition(!parts.isEmpty, "Variable.concatenate: there is nothing to join")
    let first = parts[0].shape
    let axis = first.axis(axis)
    var total = 0
    for part in parts {
      precondition(
        part.shape.rank == first.rank && part.shape.replacing(axis, by: 1) == first.replacing(axis, by: 1),
        "Variable.concatenate: \(part.shape) behind \(first) along axis \(axis)")
      total += part.shape[axis]
    }
    let whole = first.replacing(axis, by: total)
    let tape = parts[0].tape
    let nodes = unsafe tape.arena.integers(parts.count)
    for (i, part) in parts.enumerated() { unsafe nodes[i] = part.node }
    return parts[0].record(unsafe .concatenate(UnsafePointer(nodes), count: Int32(parts.count), AxisView(whole, axis)), whole)
  }

  /// Arrays of one shape side by side along a new axis.
  public static func stack(_ parts: [Variable], along axis: Int = 0) -> Variable {
    concatenate(parts.map { $0.expanded(at: axis) }, along: axis)
  }

  // MARK: Indices

  /// The element of one axis that `indices` name, for each place of the other axes; the axis stays with extent one.
  ///
  /// `[rows, D]` to `[rows, 1]`, for example the value of the action taken. Indices are in row-major order of the other axes.
  public func selecting(_ indices: Span<Int32>, along axis: Int = -1) -> Variable {
    let axis = shape.axis(axis)
    let view = AxisView(shape, axis)
    precondition(indices.count == Int(view.outer * view.inner), "Variable.selecting: \(indices.count) indices for axis \(axis) of \(shape)")
    for i in 0..<indices.count {
      precondition(indices[i] >= 0 && indices[i] < view.extent, "Variable.selecting: index \(indices[i]) of \(view.extent)")
    }
    return record(unsafe .select(node, view, indices: tape.keep(indices)), shape.replacing(axis, by: 1))
  }

  /// The places of one axis in the order of `indices`, which may repeat: rows of an embedding, members of a group.
  public func gathering(_ indices: Span<Int32>, along axis: Int = 0) -> Variable {
    let axis = shape.axis(axis)
    let view = AxisView(shape, axis)
    for i in 0..<indices.count {
      precondition(indices[i] >= 0 && indices[i] < view.extent, "Variable.gathering: index \(indices[i]) of \(view.extent)")
    }
    return record(unsafe .gather(node, view, indices: tape.keep(indices)), shape.replacing(axis, by: indices.count))
  }

  /// The rows that `indices` name, which the tape keeps already.
  func gathering(_ indices: UnsafePointer<Int32>, count: Int) -> Variable {
    record(unsafe .gather(node, AxisView(shape, 0), indices: indices), shape.replacing(0, by: count))
  }

  /// The rows of tables that lie one behind the other, from choices that came as numbers. `[…, fields]`
  func tableRows(fields: Int, choices: Int, models: Int) -> UnsafePointer<Int32> {
    let rows = unsafe tape.arena.integers(shape.count)
    let values = unsafe tape.value(node)
    let share = shape.count / models
    for place in 0..<shape.count {
      let choice = unsafe Layer.choice(values[place], of: choices)
      unsafe rows[place] = Int32((place / share * fields + place % fields) * choices + choice)
    }
    return unsafe UnsafePointer(rows)
  }

  /// start + Σ_g self[g · choices + index[row, g]]: what concatenated one-hot vectors times this table give, by adding rows.
  ///
  /// - Parameters:
  ///   - indices: One choice for each row and group; −1 for a vector of zeros. `[rows, groups]`
  ///   - groups: The number of one-hot vectors side by side; the table has `groups · choices` rows.
  ///   - start: A row that is added to every row, or nothing.
  /// - Complexity: O(rows · groups · columns), without the factor `choices` of the product.
  public func sumOfRows(_ indices: Span<Int32>, groups: Int, plus start: Variable? = nil) -> Variable {
    precondition(groups > 0 && shape.rows % groups == 0, "Variable.sumOfRows: a table of \(shape.rows) rows for \(groups) groups")
    precondition(indices.count % groups == 0, "Variable.sumOfRows: \(indices.count) indices for \(groups) groups")
    precondition(start == nil || start!.shape.count == shape.columns, "Variable.sumOfRows: a start of \(start!.shape) for rows of \(shape.columns)")
    let choices = shape.rows / groups
    for i in 0..<indices.count { precondition(indices[i] >= -1 && indices[i] < choices, "Variable.sumOfRows: index \(indices[i]) of \(choices)") }
    let operation = unsafe Operation.tableRows(table: node, start: start?.node ?? -1, indices: tape.keep(indices), groups: Int32(groups))
    return record(operation, Shape(indices.count / groups, shape.columns))
  }
}
