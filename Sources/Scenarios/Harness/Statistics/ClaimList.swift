/// The claims of a paper in the order of their numbers, each beside its pre-stated test.
///
/// A test is a pure function of a subject, which reads the metrics of a run. It is nil where a run has nothing of what the test needs; the harness
/// then names what to run.
public struct ClaimList<Subject>: Sendable {
  public typealias Test = @Sendable (_ subject: Subject) -> Judgement?

  /// The claims, without their tests.
  public let descriptions: [ClaimDescription]
  private let tests: [Test]

  /// - Parameters:
  ///   - prefix: What stands before the numbers: claim 7 of `D2D` is `D2D-07`.
  ///   - entries: The number of each claim, the figure that it is about, if any, its text and its test.
  public init(_ prefix: String, _ entries: [(number: Int, figure: Int?, text: String, test: Test)]) {
    descriptions = entries.map { entry in
      ClaimDescription("\(prefix)-" + (entry.number < 10 ? "0" : "") + "\(entry.number)", figure: entry.figure, text: entry.text)
    }
    tests = entries.map(\.test)
  }

  /// The verdicts on the claims that a run can judge.
  public func results(of subject: Subject) -> [ClaimResult] {
    zip(descriptions, tests).compactMap { claim, test in test(subject).map { ClaimResult(claim, $0) } }
  }
}
