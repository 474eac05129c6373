import NNQFloat

/// Reductions of constants, as where a model computes shapes.
extension NodeReader {
  /// - Parameter axes: are kept with extent 1.
  func folded(_ reduction: Reduction.Fold, _ tensor: HostTensor, axes: [Int], _ graph: inout GraphBuilder) throws(Refusal) -> HostTensor {
    let kept = tensor.shape.indices.map { axes.contains($0) ? 1 : tensor.shape[$0] }
    try graph.reserveFolded(kept, self)
    guard tensor.elementCount > 0 else { return HostTensor(shape: kept, try reduction.ofNothing(like: tensor, shape: kept, at: place)) }
    let count = tensor.elementCount / max(kept.reduce(1, *), 1)
    switch tensor.elements {
    case .floats(let values):
      let folded = tensor.folded(values.map { Double($0) }, to: kept) { reduction.combine($0, $1) }
      return HostTensor(shape: kept, .floats(folded.map { Float(reduction == .mean ? $0 / Double(count) : $0) }))
    case .integers(let values):
      var overflows = false
      let folded = tensor.folded(values, to: kept) { a, b in
        let (result, overflow) = reduction.combineReportingOverflow(a, b)
        overflows = overflows || overflow
        return result
      }
      guard !overflows else { throw Refusal(.invalidOperand, at: place, "it overflows") }
      return HostTensor(shape: kept, .integers(reduction == .mean ? folded.map { $0 / Int64(count) } : folded))
    case .booleans: throw mustBeComputed(0)
    }
  }
}

extension Reduction {
  /// What brings two elements together.
  enum Fold { case mean, sum, max, min, product }
}

extension Reduction.Fold {
  /// What a reduction over no elements gives: that with which others combine to themselves.
  fileprivate func ofNothing(like tensor: HostTensor, shape: [Int], at place: Place) throws(Refusal) -> HostTensor.Elements {
    let count = shape.reduce(1, *)
    switch (self, tensor.elements) {
    case (.sum, .floats): return .floats([Float](repeating: 0, count: count))
    case (.product, .floats): return .floats([Float](repeating: 1, count: count))
    case (.max, .floats): return .floats([Float](repeating: -.infinity, count: count))
    case (.min, .floats): return .floats([Float](repeating: .infinity, count: count))
    case (.sum, .integers): return .integers([Int64](repeating: 0, count: count))
    case (.product, .integers): return .integers([Int64](repeating: 1, count: count))
    default: throw Refusal(.invalidOperand, at: place, "it reduces no elements of \(tensor.typeName)")
    }
  }

  fileprivate func combine(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .mean, .sum: a + b
    case .max: Swift.max(a, b)
    case .min: Swift.min(a, b)
    case .product: a * b
    }
  }

  fileprivate func combineReportingOverflow(_ a: Int64, _ b: Int64) -> (Int64, overflow: Bool) {
    switch self {
    case .mean, .sum: a.addingReportingOverflow(b)
    case .max: (Swift.max(a, b), false)
    case .min: (Swift.min(a, b), false)
    case .product: a.multipliedReportingOverflow(by: b)
    }
  }
}

extension HostTensor {
  /// Combines, in order, the elements along the axes that `kept` has shorter.
  ///
  /// - Parameter values: as many as the tensor has elements, at least one.
  fileprivate func folded<Element>(_ values: [Element], to kept: [Int], _ combine: (Element, Element) -> Element) -> [Element] {
    let (strides, keptStrides) = (rowMajorStrides(shape), rowMajorStrides(kept))
    var results = [Element?](repeating: nil, count: kept.reduce(1, *))
    for (place, value) in values.enumerated() {
      let target = shape.indices.reduce(0) { sum, axis in
        kept[axis] == 1 ? sum : sum + place / strides[axis] % shape[axis] * keptStrides[axis]
      }
      results[target] = results[target].map { combine($0, value) } ?? value
    }
    return results.compactMap(\.self)
  }
}
