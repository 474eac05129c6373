import NNQFormat

/// add, multiply, maximum, minimum and requantize. Spec: operators.md 3.1 and 3.13 to 3.15.
extension NodeOperands {
  func sum(_ add: Add) -> [Int32] {
    let (ma, mb, shift) = (Int(add.multiplierA), Int(add.multiplierB), Int(add.shift))
    let constant =
      zeroPoint(output) << shift + half(shift) - zeroPoint(tensor(0)) * ma - zeroPoint(tensor(1)) * mb
    return combine { a, b in clamp((a * ma + b * mb + constant) >> shift, Int(add.lo), Int(add.hi)) }
  }

  func product(_ multiply: Multiply) -> [Int32] {
    let (zeroA, zeroB, zeroY) = (zeroPoint(tensor(0)), zeroPoint(tensor(1)), zeroPoint(output))
    return combine { a, b in
      let a = shifted(a - zeroA, by: Int(multiply.shiftA))
      let b = shifted(b - zeroB, by: Int(multiply.shiftB))
      let w = (b * Int(multiply.multiplier) + half(15)) >> 15
      return clamp(zeroY + (a * w + half(15)) >> 15, Int(multiply.lo), Int(multiply.hi))
    }
  }

  /// What fits 16 bits after the shift.
  private func shifted(_ value: Int, by shift: Int) -> Int {
    clamp(value, -1 << (15 - shift), 1 << (15 - shift) - 1) << shift
  }

  func requantize(_ requantize: Requantize) -> [Int32] {
    let (multiplier, shift) = (Int(requantize.multiplier), Int(requantize.shift))
    let constant = zeroPoint(output) << shift + half(shift) - zeroPoint(tensor(0)) * multiplier
    return values(0).map { Int32(clamp((Int($0) * multiplier + constant) >> shift, Int(requantize.lo), Int(requantize.hi))) }
  }

  /// A function of two operands, of which axes of extent 1 repeat.
  func combine(_ function: (Int, Int) -> Int) -> [Int32] {
    let (shapeA, shapeB) = (tensor(0).shape, tensor(1).shape)
    let (a, b) = (values(0).map(Int.init), tensor(1).constant == nil ? values(1).map(Int.init) : tensor(1).integers)
    return output.shape.withIndices { index in
      Int32(function(a[shapeA.offset(ofBroadcast: index)], b[shapeB.offset(ofBroadcast: index)]))
    }
  }
}

extension [Int] {
  /// Self as a shape: the place of an index of a larger shape, along whose other axes this one repeats.
  fileprivate func offset(ofBroadcast index: [Int]) -> Int {
    offset(of: indices.map { self[$0] == 1 ? 0 : index[$0] })
  }
}
