extension [UInt8] {
  /// An array whose bytes `body` writes, all of them unless it throws.
  static func filled<Failure: Error>(
    _ count: Int, _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) -> [UInt8] {
    guard count > 0 else {
      // An array without capacity is one that all threads share: the thread sanitizer takes writing its count for a race.
      try body(UnsafeMutableRawBufferPointer(start: nil, count: 0))
      return []
    }
    var failure: Failure?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      // Safe: `body` writes all `count` bytes; if it throws, none counts as initialised.
      do throws(Failure) {
        try body(UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]))
        initializedCount = count
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }
}
