import CKernels
import NNQFormat
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the threads of one run do together.
struct PlanWalk {
  let plan: UnsafePointer<nn_plan>
  let barrier: UnsafeMutablePointer<nn_barrier>
  let arena: UnsafeMutablePointer<UInt8>
  /// `scratchByteCount` bytes for each thread.
  let scratch: UnsafeMutablePointer<UInt8>
  let scratchByteCount: Int

  func walk(thread: Int) {
    nn_plan_walk(plan, Int32(truncatingIfNeeded: thread), barrier, arena, scratch + thread * scratchByteCount)
  }
}

/// Threads that walk plans together with the caller, which is thread 0.
///
/// Between runs they spin for a while - a run that follows soon starts within 0.3 us - and then sleep.
final class WorkerPool {
  private let state = PoolState()
  private var threads: [WorkerThread] = []

  /// Throws `threadNotStarted`.
  init(workerCount: Int) throws(RuntimeError) {
    for thread in 1...workerCount {
      do {
        threads.append(try WorkerThread { [state] in state.serve(thread: thread) })
      } catch {
        throw .threadNotStarted(errno: error.errno)
      }
    }
  }

  deinit {
    state.stop()
    for thread in threads { thread.join() }
  }

  /// Returns when all threads have finished their share. The plan must be for as many threads as there are, caller included.
  func run(_ walk: PlanWalk) {
    state.start(walk)
    walk.walk(thread: 0)
    state.awaitFinish(of: threads.count)
  }
}

/// What the caller and the workers share.
///
/// Sendable: `walk` is written only while no worker runs, before `generation` is raised with release ordering, and read after
/// it was read with acquire ordering.
private final class PoolState: @unchecked Sendable {
  /// Tens of microseconds; a worker that is late may need the caller's core.
  private static let spinsBeforeYield = 2_000
  /// Some hundred microseconds.
  private static let spinsBeforeSleep = 20_000

  private var walk: PlanWalk?
  /// Number of runs started.
  private let generation = Atomic<Int>(0)
  /// Shares of the present run that workers have finished.
  private let finished = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let stops = Atomic<Bool>(false)
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wakeUp = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(wakeUp, nil)
  }

  deinit {
    pthread_cond_destroy(wakeUp)
    pthread_mutex_destroy(mutex)
    wakeUp.deallocate()
    mutex.deallocate()
  }

  func start(_ walk: PlanWalk) {
    self.walk = walk
    finished.store(0, ordering: .relaxed)
    raiseGeneration()
  }

  func awaitFinish(of workerCount: Int) {
    var spins = 0
    while finished.load(ordering: .acquiring) < workerCount {
      nn_spin_pause()
      spins += 1
      if spins % PoolState.spinsBeforeYield == 0 { sched_yield() }
    }
  }

  func stop() {
    stops.store(true, ordering: .relaxed)
    raiseGeneration()
  }

  /// A worker's life.
  func serve(thread: Int) {
    var seen = 0
    while true {
      awaitGeneration(after: seen)
      seen += 1
      if stops.load(ordering: .relaxed) { return }
      walk?.walk(thread: thread)
      finished.wrappingAdd(1, ordering: .releasing)
    }
  }

  /// A worker counts itself among the sleepers before it looks at the generation, the caller raises the generation before it
  /// looks for sleepers, both sequentially consistent: one of them sees the other.
  private func raiseGeneration() {
    generation.wrappingAdd(1, ordering: .sequentiallyConsistent)
    guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(wakeUp)
    pthread_mutex_unlock(mutex)
  }

  private func awaitGeneration(after seen: Int) {
    for _ in 0..<PoolState.spinsBeforeSleep {
      if generation.load(ordering: .acquiring) != seen { return }
      nn_spin_pause()
    }
    pthread_mutex_lock(mutex)
    sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    while generation.load(ordering: .sequentiallyConsistent) == seen { pthread_cond_wait(wakeUp, mutex) }
    sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }
}
