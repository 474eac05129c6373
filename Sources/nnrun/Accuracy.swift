import CommandLineSupport
import NNQInput

/// How often the best class, or one of the best five, is the right one.
struct Accuracy {
  private let labels: [Int]
  private let path: String
  private(set) var sampleCount = 0
  private(set) var top1Count = 0
  private(set) var top5Count = 0

  init(labelsAt path: String) throws(InputError) {
    self.path = path
    labels = try readLabels(path)
  }

  /// - Throws: if there are not as many labels as samples.
  func expect(sampleCount: Int) throws(InputError) {
    guard labels.count == sampleCount else {
      throw InputError(.mismatch, path, "labels", got: "\(labels.count)", expected: "\(sampleCount), one for each sample")
    }
  }

  /// Takes the next samples.
  mutating func add(_ scores: ClassScores, sampleCount count: Int) throws(InputError) {
    for sample in 0..<count {
      let label = labels[sampleCount]
      guard label < scores.classCount else {
        throw InputError(.mismatch, path, "label \(sampleCount)", got: "\(label)", expected: "0...\(scores.classCount - 1)")
      }
      let best = scores.ranked(sample: sample, count: 5)
      if best.first == label { top1Count += 1 }
      if best.contains(label) { top5Count += 1 }
      sampleCount += 1
    }
  }

  private func percent(_ count: Int) -> Double { sampleCount == 0 ? 0 : 100 * Double(count) / Double(sampleCount) }

  var text: String {
    "top-1 \(fixed(percent(top1Count), 2)) % (\(top1Count) of \(sampleCount)), top-5 \(fixed(percent(top5Count), 2)) %"
  }

  var members: [JSON.Member] {
    [
      JSON.Member("top1", .number(percent(top1Count))), JSON.Member("top5", .number(percent(top5Count))),
      JSON.Member("top1_count", .integer(top1Count)), JSON.Member("top5_count", .integer(top5Count)),
    ]
  }
}
