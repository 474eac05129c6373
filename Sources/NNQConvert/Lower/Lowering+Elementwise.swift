import NNQFloat
import NNQFormat
import NNQGraph

/// Pools, softmax and tables.
extension Lowering {
  mutating func lowerPool(_ layer: Layer, _ operation: Operation) throws(ConvertError) {
    let x = try picture(layer.inputs[0], anyChannelOrder: true, for: layer.name)
    let y = x.withChannels(ofShape: shape(layer.output))
    nodes.append(Node(operation, inputs: [x.tensor], outputs: [place(layer.output, order: y.order, shape: y.tensorShape)]))
  }

  func window(_ window: FloatWindow, of layer: Layer) throws(ConvertError) -> Window {
    guard window.kernel.count == 2 else { throw unsupported(layer, "only two spatial axes have a pool") }
    return Window(kernel: Extent2D(window.kernel), stride: Extent2D(window.strides), padding: Padding2D(window.pads))
  }

  func globalWindow(of layer: Layer) throws(ConvertError) -> Window {
    let spatial = Array(shape(layer.inputs[0]).dropFirst(2))
    return try window(FloatWindow(kernel: spatial, strides: [1, 1], pads: [0, 0, 0, 0]), of: layer)
  }

  /// The multiplier has 31 bits, so that its part for one of d elements still has many. Spec: operators.md 3.3.
  mutating func lowerAveragePool(_ layer: Layer, _ window: Window, countIncludePad: Bool) throws(ConvertError) {
    let ratio = plan.grid(layer.inputs[0]).scale / plan.grid(layer.output).scale
    var shift = 46
    while shift > 1, ratio * Double(1 << shift) > Double(Int32.max) { shift -= 1 }
    let multiplier = Int32(Int((ratio * Double(1 << shift)).rounded(), clampedTo: 1...Int(Int32.max)))
    let pool = AveragePool(window: window, countIncludePad: countIncludePad, multiplier: multiplier, shift: Int32(shift))
    try lowerPool(layer, .averagePool(pool))
  }

  /// A[i] = 2^31 exp(-256 i scale), B[i] = 2^31 exp(-i scale), as multiples of 2^12: finer bits cannot show in an output of
  /// 15 bits, and zeros compress. Spec: operators.md 3.4.
  mutating func lowerSoftmax(_ layer: Layer, axis: Int) throws(ConvertError) {
    let x = try rows(layer.inputs[0], along: axis, for: layer.name)
    let scale = plan.grid(layer.inputs[0]).scale
    let entries = (0..<512).map { index in
      let distance = index < 256 ? 256 * index : index - 256
      return Int((DeterministicMath.exp(-scale * Double(distance)) * 0x1p19).rounded()) << 12
    }
    let table = append("", .u32, shape: [512], Constant(entries, as: .u32))
    let y = place(layer.output, order: MemoryOrder(x.leading + x.last, of: shape(layer.output)), shape: tensors[x.tensor].shape)
    nodes.append(Node(.softmax, inputs: [x.tensor, table], outputs: [y]))
  }

  /// Any function of one u8 value. Spec: operators.md 3.5.
  mutating func lowerTable(_ layer: Layer, _ scalar: ScalarFunction) throws(ConvertError) {
    let placement = try placement(scalar.operand, for: layer.name)
    let (input, output) = (plan.grid(scalar.operand), plan.grid(layer.output))
    guard input.elementType == .u8 else { throw unsupported(layer, "its input has 16 bits") }
    let arguments = (0..<256).map { Float(input.dequantize($0)) }
    let entries = scalar.evaluate(arguments).map { output.quantize(Double(min(max($0, layer.clamp.lowerBound), layer.clamp.upperBound))) }
    let table = append("", output.elementType, shape: [256], Constant(entries, as: output.elementType))
    nodes.append(Node(.table, inputs: [placement.tensor, table], outputs: [place(layer.output, like: placement)]))
  }
}

/// A layer that is a function of one activation, element by element.
struct ScalarFunction {
  var operand: Int
  var evaluate: ([Float]) -> [Float]
}

extension Lowering {
  /// - Throws: `ConvertError.unsupported` for a binary operation of two activations or with a constant per element.
  func scalarFunction(of layer: Layer) throws(ConvertError) -> ScalarFunction {
    if case .unary(let unary) = layer.operation { return ScalarFunction(operand: layer.inputs[0]) { unary.evaluate($0) } }
    guard case .binary(let binary) = layer.operation else { throw unsupported(layer, "it is no function of one element") }
    for (operand, other) in [(0, 1), (1, 0)] {
      guard let constant = net.graph.values[layer.inputs[other]].constant, constant.count == 1,
        shape(layer.inputs[operand]) == shape(layer.output)
      else { continue }
      return ScalarFunction(operand: layer.inputs[operand]) { arguments in
        arguments.map { operand == 0 ? binary($0, constant[0]) : binary(constant[0], $0) }
      }
    }
    throw unsupported(layer, "its operands are two activations, or a constant with more than one element")
  }
}
