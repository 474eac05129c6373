import NNQFormat

/// Spec: operators.md 3.16.
extension NodeOperands {
  func reduce(_ reduction: Reduction) -> [Int32] {
    let (x, values) = (tensor(0), values(0))
    return output.shape.withIndices { index in
      let elements = x.shape.offsets(under: index, of: output.shape).map { Int(values[$0]) }
      switch reduction {
      case .max: return Int32(elements.max() ?? 0)
      case .min: return Int32(elements.min() ?? 0)
      case .sum(let multiplier, let shift):
        let total = elements.reduce(0) { $0 + $1 - zeroPoint(x) }
        let range = output.elementType == .u8 ? 0...255 : -32768...32767
        let q = zeroPoint(output) + (total * Int(multiplier) + half(Int(shift))) >> Int(shift)
        return Int32(clamp(q, range.lowerBound, range.upperBound))
      }
    }
  }
}

extension [Int] {
  /// Self as a shape: the places of all elements whose index agrees with `index` on the axes that `kept` keeps.
  fileprivate func offsets(under index: [Int], of kept: [Int]) -> [Int] {
    indices.reduce([0]) { prefixes, axis in
      let range = kept[axis] == self[axis] ? index[axis]..<index[axis] + 1 : 0..<self[axis]
      return prefixes.flatMap { prefix in range.map { prefix * self[axis] + $0 } }
    }
  }
}
