import NNQGraph

// Multipliers and shifts of arithmetic on grids.

extension Add {
  /// The multipliers share the largest shift that keeps both below 2^15 and the sum within 32 bits. Spec: operators.md 3.1, 5.4.
  init(
    _ a: ActivationGrid, _ b: ActivationGrid, _ output: ActivationGrid, _ limits: ClosedRange<Int>, signA: Int32 = 1, signB: Int32 = 1
  ) {
    let terms = [Term(grid: a, ratio: a.scale / output.scale), Term(grid: b, ratio: b.scale / output.scale)]
    let shift = Term.largestShift(terms, output)
    self.init(
      multiplierA: signA * Int32(terms[0].multiplier(shift)), multiplierB: signB * Int32(terms[1].multiplier(shift)),
      shift: Int32(shift), lo: Int32(limits.lowerBound), hi: Int32(limits.upperBound))
  }
}

extension Requantize {
  /// From one grid to another. Spec: operators.md 3.15.
  init(_ input: ActivationGrid, _ output: ActivationGrid, _ limits: ClosedRange<Int>) {
    let term = Term(grid: input, ratio: input.scale / output.scale)
    let shift = Term.largestShift([term], output)
    self.init(
      multiplier: Int32(term.multiplier(shift)), shift: Int32(shift), lo: Int32(limits.lowerBound), hi: Int32(limits.upperBound))
  }
}

/// One operand of a weighted sum.
private struct Term {
  var grid: ActivationGrid
  /// Its step in steps of the output.
  var ratio: Double

  func multiplier(_ shift: Int) -> Int { Int((ratio * Double(1 << shift)).rounded(), clampedTo: 1...32767) }

  /// The finest one: multipliers are below 2^15, and the sum of any elements of either sign fits 32 bits.
  static func largestShift(_ terms: [Term], _ output: ActivationGrid) -> Int {
    var shift = 21
    while shift > 0, !fit(terms, shift: shift, output) { shift -= 1 }
    return shift
  }

  private static func fit(_ terms: [Term], shift: Int, _ output: ActivationGrid) -> Bool {
    let start = Double(abs(output.zeroPoint) << shift) + Double(1 << shift) / 2
    let sum = terms.reduce(start) { sum, term in
      let reach = max(term.grid.limits.upperBound - term.grid.zeroPoint, term.grid.zeroPoint - term.grid.limits.lowerBound)
      return sum + Double(reach) * Double(term.multiplier(shift))
    }
    return sum <= Double(Int32.max) && terms.allSatisfy { $0.ratio * Double(1 << shift) <= 32767 }
  }
}

extension Multiply {
  /// The largest product of shifts that keeps the multiplier below 2^15; b takes them first, for a finer factor w.
  /// Spec: operators.md 3.13, 6.1.
  init(_ a: ActivationGrid, _ b: ActivationGrid, _ output: ActivationGrid, _ limits: ClosedRange<Int>) {
    let factor = a.scale * b.scale / output.scale * 0x1p30
    let (mostA, mostB) = (a.largestShift, b.largestShift)
    var shift = 0
    while shift < mostA + mostB, factor / Double(1 << shift) > 32767 { shift += 1 }
    let shiftB = min(shift, mostB)
    let multiplier = Int((factor / Double(1 << shift)).rounded(), clampedTo: 1...32767)
    self.init(
      shiftA: Int32(shift - shiftB), shiftB: Int32(shiftB), multiplier: Int32(multiplier), lo: Int32(limits.lowerBound),
      hi: Int32(limits.upperBound))
  }

  /// The finest step of an output that `init` has a multiplier for.
  static func smallestOutputScale(_ a: ActivationGrid, _ b: ActivationGrid) -> Double {
    a.scale * b.scale * 0x1p30 / (32766 * Double(1 << (a.largestShift + b.largestShift)))
  }
}

extension ActivationGrid {
  /// By which any element less the zero point may be shifted within 16 bits.
  fileprivate var largestShift: Int { elementType == .u8 ? 7 : 0 }
}
