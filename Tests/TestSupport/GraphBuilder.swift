import NNQFormat
import NNQGraph

/// Builds legal graphs node by node: shapes follow from the operators, constants and quantization are random.
public struct GraphBuilder {
  public private(set) var graph = Graph(tensors: [], nodes: [], inputs: [], outputs: [])
  var random: SeededRandom
  /// Percent of the weights of convolutions and dense layers that may be other than zero.
  public var density = 100

  public init(seed: UInt64) { random = SeededRandom(seed: seed) }

  public func tensor(_ index: Int) -> Tensor { graph.tensors[index] }

  public mutating func addInput(_ shape: [Int], _ type: ElementType = .u8, layout: Port.Layout = .asStored) -> Int {
    let index = addActivation(shape, type)
    graph.inputs.append(Port(tensor: index, layout: layout))
    return index
  }

  public mutating func addOutput(_ tensor: Int, layout: Port.Layout = .asStored) {
    graph.outputs.append(Port(tensor: tensor, layout: layout))
  }

  /// Every activation that no node reads becomes an output.
  public mutating func finish() -> Graph {
    let read = Set(graph.nodes.flatMap(\.inputs))
    for index in graph.tensors.indices where graph.tensors[index].constant == nil && !read.contains(index) { addOutput(index) }
    return graph
  }

  public mutating func addConv(_ x: Int, _ conv: Conv2D, kernel: Extent2D, channels: Int, type: ElementType = .u8, residual: Int? = nil)
    -> Int
  {
    let shape = tensor(x).shape
    let height = extent(
      shape[1], kernel.height, conv.stride.height, conv.dilation.height, conv.padding.top + conv.padding.bottom)
    let width = extent(shape[2], kernel.width, conv.stride.width, conv.dilation.width, conv.padding.left + conv.padding.right)
    let weights = [channels, kernel.height, kernel.width, shape[3] / conv.groups]
    return addAccumulating(
      x, weights: weights, output: [1, height, width, channels], type: type, residual: residual
    ) { epilogue in
      var conv = conv
      conv.epilogue = epilogue
      return .conv2D(conv)
    }
  }

  public mutating func addDense(_ x: Int, channels: Int, type: ElementType = .u8, residual: Int? = nil) -> Int {
    let shape = tensor(x).shape
    return addAccumulating(
      x, weights: [channels, shape[shape.count - 1]], output: shape.dropLast() + [channels], type: type, residual: residual
    ) { .dense($0) }
  }

  public mutating func addMaxPool(_ x: Int, _ window: Window) -> Int { append(.maxPool(window), [x], addLike(x, pooled(x, window))) }

  public mutating func addAveragePool(_ x: Int, _ window: Window, countIncludePad: Bool, type: ElementType = .u8) -> Int {
    let pool = AveragePool(
      window: window, countIncludePad: countIncludePad, multiplier: Int32.random(in: 1 << 20...1 << 24, using: &random),
      shift: Int32.random(in: 20...24, using: &random))
    return append(.averagePool(pool), [x], addActivation(pooled(x, window), type))
  }

  public mutating func addSoftmax(_ x: Int, type: ElementType = .s16) -> Int {
    var entries = (0..<512).map { _ in Int(random.next() >> 33) }
    (entries[0], entries[256]) = (1 << 31, 1 << 31)
    let table = addConstant([512], .u32, entries)
    let y = addActivation(tensor(x).shape, type, Quantization(scale: type == .u8 ? 0x1p-8 : 0x1p-15, zeroPoint: 0))
    return append(.softmax, [x, table], y)
  }

  public mutating func addTable(_ x: Int, _ type: ElementType = .u8, isPerChannel: Bool = false) -> Int {
    let (shape, isNarrow) = (tensor(x).shape, tensor(x).elementType == .u8)
    let tableShape = Array(shape.suffix(isPerChannel ? 1 : 0)) + [isNarrow ? 256 : 513]
    let entryType = isNarrow ? type : .s16
    let range = entryType == .u8 ? 0...255 : -32768...32767
    let table = addConstant(tableShape, entryType, (0..<tableShape.reduce(1, *)).map { _ in Int.random(in: range, using: &random) })
    return append(.table, [x, table], addActivation(tensor(x).shape, type))
  }

