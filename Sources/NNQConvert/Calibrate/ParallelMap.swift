import NNQFloat

/// `body` of 0..<count on several threads, results in order.
func parallelMap<Result: Sendable, Failure: Error>(
  _ count: Int, threads: Int, _ body: @Sendable (Int) throws(Failure) -> Result
) throws(Failure) -> [Result] {
  var results: [Result] = []
  results.reserveCapacity(count)
  try forEachSample(count: count, threads: threads, compute: body) { (_, result) throws(Failure) in results.append(result) }
  return results
}

/// What `body` makes of some rows at a time, one after the other, on several threads.
func parallelRows<Result: Sendable>(_ rows: Range<Int>, threads: Int, _ body: @Sendable (Range<Int>) -> [Result]) -> [Result] {
  let blockSize = 16
  return parallelMap((rows.count + blockSize - 1) / blockSize, threads: threads) { block in
    let first = rows.lowerBound + block * blockSize
    return body(first..<min(first + blockSize, rows.upperBound))
  }.flatMap(\.self)
}
