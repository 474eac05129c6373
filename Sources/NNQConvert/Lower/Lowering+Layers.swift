import NNQFloat
import NNQFormat
import NNQGraph

extension Lowering {
  mutating func lower(_ layer: Layer, weights: RoundedWeights?) throws(ConvertError) {
    if let pointwise = layer.pointwise { return try lower(layer, pointwise) }
    switch (layer.operation, weights) {
    case (.conv(let conv), let weights?): try lower(layer, conv, weights)
    case (.dense, let weights?): try lowerDense(layer, weights)
    case (.identity, _): try lowerRequantize(layer)
    case (.binary(let binary), _): try lowerArithmetic(layer, binary)
    case (.maxPool(let window), _): try lowerPool(layer, .maxPool(try self.window(window, of: layer)))
    case (.averagePool(let window, let countIncludePad), _):
      try lowerAveragePool(layer, try self.window(window, of: layer), countIncludePad: countIncludePad)
    case (.globalAveragePool, _): try lowerAveragePool(layer, try globalWindow(of: layer), countIncludePad: true)
    case (.softmax(let axis), _): try lowerSoftmax(layer, axis: axis)
    case (.reshape, _): try lowerReshape(layer)
    case (.transpose(let permutation), _): try lowerTranspose(layer, permutation)
    case (.pad(let before, let after, let value), _): try lowerPad(layer, before: before, after: after, value: value)
    case (.slice(let begin, let step), _): try lowerSlice(layer, begin: begin, step: step)
    case (.concat(let axis), _): try lowerConcat(layer, axis: axis)
    case (.matMul(let scale), _): try lowerMatMul(layer, scale: scale)
    case (.layerNormalization(let norm), _): try lowerLayerNormalization(layer, norm)
    case (.reduce(let reduction, let axes), _): try lowerReduction(layer, reduction, axes: axes)
    case (.take(let axis), _): try lowerTake(layer, axis: axis)
    case (.resize, _): try lowerResize(layer)
    case (.convTranspose, _): throw unsupported(layer, "its weights are not constant, or its strides are too large")
    case (.conv, nil), (.dense, nil): throw unsupported(layer, "its weights are not constant")
    case (.gather, _): try lowerGather(layer)
    case (.unary, _), (.batchNormalization, _):
      throw unsupported(layer, "it is no function of one activation with constants along one axis")
    }
  }

  func unsupported(_ layer: Layer, _ reason: String) -> ConvertError {
    ConvertError(.unsupported, at: layer.name, "\(layer.kind): \(reason)", remedy: "export the net without it")
  }

  // MARK: Convolution and dense

  private mutating func lower(_ layer: Layer, _ conv: FloatConv, _ weights: RoundedWeights) throws(ConvertError) {
    let kernel = weights.shape.asPicture
    let (k, c, r, s) = (kernel[0], kernel[1], kernel[2], kernel[3])
    let isPointwise = r * s == 1 && conv.strides.allSatisfy { $0 == 1 } && conv.pads.allSatisfy { $0 == 0 }
    let picture = try picture(layer.inputs[0], anyChannelOrder: conv.groups == 1, anySpatialOrder: isPointwise, for: layer.name)
    let channels = conv.groups == 1 ? picture.channels.indices : Array(0..<c)
    let order = (0..<k).flatMap { k in (0..<r * s).flatMap { tap in channels.map { (k * c + $0) * r * s + tap } } }
    let y = picture.withChannels(ofShape: shape(layer.output), whole: true)
    let stored = store(weights, of: layer, order: order, shape: [k, r, s, c])
    try append(layer, stored, x: picture.tensor, order: y.order, shape: y.tensorShape) { epilogue in
      .conv2D(
        Conv2D(
          stride: Extent2D(conv.strides), dilation: Extent2D(conv.dilations), padding: Padding2D(conv.pads), groups: conv.groups,
          epilogue: epilogue))
    }
  }