  public mutating func addPad(_ x: Int, before: [Int], after: [Int]) -> Int {
    let shape = tensor(x).shape.indices.map { before[$0] + tensor(x).shape[$0] + after[$0] }
    let fill: ClosedRange<Int32> = tensor(x).elementType == .u8 ? 0...255 : -32768...32767
    return append(.pad(before: before, after: after, fill: .random(in: fill, using: &random)), [x], addLike(x, shape))
  }

  public mutating func addSlice(_ x: Int, begin: [Int], step: [Int], shape: [Int]) -> Int {
    append(.slice(begin: begin, step: step), [x], addLike(x, shape))
  }

  public mutating func addReshape(_ x: Int, _ shape: [Int]) -> Int { append(.reshape, [x], addLike(x, shape)) }

  /// - Parameter shape: of the output.
  public mutating func addReduction(_ x: Int, _ shape: [Int], _ reduction: Reduction, type: ElementType) -> Int {
    if case .sum = reduction { return append(.reduce(reduction), [x], addActivation(shape, type)) }
    return append(.reduce(reduction), [x], addLike(x, shape))
  }

  /// t of operators.md (2) is about 2^12.
  public mutating func addMatMul(_ a: Int, _ b: Int, transposeB: Bool, type: ElementType = .u8) -> Int {
    let (shapeA, shapeB) = (tensor(a).shape, tensor(b).shape)
    let (rank, depth) = (shapeA.count, shapeA[shapeA.count - 1])
    let leading = zip(shapeA, shapeB).prefix(rank - 2).map { max($0, $1) }
    let (lo, hi) = clamp(type)
    let matMul = MatMul(
      transposeB: transposeB, multiplier: Int32.random(in: 256...4095, using: &random),
      shift: 2 + Int32(Int.bitWidth - depth.leadingZeroBitCount) / 2, lo: lo, hi: hi)
    let shape = leading + [shapeA[rank - 2], transposeB ? shapeB[rank - 2] : shapeB[rank - 1]]
    return append(.matMul(matMul), [a, b], addActivation(shape, type))
  }

  public mutating func addLayerNorm(_ x: Int, type: ElementType = .u8) -> Int {
    let length = tensor(x).shape[tensor(x).shape.count - 1]
    let gain = addConstant([length], .s16, (0..<length).map { _ in Int.random(in: -4000...4000, using: &random) })
    let offset = addConstant([length], .s32, (0..<length).map { _ in Int.random(in: -1 << 22...1 << 22, using: &random) })
    let norm = LayerNorm(
      subtractsMean: Bool.random(using: &random), epsilon: Int32.random(in: 0...1000, using: &random),
      epsilonShift: Int32.random(in: 0...8, using: &random), shift: Int32.random(in: 16...22, using: &random))
    return append(.layerNorm(norm), [x, gain, offset], addActivation(tensor(x).shape, type))
  }

  public mutating func addConcat(_ operands: [Int], axis: Int) -> Int {
    var shape = tensor(operands[0]).shape
    shape[axis] = operands.reduce(0) { $0 + tensor($1).shape[axis] }
    return append(.concat(axis: axis), operands, addLike(operands[0], shape))
  }
}

// MARK: Movement

extension GraphBuilder {
  public mutating func addTranspose(_ x: Int, _ permutation: [Int]) -> Int {
    append(.transpose(permutation: permutation), [x], addLike(x, permutation.map { tensor(x).shape[$0] }))
  }

  public mutating func addTake(_ x: Int, axis: Int, count: Int) -> Int {
    var shape = tensor(x).shape
    let indices = (0..<count).map { _ in Int.random(in: 0..<shape[axis], using: &random) }
    let operand = addConstant([count], .u32, indices)
    shape[axis] = count
    return append(.take(axis: axis), [x, operand], addLike(x, shape))
  }

  /// An input of integers and the rows of a table that they choose.
  public mutating func addGather(_ shape: [Int], rowCount: Int, channels: Int, type: ElementType = .u8) -> Int {
    let x = addActivation(shape, .s32, Quantization(scale: 1, zeroPoint: 0))
    graph.inputs.append(Port(tensor: x, layout: .asStored))
    let limits = type == .u8 ? 0...255 : -32768...32767
    let table = addConstant([rowCount, channels], type, (0..<rowCount * channels).map { _ in Int.random(in: limits, using: &random) })
    return append(.gather, [x, table], addActivation(shape + [channels], type))
  }

