/// Operands of arithmetic that repeat along some of the axes that a layout counts as rows.
extension [Int] {
  /// Self as an operand's shape: with the rows' extents of the output, if the operand has some of these axes and repeats along
  /// others, which one distance from row to row cannot say; nil for other operands.
  func withWholeRows(of output: [Int]) -> [Int]? {
    guard count > 4 else { return nil }
    let rows = (1..<count - 2).filter { output[$0] > 1 }
    guard rows.contains(where: { self[$0] == 1 }), rows.contains(where: { self[$0] > 1 }) else { return nil }
    return indices.map { rows.contains($0) ? output[$0] : self[$0] }
  }

  /// Self as a shape: for each pixel (all axes but the last) of a larger one, along which this one repeats, that of this one.
  func pixels(repeatedTo larger: [Int]) -> [Int] {
    zip(self, larger).dropLast().reduce([0]) { pixels, extents in
      let (own, whole) = extents
      return pixels.flatMap { pixel in (0..<whole).map { pixel * own + (own == 1 ? 0 : $0) } }
    }
  }
}
