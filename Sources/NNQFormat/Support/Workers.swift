import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Short-lived threads for work that takes a millisecond or more: starting one costs about 15 us.
package enum Workers {
  /// One for each processor that is online.
  package static var availableCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// Calls `body` once on each of `count` threads, the caller's among them, and waits for all. Where the system has fewer
  /// threads to give, on those.
  package static func run(_ count: Int, _ body: @escaping @Sendable () -> Void) {
    let threads = (1..<max(1, count)).compactMap { _ in try? WorkerThread(body) }
    body()
    for thread in threads { thread.join() }
  }

  /// Calls `body` for each of `0..<count`, started in ascending order.
  /// - Throws: of the errors thrown, the one with the lowest index, whatever the threads' timing: items below it were
  ///   started before it and have run to their end.
  package static func forEach<Failure: Error>(
    _ count: Int, threads: Int, _ body: @escaping @Sendable (Int) throws(Failure) -> Void
  ) throws(Failure) {
    let next = SharedCounter()
    let failure = FirstFailure<Failure>()
    run(min(threads, count)) {
      while let index = next.take(below: count), failure.admits(index) {
        do throws(Failure) { try body(index) } catch { failure.record(error, index: index) }
      }
    }
    try failure.throwIfAny()
  }

  /// The results of `body` for each of `0..<count`.
  static func map<Result: Sendable>(
    _ count: Int, threads: Int, _ body: @escaping @Sendable (Int) throws(FormatError) -> Result
  ) throws(FormatError) -> [Result] {
    let results = SharedResults<Result>(count: count)
    try forEach(count, threads: threads) { (index) throws(FormatError) in results.set(index, try body(index)) }
    return results.all
  }
}

/// Hands out 0, 1, 2, ... to threads.
private final class SharedCounter: Sendable {
  private let value = Atomic(0)

  func take(below count: Int) -> Int? {
    let index = value.wrappingAdd(1, ordering: .relaxed).oldValue
    return index < count ? index : nil
  }
}

/// An array that threads fill.
private final class SharedResults<Result: Sendable>: Sendable {
  private let results: Mutex<[Result?]>

  init(count: Int) { results = Mutex(Array(repeating: nil, count: count)) }

  var all: [Result] { results.withLock { $0.compactMap { $0 } } }

  func set(_ index: Int, _ result: Result) { results.withLock { $0[index] = result } }
}

/// Of the failures of several threads, the one with the lowest index.
final class FirstFailure<Failure: Error>: Sendable {
  private let failure = Mutex<(index: Int, error: Failure)?>(nil)

  /// Whether an item that comes at this index can still fail first.
  func admits(_ index: Int) -> Bool { failure.withLock { $0.map { index < $0.index } ?? true } }

  func record(_ error: Failure, index: Int) {
    failure.withLock { if $0.map({ index < $0.index }) ?? true { $0 = (index, error) } }
  }

  func throwIfAny() throws(Failure) {
    if let error = failure.withLock({ $0?.error }) { throw error }
  }
}
