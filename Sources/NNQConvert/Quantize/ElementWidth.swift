import NNQFloat

/// What an operator makes of an activation of 16 bits instead of 8.
enum ElementWidth: Equatable {
  /// u8 alone.
  case narrow
  /// u8 or s16.
  case either
  /// u8 or s16, and 16 bits pay off whenever they are to be had.
  case wide
}

/// Which activations of an operator may be s16. Spec: operators.md, the operand types of each operator.
struct ElementWidths: Equatable {
  /// By index among the layer's activation operands; the last entry is that of all later ones too.
  private var operands: [ElementWidth]
  var output: ElementWidth

  init(operands: ElementWidth..., output: ElementWidth) {
    self.operands = operands
    self.output = output
  }

  func operand(_ index: Int) -> ElementWidth { operands[min(index, operands.count - 1)] }
}

extension Layer {
  var elementWidths: ElementWidths {
    pointwise != nil || isRequantization ? ElementWidths(operands: .either, output: .either) : operation.elementWidths
  }
}

extension FloatOperation {
  /// The one table of what may hold 16 bits. The residual of a convolution or dense layer holds 8.
  var elementWidths: ElementWidths {
    switch self {
    case .conv, .dense, .unary: ElementWidths(operands: .narrow, output: .either)
    case .binary(.add), .binary(.sub), .binary(.mul), .binary(.mask), .binary(.maximum), .binary(.minimum):
      ElementWidths(operands: .either, output: .either)
    case .binary: ElementWidths(operands: .narrow, output: .narrow)
    case .maxPool, .averagePool, .globalAveragePool: ElementWidths(operands: .either, output: .either)
    case .softmax: ElementWidths(operands: .wide, output: .wide)
    case .matMul: ElementWidths(operands: .either, .narrow, output: .either)
    case .layerNormalization: ElementWidths(operands: .wide, output: .either)
    case .reduce: ElementWidths(operands: .either, output: .either)
    case .reshape, .transpose, .pad, .slice, .concat, .take, .resize: ElementWidths(operands: .either, output: .either)
    case .gather: ElementWidths(operands: .either, output: .either)
    case .batchNormalization, .convTranspose: ElementWidths(operands: .narrow, output: .narrow)
    }
  }
}

extension FloatOperation {
  /// The same values on another grid. Spec: operators.md 3.15.
  static let identity = FloatOperation.unary(.clip(lo: -.infinity, hi: .infinity))
}

extension Layer {
  var isRequantization: Bool { pointwise == nil && operation == .identity }
}
