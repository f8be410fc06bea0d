import Federation
import Testing

@Suite struct TaskFamilyTests {
  /// No two batches of a run have the same number, so that no two draw the same random numbers.
  @Test func everyBatchHasANumberOfItsOwn() {
    var numbers = Set<Int>()
    for iteration in 0..<7 {
      for step in 0..<5 {
        for purpose in BatchPurpose.allCases {
          let request = BatchRequest(tasks: [0], iteration: iteration, slot: BatchSlot(purpose, step: step), stepLimit: 5)
          numbers.insert(request.number)
        }
      }
    }
    #expect(numbers == Set(0..<105))
  }
}