  /// - Parameter isNearest: places are whole elements.
  public mutating func addResize(_ x: Int, height: Int, width: Int, isNearest: Bool) -> Int {
    let shape = tensor(x).shape
    func places(_ count: Int, _ extent: Int) -> [Int] {
      (0..<count).map { _ in
        isNearest ? 256 * Int.random(in: 0..<extent, using: &random) : Int.random(in: 0...256 * (extent - 1), using: &random)
      }
    }
    let operands = [addConstant([height], .u32, places(height, shape[1])), addConstant([width], .u32, places(width, shape[2]))]
    return append(.resize, [x] + operands, addLike(x, [1, height, width, shape[3]]))
  }
}

// MARK: Tensors

extension GraphBuilder {
  mutating func addActivation(_ shape: [Int], _ type: ElementType, _ quantization: Quantization? = nil) -> Int {
    let zeroPoint = type == .u8 ? Int32.random(in: 0...255, using: &random) : 0
    let tensor = Tensor(
      name: "t\(graph.tensors.count)", elementType: type, shape: shape,
      quantization: quantization ?? Quantization(scale: Float.random(in: 0.01...0.1, using: &random), zeroPoint: zeroPoint))
    graph.tensors.append(tensor)
    return graph.tensors.count - 1
  }

  mutating func addLike(_ x: Int, _ shape: [Int]) -> Int {
    addActivation(shape, tensor(x).elementType, tensor(x).quantization)
  }

  mutating func addConstant(_ shape: [Int], _ type: ElementType, _ values: [Int]) -> Int {
    graph.tensors.append(
      Tensor(name: "c\(graph.tensors.count)", elementType: type, shape: shape, constant: Constant(values, as: type)))
    return graph.tensors.count - 1
  }

  mutating func append(_ operation: Operation, _ inputs: [Int], _ output: Int) -> Int {
    graph.nodes.append(Node(operation, inputs: inputs, outputs: [output]))
    return output
  }

  private func extent(_ input: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ padding: Int) -> Int {
    (input + padding - (kernel - 1) * dilation - 1) / stride + 1
  }

  private func pooled(_ x: Int, _ window: Window) -> [Int] {
    let (shape, padding) = (tensor(x).shape, window.padding)
    return [
      1, extent(shape[1], window.kernel.height, window.stride.height, 1, padding.top + padding.bottom),
      extent(shape[2], window.kernel.width, window.stride.width, 1, padding.left + padding.right), shape[3],
    ]
  }

  mutating func clamp(_ type: ElementType) -> (Int32, Int32) {
    guard type == .u8 else { return (-32768, 32767) }
    return (Int32.random(in: 0...20, using: &random), Int32.random(in: 200...255, using: &random))
  }

  /// Multipliers and shifts such that outputs fill their range: t of operators.md (2) is about 2^13, m about 2^9.
  private mutating func addAccumulating(
    _ x: Int, weights shape: [Int], output: [Int], type: ElementType, residual: Int?, _ operation: (Epilogue) -> NNQGraph.Operation
  ) -> Int {
    let (channels, taps) = (shape[0], shape.dropFirst().reduce(1, *))
    let accumulatorBits = 14 + (Int.bitWidth - taps.leadingZeroBitCount) / 2
    let shift = max(0, accumulatorBits - 13)
    var elements = (0..<channels * taps).map { _ in Int.random(in: -127...127, using: &random) }
    for index in elements.indices where density < 100 && Int.random(in: 0..<100, using: &random) >= density { elements[index] = 0 }
    let weights = addConstant(shape, .s8, elements)
    let bias = addConstant([channels], .s32, (0..<channels).map { _ in Int.random(in: -20000...20000, using: &random) })
    let multiplier = addConstant([channels], .u16, (0..<channels).map { _ in Int.random(in: 256...1023, using: &random) })
    let shifts = addConstant([channels], .u8, (0..<channels).map { _ in Int.random(in: shift...shift + 2, using: &random) })
    let (lo, hi) = clamp(type)
    let residualMultiplier = residual == nil ? 0 : Int32.random(in: 1...32767, using: &random)
    let y = addActivation(output, type)
    let epilogue = Epilogue(lo: lo, hi: hi, residualMultiplier: residualMultiplier)
    return append(operation(epilogue), [x, weights, bias, multiplier, shifts] + (residual.map { [$0] } ?? []), y)
  }
}
