import Tensor
import TestSupport
import Testing

@testable import Agents

@Suite struct ActionCriticsTests {
  private static let (rows, size, components) = (7, 3, 2)

  private func critics(_ count: Int, entry: Int) -> ActionCritics {
    ActionCritics(count: count, observationSize: Self.size, actionSize: Self.components, hidden: [6, 4], entry: entry)
  }

  private func numbers(_ count: Int, _ index: Int) -> [Float] {
    var generator = RandomStream(seed: 9, purpose: .environment, index: index).generator()
    return (0..<count).map { _ in Float(generator.uniform(-1, 1)) }
  }

  @Test(arguments: [1, 2, 3], [0, 1, 2]) func valuesAndTheSlopeOfTheActionAreThoseOfTheReference(count: Int, entry: Int) {
    let (rows, size, components) = (Self.rows, Self.size, Self.components)
    let critics = critics(count, entry: entry)
    let parameters = critics.initialized(outputBound: nil, seed: 4, index: 1)
    let flat = parameters.values.array.map(Double.init)
    let reference = ReferenceActorCritic(
      observationSize: size, components: components, actorWidths: [], criticWidths: [6, 4], critics: count, entry: entry)
    let (states, actions) = (numbers(rows * size, 0), numbers(rows * components, 1))
    func row<Number>(_ x: [Number], _ width: Int, _ b: Int) -> [Number] { Array(x[b * width..<(b + 1) * width]) }
    let joined = (0..<rows).flatMap { row(states, size, $0) + row(actions, components, $0) }
    let tape = Tape()
    let placed = tape.place(parameters, differentiable: false)
    let together = critics(tape.constant((0..<count).flatMap { _ in joined }, shape: [count, rows, size + components]), placed).array
    for used in 1...count {
      func repeated(_ x: [Float], _ width: Int) -> Tensor { Tensor((0..<used).flatMap { _ in x }, shape: [used, rows, width]) }
      let action = tape.variable(repeated(actions, components))
      let values = critics(tape.constant(repeated(states, size)), action, placed)
      #expect(values.shape == [used, rows, 1])
      let slopes = tape.gradients(of: values.sum(), withRespectTo: [action])[0].array
      for critic in 0..<used {
        for b in 0..<rows {
          let (s, a) = (row(states, size, b).map(Double.init), row(actions, components, b).map(Double.init))
          let expected = reference.value(flat, critic, s, a)
          #expect(abs(Double(values.array[critic * rows + b]) - expected) < 1e-6)
          #expect(abs(Double(together[critic * rows + b]) - expected) < 1e-6)
          let slope = FiniteDifference.gradient(at: a) { reference.value(flat, critic, s, $0) }
          for d in 0..<components { #expect(abs(Double(slopes[(critic * rows + b) * components + d]) - slope[d]) < 1e-6) }
        }
      }
    }
  }

  @Test func criticsBeginDifferentlyAndAloneAsBesideAnother() {
    let (one, two) = (critics(1, entry: 0), critics(2, entry: 0))
    let both = two.initialized(outputBound: nil, seed: 4, index: 1)
    for critic in 0..<2 {
      let alone = one.initialized(outputBound: nil, seed: 4, index: 1 + critic)
      #expect(both[copy: critic].values == alone[copy: 0].values)
    }
    #expect(both[copy: 0].values != both[copy: 1].values)
    // U(−1/√n, 1/√n) where n counts observation and action.
    let first = both["layer0.weights"].array.map(abs).max()!
    #expect(first <= 0.4472136 && first > 0.4)
  }

  @Test func multiplicationsAreCounted() {
    // 3 + 2 inputs, 6, 4, 1 units; the action in the first layer: behind it 6 · 4 + 4 · 1.
    let first = critics(1, entry: 0).products
    #expect(first.forward == 30 + 24 + 4 && first.hidden == 28 && first.action == 12 + 28)
    let second = critics(1, entry: 1).products
    #expect(second.forward == 18 + 32 + 4 && second.hidden == 28 && second.action == 8 + 4)
    #expect(Network(widths: [3, 6, 2]).products == 30)
  }
}
