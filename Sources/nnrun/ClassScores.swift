import NNQRuntime

/// The first output of a classifier: one score for each class and sample.
struct ClassScores {
  let classCount: Int
  private let values: [Float]

  init(_ output: FloatTensor) {
    let sampleCount = max(1, output.shape.first ?? 1)
    classCount = output.values.count / sampleCount
    values = output.values
  }

  func score(sample: Int, class index: Int) -> Float { values[sample * classCount + index] }

  /// The `count` best classes of a sample, best first; of equal ones the lower number.
  func ranked(sample: Int, count: Int) -> [Int] {
    let scores = values[sample * classCount..<(sample + 1) * classCount]
    let order = (0..<classCount).sorted { a, b in
      let (x, y) = (scores[scores.startIndex + a], scores[scores.startIndex + b])
      return x > y || (x == y && a < b)
    }
    return Array(order.prefix(count))
  }
}
