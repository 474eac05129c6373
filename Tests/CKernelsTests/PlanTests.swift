import CKernels
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The walk through a plan, by one thread or several.
struct PlanTests {
  private static let rowCount = 16

  /// Adds 1 to the least element of the whole input, into each row of the range: right only if every row of the step before
  /// is complete.
  private static let countUp:
    @convention(c) (UnsafePointer<nn_step>?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt8>?, nn_range) ->
      Void = { step, arena, _, range in
        guard let step = step?.pointee, let arena else { return }
        let least = (0..<PlanTests.rowCount).map { arena[step.input.offset + $0] }.min() ?? 0
        for row in range.row_begin..<range.row_end { arena[step.output.offset + Int(row)] = least + 1 }
      }

  /// Steps that read the half of the arena the step before wrote.
  private func steps(_ count: Int) -> [nn_step] {
    (0..<count).map { index in
      var step = nn_step()
      step.kernel = PlanTests.countUp
      step.input.offset = index % 2 * PlanTests.rowCount
      step.output.offset = (index + 1) % 2 * PlanTests.rowCount
      return step
    }
  }

  /// Each step's rows in random shares, some of them empty; about a third of the steps are thread 0's alone.
  private func ranges(stepCount: Int, threadCount: Int, using random: inout SeededRandom) -> [nn_range] {
    (0..<stepCount).flatMap { _ in
      let isAlone = Int.random(in: 0..<3, using: &random) == 0
      let inner = (1..<threadCount).map { _ in isAlone ? PlanTests.rowCount : Int.random(in: 0...PlanTests.rowCount, using: &random) }
      let cuts = [0] + inner.sorted() + [PlanTests.rowCount]
      return (0..<threadCount).map { nn_range(row_begin: Int32(cuts[$0]), row_end: Int32(cuts[$0 + 1]), column_begin: 0, column_end: 1) }
    }
  }

  @Test(arguments: [1, 2, 3, 4]) func everyStepSeesAllOfTheStepBefore(threadCount: Int) {
    var random = SeededRandom(seed: UInt64(threadCount))
    for stepCount in [0, 1, 2, 60, 200] {
      let run = SharedRun(
        steps: steps(stepCount), ranges: ranges(stepCount: stepCount, threadCount: threadCount, using: &random), threadCount: threadCount,
        arenaByteCount: 2 * PlanTests.rowCount)
      run.runOnThreads()
      let output = stepCount % 2 * PlanTests.rowCount
      #expect(Array(run.arena[output..<output + PlanTests.rowCount]) == Array(repeating: UInt8(stepCount), count: PlanTests.rowCount))
    }
  }

  @Test func profiledWalkRunsTheSharesOfAllThreads() {
    var random = SeededRandom(seed: 1)
    let run = SharedRun(
      steps: steps(9), ranges: ranges(stepCount: 9, threadCount: 3, using: &random), threadCount: 3, arenaByteCount: 2 * PlanTests.rowCount)
    var nanoseconds = Array(repeating: UInt64.max, count: 9)
    run.withPlan { plan in nn_plan_walk_profiled(&plan, run.arena.baseAddress, nil, &nanoseconds) }
    #expect(run.arena[PlanTests.rowCount] == 9)
    #expect(!nanoseconds.contains(.max))
  }
}

/// One run of a plan: what its threads share.
private final class SharedRun: @unchecked Sendable {
  // Safe: steps and ranges are constant; the arena and the barrier are what nn_plan_walk synchronises.
  private let steps: [nn_step]
  private let ranges: [nn_range]
  private let threadCount: Int
  let arena: UnsafeMutableBufferPointer<UInt8>
  private let barrier = UnsafeMutablePointer<nn_barrier>.allocate(capacity: 1)

  init(steps: [nn_step], ranges: [nn_range], threadCount: Int, arenaByteCount: Int) {
    (self.steps, self.ranges, self.threadCount) = (steps, ranges, threadCount)
    arena = .allocate(capacity: arenaByteCount)
    arena.initialize(repeating: 0)
    barrier.initialize(to: nn_barrier())
  }

  deinit {
    arena.deallocate()
    barrier.deallocate()
  }

  func withPlan(_ body: (inout nn_plan) -> Void) {
    steps.withUnsafeBufferPointer { steps in
      ranges.withUnsafeBufferPointer { ranges in
        var plan = nn_plan(
          steps: steps.baseAddress, ranges: ranges.baseAddress, step_count: Int32(steps.count), thread_count: Int32(threadCount))
        body(&plan)
      }
    }
  }

  func walk(thread: Int) { withPlan { plan in nn_plan_walk(&plan, Int32(thread), barrier, arena.baseAddress, nil) } }

  func runOnThreads() {
    let workers = (1..<threadCount).map { Worker(run: self, thread: $0) }
    for worker in workers { worker.start() }
    walk(thread: 0)
    for worker in workers { worker.join() }
  }
}

private final class Worker {
  private let run: SharedRun
  private let thread: Int
  private var handle = pthread_t()

  init(run: SharedRun, thread: Int) { (self.run, self.thread) = (run, thread) }

  func start() {
    let context = Unmanaged.passUnretained(self).toOpaque()
    let result = pthread_create(
      &handle, nil,
      { context in
        guard let context else { return nil }
        let worker = Unmanaged<Worker>.fromOpaque(context).takeUnretainedValue()
        worker.run.walk(thread: worker.thread)
        return nil
      }, context)
    precondition(result == 0, "pthread_create failed: \(result)")
  }

  func join() { pthread_join(handle, nil) }
}
