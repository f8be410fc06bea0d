import Testing

@testable import Tensor

@Suite struct TensorTests {
  @Test func copiesAreValues() {
    var a = Tensor([1, 2, 3, 4], shape: [2, 2])
    let b = a
    a[1, 0] = 9
    #expect(a.array == [1, 2, 9, 4] && b.array == [1, 2, 3, 4])
    var c = b
    var span = c.mutableSpan
    span[0] = 5
    #expect(b[0] == 1 && c[0] == 5 && c[0, 1] == 2)
    var d = c.reshaped([4])
    d[3] = 7
    #expect(c[3] == 4 && d.shape == [4])
    var e = b
    e.move(toward: d, by: 0.5)
    #expect(b.array == [1, 2, 3, 4] && e.array == [3, 2, 3, 5.5])
  }

  @Test(arguments: [0, 1, 15, 16, 1000]) func storageIsAligned(count: Int) {
    let tensor = Tensor(zeros: [count])
    #expect(unsafe Int(bitPattern: tensor.storage.pointer) % 64 == 0)
    #expect(tensor.array == Array(repeating: 0, count: count) && tensor.span.count == count)
  }

  @Test func equalityIsOfShapesAndNumbers() {
    #expect(Tensor([1, 2]) == Tensor([1, 2]))
    #expect(Tensor([1, 2]) != Tensor([1, 2], shape: [1, 2]))
    #expect(Tensor([1, 2]) != Tensor([1, 3]))
    #expect(Tensor([1, .nan]) != Tensor([1, .nan]))
  }

  @Test func descriptionShowsTheFirstNumbers() {
    #expect(Tensor([1, 2.5], shape: [2, 1]).description == "Tensor[2, 1](1.0, 2.5)")
    #expect(Tensor(zeros: [9]).description == "Tensor[9](0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, …)")
    #expect(Tensor(zeros: .scalar).description == "Tensor[](0.0)")
  }

  @Test func shapesCountAndCompare() {
    let shape: Shape = [2, 3, 4]
    #expect(shape.count == 24 && shape.rank == 3 && shape[1] == 3 && shape.columns == 4 && shape.rows == 6)
    #expect(Shape.scalar.count == 1 && Shape.scalar.rank == 0 && Shape.scalar.rows == 1)
    #expect(Shape([0, 4]).count == 0 && Shape([4, 0]).rows == 0)
    #expect([2, 3] as Shape != [3, 2] && [2] as Shape != [2, 1])
    #expect(Set([[2, 3], [2, 3], [3, 2]] as [Shape]).count == 2)
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) { _ = Tensor([1, 2, 3], shape: [2, 2]) }
    await #expect(processExitsWith: .failure) { _ = Tensor([1, 2])[2] }
    await #expect(processExitsWith: .failure) { _ = Tensor([1, 2], shape: [1, 2])[0, -1] }
    await #expect(processExitsWith: .failure) { _ = Tensor([1, 2]).reshaped([3]) }
    await #expect(processExitsWith: .failure) { _ = Shape([1, 1, 1, 1, 1]) }
    await #expect(processExitsWith: .failure) { _ = Shape([2, -1]) }
    await #expect(processExitsWith: .failure) {
      var tensor = Tensor([1, 2])
      tensor.move(toward: Tensor([1]), by: 1)
    }
  }
}
