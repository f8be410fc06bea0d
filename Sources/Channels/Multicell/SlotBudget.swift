/// The power budgets of cells over the slots of a block.
///
/// P_b(t) = (P̄_b − Σ_{t' < t} spent in slot t') / (T − t + 1)   (Wong et al. 2021, eq. (5)): what is left is shared equally by the slots to come. It stays
/// constant as long as every slot spends all that it may.
public struct SlotBudget: Hashable, Sendable {
  /// P̄_b, what a cell may spend in the block. `[B]`
  public let total: [Double]
  /// T
  public let slots: Int
  /// Slots that are over.
  public private(set) var past = 0
  /// Σ of what they spent. `[B]`
  public private(set) var spent: [Double]

  public init(total: [Double], slots: Int) {
    precondition(slots > 0 && total.allSatisfy { $0 >= 0 && $0.isFinite }, "SlotBudget: budgets \(total) for \(slots) slots")
    self.total = total
    self.slots = slots
    spent = total.map { _ in 0 }
  }

  /// P_b(t) of the slot to come, never below zero.
  ///
  /// - Precondition: A slot is left.
  public func present(_ cell: Int) -> Double {
    precondition(past < slots, "SlotBudget: all \(slots) slots are over")
    return max(0, (total[cell] - spent[cell]) / Double(slots - past))
  }

  /// Takes note of what a cell spends in the present slot.
  public mutating func spend(_ power: Double, cell: Int) { spent[cell] += power }

  /// Ends the present slot.
  public mutating func advance() { past += 1 }

  /// Begins a block.
  public mutating func restart() {
    past = 0
    for cell in spent.indices { spent[cell] = 0 }
  }
}
