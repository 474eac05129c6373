import NNQFormat

/// matMul and layerNorm. Spec: operators.md 3.17 and 3.18.
extension NodeOperands {
  func multiply(_ matMul: MatMul) -> [Int32] {
    let (a, b) = (tensor(0), tensor(1))
    let (valuesA, valuesB) = (values(0), values(1))
    let (rank, depth) = (a.shape.count, a.shape[a.shape.count - 1])
    let isWide = a.elementType == .s16
    return output.shape.withIndices { index in
      let terms = (0..<depth).map { d in
        let (row, column) = (index[rank - 2], index[rank - 1])
        let placeA = a.shape.broadcastOffset(of: index.dropLast(2) + [row, d])
        let placeB = b.shape.broadcastOffset(of: index.dropLast(2) + (matMul.transposeB ? [column, d] : [d, column]))
        return (Int(valuesA[placeA]) - zeroPoint(a)) * (Int(valuesB[placeB]) - zeroPoint(b))
      }
      return requantize(isWide ? terms.sumOfShiftedBlocks : terms.reduce(0, +), matMul)
    }
  }

  /// Equations (2) and (3) with one multiplier and shift.
  private func requantize(_ accumulator: Int, _ matMul: MatMul) -> Int32 {
    let t = clamp((accumulator + half(Int(matMul.shift))) >> Int(matMul.shift), -32768, 32767)
    let q = (t * Int(matMul.multiplier) + 1 << 14 + zeroPoint(output) << 15) >> 15
    return Int32(clamp(q, Int(matMul.lo), Int(matMul.hi)))
  }

  func normalize(_ norm: LayerNorm) -> [Int32] {
    let (values, gain, offset) = (values(0), tensor(1).integers, tensor(2).integers)
    let fraction = tensor(0).elementType == .u8 ? 16 : 8
    let range = output.elementType == .u8 ? 0...255 : -32768...32767
    let length = gain.count
    return stride(from: 0, to: values.count, by: length).flatMap { start -> [Int32] in
      let x = values[start..<start + length].map { Int($0) - zeroPoint(tensor(0)) }
      let row = NormalizedRow(x, norm, fraction: fraction)
      return x.indices.map { i in
        let scaled = (row.score(of: x[i]) * gain[i] + offset[i] + half(Int(norm.shift))) >> Int(norm.shift)
        return Int32(clamp(zeroPoint(output) + scaled, range.lowerBound, range.upperBound))
      }
    }
  }
}

/// Mean and reciprocal deviation of one row. Spec: operators.md 3.18.
private struct NormalizedRow {
  private let mean: Int
  private let reciprocal: Int
  private let shift: Int
  private let fraction: Int

  init(_ x: [Int], _ norm: LayerNorm, fraction: Int) {
    let count = x.count
    let sum = norm.subtractsMean ? x.reduce(0, +) : 0
    let squares = x.reduce(0) { $0 + $1 * $1 }
    let spread = max(UInt64(count * squares - sum * sum) + UInt64(norm.epsilon) << UInt64(norm.epsilonShift), 1)
    let scaling = spread.leadingZeroBitCount & ~1
    let root = (spread << UInt64(scaling)).squareRoot
    let factor = UInt64(count) * ((1 << 63) / root)
    let exponent = 48 + fraction - scaling / 2
    let dropped = max(33 - factor.leadingZeroBitCount, exponent - 32)
    self.fraction = fraction
    mean = (sum << fraction + count / 2).floorDivided(by: count)
    reciprocal = Int(factor >> UInt64(dropped))
    shift = exponent - dropped
  }

  /// t: how many deviations an element is from the mean, in 2^-15.
  func score(of x: Int) -> Int { ((x << fraction - mean) * reciprocal + half(shift)) >> shift }
}

extension UInt64 {
  /// The largest integer whose square is not larger.
  fileprivate var squareRoot: UInt64 {
    var root: UInt64 = 0
    for bit in (0..<32).reversed() {
      let candidate = root | 1 << UInt64(bit)
      if candidate * candidate <= self { root = candidate }
    }
    return root
  }
}

extension Int {
  func floorDivided(by divisor: Int) -> Int {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}

extension [Int] {
  /// The sum of an s16 operand's products: blocks of 256 in the order of the depth, each divided by 2^8 and rounded.
  fileprivate var sumOfShiftedBlocks: Int {
    stride(from: 0, to: count, by: MatMul.blockDepth).reduce(0) { sum, start in
      sum + (self[start..<Swift.min(start + MatMul.blockDepth, count)].reduce(0, +) + half(8)) >> 8
    }
  }

  /// Self as a shape whose axes of extent 1 repeat.
  fileprivate func broadcastOffset(of index: [Int]) -> Int { offset(of: zip(self, index).map { $0 == 1 ? 0 : $1 }) }
}
