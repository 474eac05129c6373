import NNQFloat

extension LayerGraph {
  /// The ranges less the ends where all that reads a value is flat: hard-swish gives 0 for all below -3, so that a grid that
  /// ends there has finer steps for the rest.
  ///
  /// - Parameter ranges: by value index, each holding zero; so do the results.
  func withoutSaturatedEnds(_ ranges: [ClosedRange<Double>?]) throws(FloatGraphError) -> [ClosedRange<Double>?] {
    var result = ranges
    let readers = Dictionary(grouping: layers.filter { $0.pointwise != nil }) { $0.inputs[0] }
    for layer in layers where !layer.movesValues && isRead(layer.output, onlyBy: { $0.pointwise != nil }) {
      guard let range = ranges[layer.output], let readers = readers[layer.output] else { continue }
      var wanted = 0.0...0.0
      for reader in readers {
        let part = try range.withoutFlatEnds(of: reader, in: graph, outputSpan: ranges[reader.output]?.span ?? 0)
        wanted = min(wanted.lowerBound, part.lowerBound)...max(wanted.upperBound, part.upperBound)
      }
      result[layer.output] = wanted
    }
    return result
  }
}

extension ClosedRange<Double> {
  fileprivate var span: Double { upperBound - lowerBound }

  /// From the last point that all before it have the value of, to the first that all behind it have the value of; the same
  /// value is one within a quarter of a step of an output of 8 bits.
  fileprivate func withoutFlatEnds(
    of layer: Layer, in graph: FloatGraph, outputSpan: Double
  ) throws(FloatGraphError) -> ClosedRange<Double> {
    guard let pointwise = layer.pointwise, span > 0 else { return self }
    let stepCount = 1024
    let points = (0...stepCount).map { lowerBound + span * Double($0) / Double(stepCount) }
    let values = try PointwiseFunction(pointwise, of: layer, in: graph, points: points.map { Float($0) }).values()
    let tolerance = Float(outputSpan / 1024)
    var (first, last) = (stepCount, 0)
    for channel in stride(from: 0, to: values.count, by: points.count) {
      let curve = values[channel..<channel + points.count]
      first = Swift.min(first, curve.flatCount(within: tolerance) - 1)
      last = Swift.max(last, points.count - curve.reversed().flatCount(within: tolerance))
    }
    return first < last ? points[first]...points[last] : self
  }
}

extension Sequence<Float> {
  /// How many elements from the start have the value of the last of them; 1 at least.
  fileprivate func flatCount(within tolerance: Float) -> Int {
    var (low, high) = (Float.infinity, -Float.infinity)
    var count = 0
    for value in self {
      (low, high) = (Swift.min(low, value), Swift.max(high, value))
      guard high - value <= tolerance, value - low <= tolerance else { break }
      count += 1
    }
    return Swift.max(count, 1)
  }
}
