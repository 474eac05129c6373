import Synchronization

/// Calls `body` once for each index of 0..<count, from `threads` threads, the caller's among them, and waits for all.
///
/// With no thread to be had the caller does all by itself.
func performConcurrently(count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Void) {
  let counter = SharedCounter()
  let work: @Sendable () -> Void = {
    while true {
      let index = counter.next()
      guard index < count else { return }
      body(index)
    }
  }
  let workers = (1..<max(1, min(threads, count))).compactMap { _ in try? WorkerThread(work) }
  work()
  for worker in workers { worker.join() }
}

private final class SharedCounter: Sendable {
  private let value = Atomic<Int>(0)

  func next() -> Int { value.wrappingAdd(1, ordering: .relaxed).oldValue }
}
