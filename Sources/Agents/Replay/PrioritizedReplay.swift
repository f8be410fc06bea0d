import Tensor

/// Which transitions of a memory are drawn how often: proportional prioritised replay (Schaul et al. 2016).
///
///     P(i) = p_i^α / Σ_k p_k^α,   p_i = |δ_i| + ε          (1)
///     w_i = (N P(i))^−β / max_j w_j                       (3.4)
///
/// It knows slots, not transitions, and so goes with any memory that overwrites its oldest slot.
///
/// Implementation details:
/// 1. A new transition gets the greatest p that any had so far, 1 before the first update, so that each is likely to be drawn soon.
/// 2. The sum is cut in B parts of equal size, and one number is drawn in each (appendix B.2.1).
/// 3. Weights are divided by the greatest of the minibatch.
/// 4. A slot that is drawn twice in a minibatch keeps the p of its last row.
/// 5. Sums are in double precision and in a fixed order (``SumTree``).
public struct PrioritizedReplay: Sendable {
  /// α: 0 for uniform replay, 1 for draws in proportion to the error.
  public let exponent: Double
  /// ε, which keeps transitions without error in play.
  public let offset: Double
  public let capacity: Int
  private var tree = SumTree()
  /// The greatest p^α so far.
  private var greatest = 1.0
  private var numbers: [Double]
  /// How many transitions were ever taken in.
  public private(set) var stored = 0

  /// The number of slots that have a priority.
  public var count: Int { min(stored, capacity) }

  /// - Parameters:
  ///   - capacity: That of the memory.
  ///   - batchSize: B
  ///   - exponent: α
  ///   - offset: ε
  public init(capacity: Int, batchSize: Int, exponent: Double = 0.6, offset: Double = 1e-6) {
    precondition(
      capacity > 0 && batchSize > 0 && (0...2).contains(exponent) && offset > 0 && offset <= 1,
      "PrioritizedReplay: capacity \(capacity), batch size \(batchSize), exponent \(exponent) or offset \(offset) out of range")
    self.capacity = capacity
    self.exponent = exponent
    self.offset = offset
    numbers = Array(repeating: 0, count: batchSize)
  }

  /// Gives the greatest priority to the slots that were filled since the last call.
  ///
  /// - Parameter stored: How many transitions the memory ever stored.
  public mutating func follow(stored: Int) {
    while self.stored < stored {
      tree[self.stored % capacity] = greatest
      self.stored += 1
    }
  }

  /// Σ p^α
  public var total: Double { tree.total }

  /// The probability with which a slot is drawn: P(i).
  public func probability(of slot: Int) -> Double { tree[slot] / tree.total }

  /// Draws slots and their weights.
  ///
  /// - Parameters:
  ///   - compensation: β: 1 makes up for all of the bias, 0 for none.
  ///   - stream: Names the random numbers that are drawn.
  ///   - step: Which numbers of the stream.
  ///   - slots: Receives one slot for each part of the sum. `[B]`
  ///   - weights: Receives w. `[B]`
  public mutating func sample(
    compensation: Double, from stream: RandomStream, step: Int, slots: inout [Int32], weights: inout [Float]
  ) {
    let rows = numbers.count
    precondition(count > 0, "PrioritizedReplay.sample: nothing is stored")
    precondition(slots.count == rows && weights.count == rows, "PrioritizedReplay.sample: \(slots.count) slots, \(weights.count) weights for \(rows)")
    stream.fill(&numbers, with: .uniform, step: step)
    let part = tree.total / Double(rows)
    // The smallest priority has the greatest weight, which then divides N and the sum out of all.
    var smallest = Double.infinity
    for row in 0..<rows {
      let slot = tree.place(of: (Double(row) + numbers[row]) * part)
      slots[row] = Int32(slot)
      numbers[row] = tree[slot]
      smallest = min(smallest, numbers[row])
    }
    for row in 0..<rows { weights[row] = Float(Math.pow(smallest / numbers[row], compensation)) }
  }

  /// Sets the priorities of drawn slots by their errors.
  ///
  /// - Parameters:
  ///   - slots: `[B]`
  ///   - errors: δ, of any sign. `[B]`
  public mutating func update(_ slots: Span<Int32>, errors: Span<Float>) {
    precondition(slots.count == errors.count, "PrioritizedReplay.update: \(slots.count) slots, \(errors.count) errors")
    for row in 0..<slots.count {
      let slot = Int(slots[row])
      precondition(slot >= 0 && slot < count, "PrioritizedReplay.update: slot \(slot) of \(count)")
      let error = Double(errors[row].magnitude)
      // A divergence must show in the values, not stop the draw.
      let priority = error.isFinite ? Math.pow(error + offset, exponent) : greatest
      tree[slot] = priority
      greatest = max(greatest, priority)
    }
  }
}

extension PrioritizedReplay: Archivable {
  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("stored", &stored)
    try archive.value("greatest", &greatest)
    var weights = archive.isReading ? [] : tree.weights(count)
    try archive.array("priorities", &weights, resizable: true)
    guard archive.isReading else { return }
    // Larger ones no error can have, and their sum could be infinite.
    let limit = max(1, Math.pow(Double(Float.greatestFiniteMagnitude) + offset, exponent))
    guard (0...1 << 60).contains(stored), weights.count == count, greatest > 0, greatest <= limit else {
      throw archive.failure("the priorities' parts do not fit together")
    }
    for weight in weights where !(weight > 0 && weight <= greatest) { throw archive.failure("the priority \(weight) is out of range") }
    tree = SumTree(weights)
  }
}
