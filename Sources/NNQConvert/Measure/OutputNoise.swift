import NNQFloat

/// What rounding does to the outputs of a net, as their user sees it.
///
/// Outputs that are joined from several tensors count as these: a detector's boxes are a thousand times as large as its
/// scores. And noise is compared with what differs from sample to sample: the centres that every box starts from say nothing.
struct OutputNoise {
  /// Tensors of which the outputs are made, by the output they belong to.
  let parts: [(value: Int, output: Int)]

  /// That of an output which became infinite, and of one that nothing is left of.
  static let largest = 1e9

  /// - Parameter seesLogits: whether what softmax reads counts in place of probabilities: near 0 and 1 they hide noise that
  ///   decides on other samples.
  init(_ net: LayerGraph, seesLogits: Bool = false) {
    let joining = net.layers.filter { $0.joinsValues || seesLogits && $0.kind == "softmax" }
    let sources = Dictionary(joining.map { ($0.output, $0.inputs) }) { first, _ in first }
    parts = net.graph.outputs.flatMap { output in
      sources.parts(of: output).filter { net.graph.values[$0].constant == nil }.map { ($0, output) }
    }
  }

  /// Relative power of the noise, summed over the parts.
  ///
  /// - Parameters:
  ///   - exact: by sample and part.
  ///   - rounded: likewise.
  func relativePower(exact: [[[Float]]], rounded: [[[Float]]]) -> Double {
    parts.indices.reduce(0) { sum, part in
      let (expected, got) = (exact.map { $0[part] }, rounded.map { $0[part] })
      let signal = expected.signal
      guard signal > 0 else { return sum }
      let noise = zip(expected, got).reduce(0) { $0 + zip($1.0, $1.1).reduce(0) { $0 + ($1.0 - $1.1).squared } }
      // Also true for NaN.
      return sum + (noise / signal < Self.largest ? noise / signal : Self.largest)
    }
  }
}

extension Layer {
  /// Operators through which every element of every operand goes unchanged.
  fileprivate var joinsValues: Bool {
    guard pointwise == nil else { return false }
    return switch operation {
    case .concat, .reshape, .transpose: true
    default: false
    }
  }
}

extension [Int: [Int]] {
  fileprivate func parts(of value: Int) -> [Int] { self[value].map { $0.flatMap(parts) } ?? [value] }
}

extension [[Float]] {
  /// Power of what differs between the samples; of all where nothing does.
  fileprivate var signal: Double {
    guard let first else { return 0 }
    var (power, deviation) = (0.0, 0.0)
    for element in first.indices {
      let mean = reduce(0) { $0 + Double($1[element]) } / Double(count)
      for sample in self {
        power += sample[element].squared
        deviation += (Double(sample[element]) - mean) * (Double(sample[element]) - mean)
      }
    }
    return deviation > Self.leastDeviation * power ? deviation * Double(count) / Double(count - 1) : power
  }

  private static let leastDeviation = 1e-9
}

extension Float {
  fileprivate var squared: Double { Double(self) * Double(self) }
}
