import NNQFormat

/// Pools, softmax and table. Spec: operators.md 3.2 to 3.5.
extension NodeOperands {
  func maxPool(_ window: Window) -> [Int32] {
    let values = values(0)
    return output.shape.withIndices { index in
      elements(of: window, at: index).map { values[$0] }.max() ?? 0
    }
  }

  func averagePool(_ pool: AveragePool) -> [Int32] {
    let values = values(0)
    let (inputZero, outputZero) = (zeroPoint(tensor(0)), zeroPoint(output))
    let windowSize = pool.window.kernel.height * pool.window.kernel.width
    let range = output.elementType == .u8 ? 0...255 : -32768...32767
    return output.shape.withIndices { index in
      let elements = elements(of: pool.window, at: index)
      let total = elements.reduce(0) { $0 + Int(values[$1]) - inputZero }
      let count = pool.countIncludePad ? windowSize : elements.count
      let multiplier = (Int(pool.multiplier) + count / 2) / count
      let q = outputZero + (total * multiplier + half(Int(pool.shift))) >> Int(pool.shift)
      return Int32(clamp(q, range.lowerBound, range.upperBound))
    }
  }

  /// Places in x of the elements that lie in x of the window of one output element.
  private func elements(of window: Window, at index: [Int]) -> [Int] {
    let x = tensor(0).shape
    let top = index[1] * window.stride.height - window.padding.top
    let left = index[2] * window.stride.width - window.padding.left
    let rows = max(top, 0)..<min(top + window.kernel.height, x[1])
    let columns = max(left, 0)..<min(left + window.kernel.width, x[2])
    return rows.flatMap { row in columns.map { column in (row * x[2] + column) * x[3] + index[3] } }
  }

  func softmax() -> [Int32] {
    let (values, exponential) = (values(0), tensor(1).integers)
    let length = output.shape[output.shape.count - 1]
    let (bits, largestShare) = output.elementType == .u8 ? (8, 255) : (15, 32767)
    return stride(from: 0, to: values.count, by: length).flatMap { start -> [Int32] in
      let row = values[start..<start + length].map(Int.init)
      let largest = row.max() ?? 0
      let terms = row.map { value in
        let distance = largest - value
        return (exponential[distance / 256] * exponential[256 + distance % 256]) >> 31
      }
      let reciprocal = 1 << 62 / terms.reduce(0, +)
      return terms.map { Int32(min(largestShare, ($0 * reciprocal + half(62 - bits)) >> (62 - bits))) }
    }
  }

  func lookUp() -> [Int32] {
    let (entries, count) = (tensor(1).integers, tensor(0).elementType.tableEntryCount)
    let tableCount = entries.count / count
    let isNarrow = tensor(0).elementType == .u8
    return values(0).enumerated().map { element, x in
      let table = entries[element % tableCount * count..<(element % tableCount + 1) * count]
      return Int32(isNarrow ? table[table.startIndex + Int(x)] : interpolate(table, Int(x)))
    }
  }

  /// Equations (T1) and (T2).
  private func interpolate(_ table: ArraySlice<Int>, _ x: Int) -> Int {
    let isNarrow = output.elementType == .u8
    let shift = isNarrow ? 13 : 7
    let i = table.startIndex + (x + 32768) >> 7
    let f = (x + 32768) & 127
    let sum = table[i] * (128 - f) + table[i + 1] * f
    return clamp((sum + half(shift)) >> shift, isNarrow ? 0 : -32768, isNarrow ? 255 : 32767)
  }
}
