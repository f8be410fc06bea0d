import CKernels
import Testing

@testable import Tensor

/// Threads change time and nothing else.
@Suite struct ThreadedTapeTests {
  private func steps(_ network: Network, copies: Int?, rows: Int, threads: Int) -> (Parameters, Float) {
    let stream = RandomStream(seed: 3, purpose: .initialization)
    var parameters = copies.map { network.initialized(copies: $0, from: stream) } ?? network.initialized(from: stream)
    var values = [Float](repeating: 0, count: (copies ?? 1) * rows * network.inputs)
    RandomStream(seed: 4, purpose: .environment).fill(&values, with: .normal)
    let shape: Shape = copies.map { [$0, rows, network.inputs] } ?? [rows, network.inputs]
    var gradient = Tensor(zeros: [parameters.count])
    var optimizer = Adam(count: parameters.count, learningRate: 1e-3)
    optimizer.threads = threads
    let tape = Tape(threads: threads)
    var loss: Float = 0
    for _ in 0..<2 {
      loss = tape.gradient(of: parameters, into: &gradient) { network(tape.constant(values, shape: shape), $0).squared().mean() }
      optimizer.update(&parameters, along: gradient)
    }
    return (parameters, loss)
  }

  /// Products that are split by columns, by rows, at places that are no multiple of a tile, and one for each of several models.
  @Test(arguments: [2, 3, 5]) func bitsDoNotDependOnThreads(threads: Int) {
    let cases: [(Network, Int?, Int)] = [
      (Network(widths: [301, 517, 259, 1]), nil, 130), (Network(widths: [700, 50, 3], activation: .gelu), nil, 257),
      (Network(widths: [128, 300, 64]), 3, 100), (Network(widths: [64, 128, 8], activation: .tanh), 9, 64),
    ]
    for (network, copies, rows) in cases {
      let alone = steps(network, copies: copies, rows: rows, threads: 1)
      let together = steps(network, copies: copies, rows: rows, threads: threads)
      #expect(alone.0.values == together.0.values && alone.1 == together.1, "\(network)")
    }
  }

  /// The parts of a product cover it once, whatever its size.
  @Test func partsCoverAProduct() {
    for (m, n) in [(1, 1), (7, 300), (300, 7), (24, 128), (25, 129), (0, 5), (1000, 1000)] {
      for parts in [1, 2, 3, 7] {
        var covered = 0
        var numbers: Float = 0
        for index in 0..<parts {
          unsafe withUnsafeMutablePointer(to: &numbers) { place in
            var g = unsafe ck_gemm_t()
            unsafe (g.m, g.n, g.k) = (m, n, 1)
            unsafe (g.a, g.b, g.c) = unsafe (UnsafePointer(place), UnsafePointer(place), place)
            let part = unsafe g.part(index, of: parts)
            covered += unsafe part.m * part.n
          }
        }
        #expect(covered == m * n)
      }
    }
  }
}
