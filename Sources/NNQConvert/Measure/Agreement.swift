/// How far a converted net's outputs are from the float net's, over a set of samples.
public struct Agreement: Equatable, Sendable {
  public internal(set) var sampleCount = 0
  /// Samples on which the largest element of the first output is the same.
  public internal(set) var sameTopCount = 0
  /// Samples whose right class was known, and those of them on which the float net and the converted net gave it.
  public internal(set) var labelledCount = 0
  public internal(set) var floatCorrectCount = 0
  public internal(set) var correctCount = 0
  private var signal = 0.0
  private var noise = 0.0

  /// Signal to quantisation noise ratio of the first output in decibels; infinite without noise.
  public var sqnrDecibels: Double {
    noise > 0 ? decibels(signal / noise) : .infinity
  }

  /// - Parameter expected: the right class, where it is known.
  mutating func add(reference: [Float], result: [Float], expected: Int?) {
    let (floatClass, resultClass) = (reference.indexOfLargest, result.indexOfLargest)
    sampleCount += 1
    if floatClass == resultClass { sameTopCount += 1 }
    if let expected {
      labelledCount += 1
      if floatClass == expected { floatCorrectCount += 1 }
      if resultClass == expected { correctCount += 1 }
    }
    for (expected, got) in zip(reference, result) {
      signal += Double(expected) * Double(expected)
      noise += (Double(expected) - Double(got)) * (Double(expected) - Double(got))
    }
  }
}

extension [Float] {
  /// The first of the largest elements.
  var indexOfLargest: Int? { indices.reduce(nil) { best, index in best.map { self[index] > self[$0] ? index : $0 } ?? index } }
}
