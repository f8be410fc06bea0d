import TestSupport
import Testing

@testable import Tensor

/// Every operation gives a matrix the bits that it has alone, and the same bits on every CPU level.
@Suite struct ComplexBatchTests {
  /// The results of all operations as bits, for each matrix by itself.
  static func results(_ a: ComplexMatrices) -> [[UInt64]] {
    let wide = a.rows <= a.columns
    let gram = a.gram(of: wide ? .rows : .columns)
    let (factor, isPositiveDefinite) = gram.choleskyFactor()
    let (inverse, isInvertible) = gram.hermitianInverse()
    let (pseudoInverse, isFullRank) = a.pseudoInverse()
    let matrices = [
      a.multiplied(by: a, adjoint: .left), a.multiplied(by: a, adjoint: .right), a.multiplied(by: pseudoInverse), a.gram(of: .rows),
      a.gram(of: .columns), factor, factor.solveCholesky(wide ? a : a.conjugateTranspose), inverse, pseudoInverse,
      a.pseudoInverse(loading: 0.25).inverse,
    ]
    let (columnNorms, rowNorms, logDeterminants) = (a.columnNorms(), a.rowNorms(), factor.choleskyLogDeterminant())
    return (0..<a.count).map { m in
      let numbers = columnNorms[m * a.columns..<(m + 1) * a.columns] + rowNorms[m * a.rows..<(m + 1) * a.rows] + [logDeterminants[m]]
      let flags: [UInt64] = [isPositiveDefinite[m], isInvertible[m], isFullRank[m]].map { $0 ? 1 : 0 }
      return matrices.flatMap { ComplexSamples.bits(ComplexSamples.pick([m], of: $0)) } + numbers.map { $0.isNaN ? 1 : $0.bitPattern } + flags
    }
  }

  /// Normal numbers, with a zero matrix, a huge one, a tiny one, a NaN and an infinity among them.
  static func mixed(_ count: Int, _ rows: Int, _ columns: Int) -> ComplexMatrices {
    let a = ComplexSamples.normal(count, rows, columns, seed: 21)
    return ComplexMatrices(count: count, rows: rows, columns: columns) { matrix, row, column in
      let x = a[matrix: matrix, row: row, column: column]
      switch matrix {
      case 2: return .zero
      case 4: return x * 1e160
      case 5: return x * 1e-170
      case 7: return row == 0 && column == columns - 1 ? Complex(.nan, 1) : x
      case 9: return row == rows - 1 && column == 0 ? Complex(1, -.infinity) : x
      default: return x
      }
    }
  }

  static let shapes = [(1, 1), (2, 3), (3, 2), (4, 8), (8, 4), (5, 5), (7, 9), (16, 32)]

  @Test(arguments: shapes) func batchesAreSingleMatrices(rows: Int, columns: Int) {
    let a = Self.mixed(21, rows, columns)
    let together = Self.results(a)
    for matrix in 0..<21 {
      // Outside of the expectation, which would print thousands of numbers.
      let isEqual = together[matrix] == Self.results(ComplexSamples.pick([matrix], of: a))[0]
      #expect(isEqual, "matrix \(matrix)")
    }
    let backwards = Self.results(ComplexSamples.pick((0..<21).reversed(), of: a))
    let isReversed = together == backwards.reversed()
    #expect(isReversed)
  }

  @Test func workspacesServeAnyShape() {
    var workspace = ComplexWorkspace()
    for (rows, columns) in [(4, 8), (16, 32), (2, 3), (32, 16)] {
      let a = ComplexSamples.normal(13, rows, columns, seed: 22)
      var inverse = ComplexMatrices(count: 13, rows: columns, columns: rows)
      var isFullRank = [Bool](repeating: false, count: 13)
      var copy = workspace
      a.formPseudoInverse(into: &inverse, isFullRank: &isFullRank, workspace: &workspace)
      #expect((inverse, isFullRank) == a.pseudoInverse())
      let kept = inverse
      a.formPseudoInverse(loading: 1, into: &inverse, isFullRank: &isFullRank, workspace: &copy)
      #expect(kept == a.pseudoInverse().inverse && inverse == a.pseudoInverse(loading: 1).inverse)
    }
  }
}

// A part of the suite that is serialised, for the level is one variable of the process.
extension KernelLevelTests {
  @Test(arguments: ComplexBatchTests.shapes) func complexMatrices(rows: Int, columns: Int) {
    let a = ComplexBatchTests.mixed(21, rows, columns)
    let results = EveryLevel.results { ComplexBatchTests.results(a) }
    for level in results.indices.dropFirst() {
      for matrix in 0..<21 {
        let isEqual = results[level][matrix] == results[0][matrix]
        #expect(isEqual, "level \(level), matrix \(matrix)")
      }
    }
  }
}
