/// Which samples measure what a choice does, while the others are for the choice to be fitted to: on those it looks better than
/// it is.
struct SampleSplit: Sendable {
  /// One of so many samples measures.
  let period: Int

  static let halves = SampleSplit(period: 2)
  static let thirds = SampleSplit(period: 3)

  /// Whether there are enough for both; otherwise all do both.
  func isPossible(_ count: Int) -> Bool { count >= period }

  func isMeasured(_ index: Int) -> Bool { index % period == period - 1 }
}
