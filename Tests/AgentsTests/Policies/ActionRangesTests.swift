import Tensor
import Testing

@testable import Agents

@Suite struct ActionRangesTests {
  private let ranges = ActionRanges([-1...3, 10...11, -0.3...0.3])

  @Test func theEndsAndTheCentreOfEachRange() {
    var actions = [Float](repeating: 0, count: 9)
    ranges.write([-1, -1, -1, 0, 0, 0, 1, 1, 1].span, into: &actions)
    #expect(actions == [-1, 10, -0.3, 1, 10.5, 0, 3, 11, 0.3])
    var unit = Tensor(zeros: [3, 3])
    ranges.normalize(actions.span, into: &unit)
    #expect(unit.array == [-1, -1, -1, 0, 0, 0, 1, 1, 1])
  }

  @Test func whatLiesOutsideIsCut() {
    var actions = [Float](repeating: 0, count: 3)
    ranges.write([-7, .infinity, 1.0001].span, into: &actions)
    #expect(actions == [-1, 11, 0.3])
  }

  @Test func thereAndBack() {
    var generator = RandomStream(seed: 5, purpose: .environment).generator()
    let outputs = (0..<300).map { _ in Float(generator.uniform(-1, 1)) }
    var actions = [Float](repeating: 0, count: 300)
    ranges.write(outputs.span, into: &actions)
    var unit = Tensor(zeros: [100, 3])
    ranges.normalize(actions.span, into: &unit)
    // Near 10 a Float's last digit is 10⁻⁶, which is twice as much in units of half the width.
    for i in 0..<300 { #expect(abs(unit.array[i] - outputs[i]) < 2e-6 && ranges.bounds[i % 3].contains(actions[i])) }
  }
}
