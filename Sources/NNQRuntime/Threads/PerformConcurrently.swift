import NNQFormat

/// Calls `body` once for each index of 0..<count, from `threads` threads, the caller's among them, and waits for all.
func performConcurrently(count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Void) {
  let indices = SharedCounter()
  Workers.run(min(threads, count)) {
    while let index = indices.take(below: count) { body(index) }
  }
}
