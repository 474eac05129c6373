import NNQFormat

/// The integer grid of an activation: type, scale and zero point, with the scale in double precision while it is planned.
struct ActivationGrid: Equatable {
  var elementType: ElementType
  var scale: Double
  var zeroPoint: Int

  /// The u8 grid of a range that holds zero. Zero is on the grid exactly.
  init(u8 range: ClosedRange<Double>) {
    let span = max(range.upperBound - range.lowerBound, 0x1p-60)
    self.init(.u8, scale: span / 255, zeroPoint: Int((-range.lowerBound / span * 255).rounded(), clampedTo: 0...255))
  }

  /// The s16 grid that leaves a factor of 2 beyond `magnitude`, the largest value seen.
  ///
  /// - Parameter isAccumulated: whether a convolution or dense layer writes it: its requantisation may reach only half of
  ///   the grid (operators.md 2.3, t times the smallest multiplier).
  init(s16 magnitude: Double, isAccumulated: Bool) {
    self.init(.s16, scale: max(magnitude, 0x1p-60) / (isAccumulated ? 8192 : 16384), zeroPoint: 0)
  }

  /// The grid of what softmax gives. Spec: operators.md 3.4.
  init(probabilitiesOf elementType: ElementType) {
    self.init(elementType, scale: elementType == .u8 ? 0x1p-8 : 0x1p-15, zeroPoint: 0)
  }

  /// The scale is rounded to single precision, as the file stores it.
  init(_ elementType: ElementType, scale: Double, zeroPoint: Int) {
    self.elementType = elementType
    self.scale = Double(max(Float(scale), 0x1p-100))
    self.zeroPoint = zeroPoint
  }

  /// The same range on a grid at least as coarse as `scale`.
  func coarsened(to scale: Double) -> ActivationGrid {
    guard scale > self.scale else { return self }
    var grid = self
    grid.scale = Double(Float(scale).nextUp)
    return grid
  }

  var quantization: Quantization { Quantization(scale: Float(scale), zeroPoint: Int32(zeroPoint)) }
  /// The integers themselves, for inputs that number rows of a table.
  static let integers = ActivationGrid(.s32, scale: 1, zeroPoint: 0)

  var limits: ClosedRange<Int> {
    switch elementType {
    case .u8: 0...255
    case .s32: Int(Int32.min)...Int(Int32.max)
    default: -32768...32767
    }
  }

  /// What a clamp leaves of the grid.
  func limits(of clamp: ClosedRange<Float>) -> ClosedRange<Int> {
    quantize(Double(clamp.lowerBound))...quantize(Double(clamp.upperBound))
  }

  /// The nearest integer of the grid.
  func quantize(_ value: Double) -> Int {
    guard !value.isNaN else { return zeroPoint }
    return Int((value / scale).rounded(.toNearestOrEven) + Double(zeroPoint), clampedTo: limits)
  }

  func dequantize(_ q: Int) -> Double { scale * Double(q - zeroPoint) }

  /// What the grid makes of values: quantised and back.
  func simulate(_ values: inout [Float]) {
    let inverse = Float(1 / scale)
    let step = Float(scale)
    let (low, high) = (Float(limits.lowerBound - zeroPoint), Float(limits.upperBound - zeroPoint))
    for index in values.indices {
      values[index] = min(max((values[index] * inverse).rounded(.toNearestOrEven), low), high) * step
    }
  }
}
