import NNQFormat
import NNQGraph
import Synchronization
import TestSupport
import Testing

@testable import NNQRuntime

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct SessionThreadTests {
  private static let seed: UInt64 = 11

  @Test func sessionsOnTwoThreadsShareOneModel() throws {
    let graph = randomGraph(seed: Self.seed, nodeCount: 16)
    let reference = ReferenceRun(graph, batch: 1, seed: Self.seed)
    let model = try Model(graph: graph, threads: 2)
    let failures = Atomic<Int>(0)
    let body: @Sendable () -> Void = {
      for _ in 0..<50 where !((try? isEqual(model, to: reference, threads: 1)) ?? false) { failures.add(1, ordering: .relaxed) }
    }
    let other = try WorkerThread(body)
    body()
    other.join()
    #expect(failures.load(ordering: .relaxed) == 0)
  }

  /// Workers fall asleep between runs, and wake up; a session's end joins them.
  @Test func workersWakeUpAfterSleeping() throws {
    let graph = randomGraph(seed: Self.seed, nodeCount: 16)
    let reference = ReferenceRun(graph, batch: 1, seed: Self.seed)
    let model = try Model(graph: graph)
    let options = PlanOptions(isa: .best, threads: 3, worthwhileNanoseconds: 0)
    for _ in 0..<3 {
      let session = try Session(model, batch: 1, options: options)
      for _ in 0..<2 {
        #expect(try session.gives(reference))
        usleep(20_000)
      }
    }
  }

  @Test func manyRunsWithThreadsAgree() throws {
    let graph = randomGraph(seed: Self.seed, nodeCount: 16)
    let reference = ReferenceRun(graph, batch: 1, seed: Self.seed)
    let session = try Session(try Model(graph: graph), batch: 1, options: .init(isa: .best, threads: 2, worthwhileNanoseconds: 0))
    for _ in 0..<500 { #expect(try session.gives(reference)) }
  }
}

private func isEqual(_ model: Model, to reference: ReferenceRun, threads: Int) throws -> Bool {
  try Session(model, threads: threads).gives(reference)
}
