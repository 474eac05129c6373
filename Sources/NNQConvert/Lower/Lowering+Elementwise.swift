import NNQFloat
import NNQFormat
import NNQGraph

/// Pools and softmax.
extension Lowering {
  mutating func lowerPool(_ layer: Layer, _ operation: Operation) throws(ConvertError) {
    let x = try picture(layer.inputs[0], anyChannelOrder: true, for: layer.name)
    let y = x.withChannels(ofShape: shape(layer.output))
    nodes.append(Node(operation, inputs: [x.tensor], outputs: [place(layer.output, order: y.order, shape: y.tensorShape)]))
  }

  func window(_ window: FloatWindow, of layer: Layer) throws(ConvertError) -> Window {
    guard window.kernel.count <= 2 else { throw unsupported(layer, "only one or two spatial axes have a pool") }
    return Window(kernel: Extent2D(window.kernel), stride: Extent2D(window.strides), padding: Padding2D(window.pads))
  }

  func globalWindow(of layer: Layer) throws(ConvertError) -> Window {
    let spatial = Array(shape(layer.inputs[0]).dropFirst(2))
    let (ones, zeros) = (spatial.map { _ in 1 }, spatial.map { _ in 0 })
    return try window(FloatWindow(kernel: spatial, strides: ones, pads: zeros + zeros), of: layer)
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
}