  /// Weights follow the order in which memory holds the last axis, as after the Flatten of a picture.
  private mutating func lowerDense(_ layer: Layer, _ weights: RoundedWeights) throws(ConvertError) {
    let (k, depth) = (weights.shape[0], weights.shape[1])
    let x = try rows(layer.inputs[0], along: shape(layer.inputs[0]).count - 1, for: layer.name)
    let columns = x.last.indices
    let weightOrder = (0..<k).flatMap { k in columns.map { k * depth + $0 } }
    let shape = shape(layer.output)
    let order = MemoryOrder(x.leading + [AxisPart(axis: shape.count - 1, extent: k, step: 1)], of: shape)
    let tensorShape = Array(tensors[x.tensor].shape.dropLast()) + [k]
    let stored = store(weights, of: layer, order: weightOrder, shape: weights.shape)
    try append(layer, stored, x: x.tensor, order: order, shape: tensorShape) { .dense($0) }
  }

  /// Rounded weights of which the levels are a tensor already.
  struct StoredLevels {
    var tensor: Int
    var weights: RoundedWeights
  }

  /// - Parameter order: for each weight in memory its index among the layer's weights.
  private mutating func store(_ weights: RoundedWeights, of layer: Layer, order: [Int], shape: [Int]) -> StoredLevels {
    let quantized = weights.quantized
    let levels = order.map { Int(quantized.levels[$0]) }
    weightOrders[layer.output] = order
    let coding: Constant.Coding = quantized.bits == 1 ? .levels([-1, 1], bits: 1) : .uniform(bits: quantized.bits)
    return StoredLevels(tensor: append("", .s8, shape: shape, Constant(levels, as: .s8, coding: coding)), weights: weights)
  }

  /// The nodes of a layer with weights.
  ///
  /// - Parameters:
  ///   - x: the operand's tensor.
  ///   - order: of the output's elements, in a tensor of `shape`.
  private mutating func append(
    _ layer: Layer, _ stored: StoredLevels, x: Int, order: MemoryOrder, shape: [Int], _ operation: (Epilogue) -> NNQGraph.Operation
  ) throws(ConvertError) {
    guard !layer.readsBytes else { return appendBytewise(layer, stored, x: x, order: order, shape: shape, operation) }
    var inputs = [x, stored.tensor] + constants(layer, stored.weights)
    if let residual = layer.residual { inputs.append(try tensor(residual, order: order, shape: shape, for: layer.name)) }
    nodes.append(Node(operation(epilogue(of: layer)), inputs: inputs, outputs: [place(layer.output, order: order, shape: shape)]))
  }

  /// Bias, multiplier and shift.
  private mutating func constants(_ layer: Layer, _ weights: RoundedWeights) -> [Int] {
    let quantized = weights.quantized
    let inputScale = plan.grid(layer.inputs[0]).scale
    // Multiples of 2^shift: finer bits are below the rounding of (2), and zeros compress.
    let bias = weights.bias.indices.map { channel in
      let unit = Double(1 << quantized.shifts[channel])
      let steps = Double(weights.bias[channel]) / (inputScale * quantized.scales[channel])
      return Int((steps / unit).rounded(.toNearestOrEven) * unit, clampedTo: -1 << 30...1 << 30)
    }
    return channelConstants(bias, quantized.multipliers, quantized.shifts)
  }

  mutating func channelConstants(_ bias: [Int], _ multipliers: [Int], _ shifts: [Int]) -> [Int] {
    [
      append("", .s32, shape: [bias.count], Constant(bias, as: .s32)),
      append("", .u16, shape: [bias.count], Constant(multipliers, as: .u16)),
      append("", .u8, shape: [bias.count], Constant(shifts, as: .u8)),
    ]
  }

  private func epilogue(of layer: Layer) -> Epilogue {
    let output = plan.grid(layer.output)
    let ratio = layer.residual.map { plan.grid($0).scale / output.scale } ?? 0
    let limits = output.limits(of: layer.clamp)
    return Epilogue(
      lo: Int32(limits.lowerBound), hi: Int32(limits.upperBound),
      residualMultiplier: layer.residual == nil ? 0 : Int32(Int((ratio * 32768).rounded(), clampedTo: 1...32767)))
  }
}

extension Extent2D {
  /// One number is the width of a picture of one row.
  init(_ extents: [Int]) { self.init(height: extents.count > 1 ? extents[0] : 1, width: extents[extents.count - 1]) }
}

extension Padding2D {
  /// ONNX order: begin of each axis, then end of each.
  init(_ pads: [Int]) {
    let pads = pads.count == 2 ? [0, pads[0], 0, pads[1]] : pads
    self.init(top: pads[0], left: pads[1], bottom: pads[2], right: pads[3])
  }
}
