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
