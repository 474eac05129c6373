#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A POSIX thread that runs one closure. It must be joined.
package struct WorkerThread: @unchecked Sendable {
  /// The system has no thread to give.
  package struct StartError: Error {
    package let errno: Int32
  }

  private let handle: pthread_t

  package init(_ body: @escaping @Sendable () -> Void) throws(StartError) {
    // Safe: retained once here, released once: by `threadMain`, or below when no thread has started.
    let argument = Unmanaged.passRetained(ThreadBody(body)).toOpaque()
    #if canImport(Darwin)
      var created: pthread_t?
    #else
      var created = pthread_t()
    #endif
    let status = pthread_create(&created, nil, threadMain, argument)
    guard status == 0 else {
      Unmanaged<ThreadBody>.fromOpaque(argument).release()
      throw StartError(errno: status)
    }
    #if canImport(Darwin)
      guard let created else { throw StartError(errno: EAGAIN) }
    #endif
    handle = created
  }

  package func join() { pthread_join(handle, nil) }
}

private final class ThreadBody: Sendable {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

#if canImport(Darwin)
  private func threadMain(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().body()
    return nil
  }
#else
  private func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().body()
    return nil
  }
#endif
