import NNQFormat
import NNQGraph

/// A legal graph of every operator, with extents at and around what kernels treat in blocks.
public func randomGraph(seed: UInt64, nodeCount: Int = 8) -> Graph {
  var generator = RandomGraph(seed: seed)
  return generator.make(nodeCount: nodeCount)
}

private struct RandomGraph {
  private var builder: GraphBuilder
  private var activations: [Int] = []

  init(seed: UInt64) {
    builder = GraphBuilder(seed: seed)
    builder.density = seed.isMultiple(of: 3) ? 4 : 100
  }

  mutating func make(nodeCount: Int) -> Graph {
    addInputs()
    while builder.graph.nodes.count < nodeCount {
      guard let y = addNode(on: pick(activations)) else { continue }
      activations.append(y)
    }
    return builder.finish()
  }

  private mutating func addInputs() {
    let layout = pick([Port.Layout.asStored, .channelsFirst])
    activations.append(builder.addInput([1, number(3...9), number(3...9), channelCount()], layout: layout))
    if number(0...3) == 0 { activations.append(builder.addInput([1, number(1...40)], pick([.u8, .s16]))) }
    if number(0...3) == 0 {
      let shape = pick([[1, number(1...9)], [1, number(1...3), number(1...5)], [1]])
      activations.append(builder.addGather(shape, rowCount: number(1...20), channels: channelCount(), type: outputType()))
    }
  }

  /// Nil when the choice does not fit the tensor.
  private mutating func addNode(on x: Int) -> Int? {
    let tensor = builder.tensor(x)
    let isImage = tensor.shape.count == 4
    let isU8 = tensor.elementType == .u8
    switch number(0...19) {
    case 0 where isImage && isU8: return addConv(x, groups: 1, channels: channelCount())
    case 1 where isImage && isU8: return addConv(x, groups: tensor.shape[3], channels: tensor.shape[3])
    case 2 where isImage && isU8: return addGrouped(x)
    case 3 where isImage && isU8: return addResidual(x)
    case 4 where isU8: return builder.addDense(x, channels: channelCount(), type: outputType(), residual: nil)
    case 5: return addArithmetic(x)
    case 6 where isImage: return builder.addMaxPool(x, window(tensor.shape))
    case 7 where isImage && isCentered(x):
      return builder.addAveragePool(x, window(tensor.shape), countIncludePad: number(0...1) == 1, type: outputType())
    case 8: return builder.addSoftmax(x, type: pick([.u8, .s16]))
    case 9: return builder.addTable(x, outputType(), isPerChannel: number(0...2) == 0)
    case 10: return addPadOrSlice(x)
    case 11: return addReshape(x)
    case 12: return addConcat(x)
    case 13: return builder.addTranspose(x, permutation(rank: tensor.shape.count))
    case 14: return addTake(x)
    case 15 where isImage: return addResize(x)
    case 16: return addReduction(x)
    case 17 where isCentered(x): return builder.addLayerNorm(x, type: outputType())
    case 18, 19: return isCentered(x) ? addMatMul(x) : nil
    default: return nil
    }
  }
}

