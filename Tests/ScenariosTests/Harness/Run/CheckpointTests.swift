import Foundation
import Tensor
import Testing

@testable import Scenarios

@Suite struct CheckpointTests {
  @Test func theLastTwoAreKept() throws {
    let folder = try ScratchFolder()
    let store = CheckpointStore(folder: folder.path)
    for job in 0..<5 {
      var checkpoint = Checkpoint(job: job, metricsLength: 10 * job)
      try store.save(&checkpoint, metadata: ["seconds": "\(job)"])
    }
    let files = try store.files()
    #expect(files.map(\.number) == [5, 4])
    let (head, metadata) = try store.head(of: files[0])
    #expect(head.job == 4 && head.metricsLength == 40 && head.running.isEmpty)
    #expect(metadata["seconds"] == "4")
    #expect(try store.head(of: files[1]).head.job == 3)
  }

  @Test func hashesAreKeptBitForBit() throws {
    let folder = try ScratchFolder()
    let store = CheckpointStore(folder: folder.path)
    var checkpoint = Checkpoint(metricsHash: ContentHash(value: .max), plan: ContentHash(value: 0x8000_0000_0000_0005))
    try store.save(&checkpoint, metadata: [:])
    let head = try store.head(of: store.files()[0]).head
    #expect(head.metricsHash.value == .max)
    #expect(head.plan.value == 0x8000_0000_0000_0005)
  }

  @Test func everyDamagedByteIsNoticed() throws {
    let folder = try ScratchFolder()
    let store = CheckpointStore(folder: folder.path)
    let run = HillClimb(stride: 1, noise: 1, total: 9, seed: 1, dimension: 3, failingStep: nil)
    var climb = Checkpoint(begun: [BegunJob(index: 0, run: run), BegunJob(index: 1, run: nil)])
    climb.begun[1].recorded = [1, 2, 3]
    try store.save(&climb, metadata: [:])
    let file = try store.files()[0]
    let good = try Data(contentsOf: URL(fileURLWithPath: store.path(of: file)))
    for place in stride(from: 0, to: good.count, by: 7) {
      var bad = good
      bad[place] ^= 1
      try bad.write(to: URL(fileURLWithPath: store.path(of: file)))
      #expect(throws: FileError.self) { try store.head(of: file) }
    }
    try good.prefix(good.count / 2).write(to: URL(fileURLWithPath: store.path(of: file)))
    #expect(throws: FileError.self) { try store.head(of: file) }
  }

  @Test func writingTakesAtMostTwoPercent() {
    var schedule = CheckpointSchedule(forcedSeconds: nil, now: 0)
    #expect(!schedule.isDue(at: 2.9) && schedule.isDue(at: 3))
    schedule.wrote(from: 3, to: 3.01)
    #expect(!schedule.isDue(at: 8) && schedule.isDue(at: 8.02))
    schedule.wrote(from: 10, to: 12)
    #expect(!schedule.isDue(at: 111.9) && schedule.isDue(at: 112.1))
    #expect(!schedule.isDueBetweenJobs(at: 111) && schedule.isDueBetweenJobs(at: 113))
    var forced = CheckpointSchedule(forcedSeconds: 0, now: 0)
    forced.wrote(from: 1, to: 100)
    #expect(forced.isDue(at: 100) && forced.isDueBetweenJobs(at: 100))
  }
}
