import Testing

@testable import Scenarios

@Suite struct SourceRevisionTests {
  @Test func isARevisionOrNothing() {
    guard let revision = SourceRevision.aroundExecutable() else { return }
    #expect(revision.wholeMatch(of: /[0-9a-f]{40}(-dirty)?/) != nil, "\(revision)")
  }
}