extension RandomGraph {
  private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &builder.random) }
  private mutating func pick<Element>(_ elements: [Element]) -> Element { elements[number(0...elements.count - 1)] }
  private mutating func channelCount() -> Int { pick([1, 2, 3, 4, 5, 8, 12, 16, 17, 24, 33]) }
  private mutating func outputType() -> ElementType { number(0...3) == 0 ? .s16 : .u8 }

  private mutating func addConv(_ x: Int, groups: Int, channels: Int, residual: Int? = nil) -> Int {
    let shape = builder.tensor(x).shape
    let kernel = Extent2D(height: number(1...min(3, shape[1])), width: number(1...min(3, shape[2])))
    let dilation = Extent2D(
      height: kernel.height == 2 && shape[1] > 2 ? number(1...2) : 1, width: kernel.width == 2 && shape[2] > 2 ? number(1...2) : 1)
    let conv = Conv2D(
      stride: Extent2D(height: number(1...2), width: number(1...2)), dilation: dilation,
      padding: padding(Extent2D(height: (kernel.height - 1) * dilation.height, width: (kernel.width - 1) * dilation.width)),
      groups: groups, epilogue: Epilogue(lo: 0, hi: 0))
    return builder.addConv(x, conv, kernel: kernel, channels: channels, type: outputType(), residual: residual)
  }

  private mutating func addGrouped(_ x: Int) -> Int? {
    let channels = builder.tensor(x).shape[3]
    let divisors = (2...max(2, channels)).filter { channels % $0 == 0 }
    guard !divisors.isEmpty else { return nil }
    let groups = pick(divisors)
    return addConv(x, groups: groups, channels: groups * number(1...4))
  }

  /// A 1 x 1 convolution that adds its own input, or something of the same shape.
  private mutating func addResidual(_ x: Int) -> Int {
    let shape = builder.tensor(x).shape
    let unit = Extent2D(height: 1, width: 1)
    let conv = Conv2D(stride: unit, dilation: unit, padding: .none, groups: 1, epilogue: Epilogue(lo: 0, hi: 0))
    let residual = pick(activations.filter { builder.tensor($0).shape == shape && builder.tensor($0).elementType == .u8 })
    return builder.addConv(x, conv, kernel: unit, channels: shape[3], type: outputType(), residual: residual)
  }

  /// Of the tensor, or of part of each pixel, row or picture, with another tensor of its shape or a constant.
  private mutating func addArithmetic(_ x: Int) -> Int {
    let tensor = builder.tensor(x)
    var partner = pick(activations.filter { builder.tensor($0).shape == tensor.shape })
    if number(0...2) == 0 { partner = x }
    let isConstant = number(0...2) == 0
    if isConstant || number(0...1) == 0 {
      let extents = [1] + tensor.shape.dropFirst().map { number(0...1) == 0 ? 1 : $0 }
      let zeros = extents.map { _ in 0 }
      let part =
        isConstant ? builder.addOperand(extents) : builder.addSlice(partner, begin: zeros, step: zeros.map { _ in 1 }, shape: extents)
      let (a, b) = isConstant || number(0...1) == 0 ? (x, part) : (part, x)
      return addArithmetic(a, b)
    }
    return addArithmetic(x, partner)
  }

  private mutating func addArithmetic(_ a: Int, _ b: Int) -> Int {
    switch number(0...3) {
    case 0: builder.addProduct(a, b, outputType())
    case 1 where builder.tensor(b).constant == nil: builder.addRequantize(a, outputType())
    case 2 where builder.isOneGrid(a, b): builder.addExtremum(a, b, isMaximum: number(0...1) == 0)
    default: builder.addSum(a, b, outputType())
    }
  }

  /// Any axes but the batch.
  private mutating func addReduction(_ x: Int) -> Int {
    let shape = builder.tensor(x).shape.enumerated().map { $0 == 0 || number(0...1) == 0 ? $1 : 1 }
    let sum = Reduction.sum(multiplier: Int32(number(1...1 << 20)), shift: Int32(number(16...24)))
    return builder.addReduction(x, shape, pick([sum, sum, .max, .min]), type: outputType())
  }

  /// The tensor times some of its own columns or rows.
  private mutating func addMatMul(_ x: Int) -> Int? {
    let shape = builder.tensor(x).shape
    let others = activations.filter { builder.tensor($0).elementType == .u8 && builder.tensor($0).shape.count >= 2 }
    guard shape.count >= 3, !others.isEmpty else { return nil }
    let transposeB = number(0...1) == 0
    let (columns, depth) = (number(1...20), shape[shape.count - 1])
    let leading = shape.dropLast(2).map { number(0...3) == 0 ? 1 : $0 }
    let target = leading + (transposeB ? [columns, depth] : [depth, columns])
    let other = pick(others)
    let flat = builder.addReshape(other, [1, builder.tensor(other).elementCount])
    let count = target.reduce(1, *)
    let missing = max(count - builder.tensor(flat).elementCount, 0)
    let padded = missing == 0 ? flat : builder.addPad(flat, before: [0, 0], after: [0, missing])
    let part = builder.addSlice(padded, begin: [0, 0], step: [1, 1], shape: [1, count])
    return builder.addMatMul(x, builder.addReshape(part, target), transposeB: transposeB, type: outputType())
  }

  /// s16 operands of some operators have zero point 0.
  private func isCentered(_ x: Int) -> Bool {
    builder.tensor(x).elementType == .u8 || builder.tensor(x).quantization?.zeroPoint == 0
  }

  private mutating func addPadOrSlice(_ x: Int) -> Int {
    let shape = builder.tensor(x).shape
    if number(0...1) == 0 {
      return builder.addPad(
        x, before: [0] + shape.dropFirst().map { _ in number(0...2) }, after: [0] + shape.dropFirst().map { _ in number(0...2) })
    }
    let begin = [0] + shape.dropFirst().map { number(0...$0 - 1) }
    let step = [1] + shape.dropFirst().map { _ in number(1...3) }
    let extents = shape.indices.map { axis in axis == 0 ? 1 : number(1...(shape[axis] - 1 - begin[axis]) / step[axis] + 1) }
    return builder.addSlice(x, begin: begin, step: step, shape: extents)
  }

  private mutating func addReshape(_ x: Int) -> Int {
    let count = builder.tensor(x).elementCount
    let divisors = (1...count).filter { count % $0 == 0 }
    let channels = pick(divisors)
    let width = pick(divisors.filter { count / channels % $0 == 0 })
    let image = [1, count / channels / width, width, channels]
    let split = number(0...1) == 0 ? splitAxis(of: builder.tensor(x).shape) : image
    return builder.addReshape(x, pick([[1, count], [1, count / channels, channels], image, split]))
  }

  /// The shape with one axis in two, up to six axes.
  private mutating func splitAxis(of shape: [Int]) -> [Int] {
    guard (2..<6).contains(shape.count) else { return shape }
    let axis = number(1...shape.count - 1)
    let part = pick((1...shape[axis]).filter { shape[axis] % $0 == 0 })
    return shape[..<axis] + [shape[axis] / part, part] + shape[(axis + 1)...]
  }

  /// Any order of the axes behind the batch.
  private mutating func permutation(rank: Int) -> [Int] { [0] + Array(1..<rank).shuffled(using: &builder.random) }

  private mutating func addTake(_ x: Int) -> Int? {
    let rank = builder.tensor(x).shape.count
    return rank < 2 ? nil : builder.addTake(x, axis: number(1...rank - 1), count: pick([1, 2, 5, 16, 70]))
  }

  private mutating func addResize(_ x: Int) -> Int? {
    let shape = builder.tensor(x).shape
    guard shape.dropFirst().reduce(1, *) < 20_000 else { return nil }
    return builder.addResize(x, height: number(1...6), width: number(1...9), isNearest: number(0...1) == 0)
  }

  /// The tensor, part of it, and the tensor again.
  private mutating func addConcat(_ x: Int) -> Int {
    let shape = builder.tensor(x).shape
    let axis = number(1...shape.count - 1)
    var partShape = shape
    partShape[axis] = number(1...shape[axis])
    let zeros = [Int](repeating: 0, count: shape.count)
    let part = builder.addSlice(x, begin: zeros, step: zeros.map { _ in 1 }, shape: partShape)
    return builder.addConcat([x, part, x], axis: axis)
  }

  private mutating func window(_ shape: [Int]) -> Window {
    let kernel = Extent2D(height: number(1...min(3, shape[1])), width: number(1...min(3, shape[2])))
    return Window(
      kernel: kernel, stride: Extent2D(height: number(1...2), width: number(1...2)),
      padding: padding(Extent2D(height: kernel.height - 1, width: kernel.width - 1)))
  }

  private mutating func padding(_ most: Extent2D) -> Padding2D {
    Padding2D(top: number(0...most.height), left: number(0...most.width), bottom: number(0...most.height), right: number(0...most.width))
  }
}
