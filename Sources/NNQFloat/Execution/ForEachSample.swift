import Dispatch
import Synchronization

/// Computes something for each sample on several threads and hands the results over in the order of the samples, so that
/// what is merged from them does not depend on the number of threads. At most `threads` results exist at once.
///
/// - Parameters:
///   - count: samples, 0 or more.
///   - threads: 1 or more.
///   - compute: may run on any thread.
///   - deliver: runs on the calling thread.
/// - Throws: the error of the first sample that has one.
package func forEachSample<Result: Sendable, Failure: Error>(
  count: Int, threads: Int, compute: @Sendable (Int) throws(Failure) -> Result, deliver: (Int, Result) throws(Failure) -> Void
) throws(Failure) {
  for first in stride(from: 0, to: count, by: threads) {
    let waveCount = min(threads, count - first)
    let results = Mutex([Swift.Result<Result, Failure>?](repeating: nil, count: waveCount))
    DispatchQueue.concurrentPerform(iterations: waveCount) { index in
      let result = Swift.Result { () throws(Failure) in try compute(first + index) }
      results.withLock { $0[index] = result }
    }
    for (index, result) in results.withLock({ $0 }).enumerated() {
      // Every iteration has stored its result.
      if let result { try deliver(first + index, result.get()) }
    }
  }
}
