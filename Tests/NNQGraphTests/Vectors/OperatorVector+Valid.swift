import NNQFormat
import NNQGraph
import TestSupport

extension OperatorVector {
  static func valid() -> [OperatorVector] {
    definitions() + accumulations() + arithmetic() + pools() + tables() + movement() + attention()
  }

  /// Graphs of several operators, which between them have every one.
  static func random() -> [OperatorVector] {
    (0..<16).map { seed in valid("random_\(seed)", 22, 23, 24, 28, graph: randomGraph(seed: UInt64(seed), nodeCount: 12)) }
  }

  private static func definitions() -> [OperatorVector] {
    let chain = Graph(
      tensors: [.activation("x", [1, 4]), .activation("y", [1, 2, 2]), .activation("z", [1, 2, 2])],
      nodes: [
        Node(.reshape, inputs: [0], outputs: [1]), Node(.transpose(permutation: [0, 2, 1]), inputs: [1], outputs: [2]),
      ],
      inputs: [Port(tensor: 0, layout: .asStored)], outputs: [2, 0].map { Port(tensor: $0, layout: .asStored) })
    let through = Graph(
      tensors: [.activation("x", [1], .s16, zeroPoint: -32768)], nodes: [], inputs: [Port(tensor: 0, layout: .asStored)],
      outputs: [Port(tensor: 0, layout: .asStored)])
    return [
      valid("chain", 1, 2, 20, 21, 22, 23, 24, 25, 26, 28, graph: chain),
      valid("without_nodes", 1, 2, 24, 25, 28, graph: through),
    ]
  }

  private static func accumulations() -> [OperatorVector] {
    var edges = AccumulatingGraph()
    edges.x = .activation("x", [1, 2], zeroPoint: 255)
    edges.weights = .constant("w", [2, 2], .s8, [127, -127, 1, 0])
    (edges.bias, edges.multiplier, edges.shift) = ([1, -1], [256, 32767], [0, 22])
    edges.y = .activation("y", [1, 2], zeroPoint: 7)
    var residual = edges
    (residual.residual, residual.epilogue.residualMultiplier) = (.activation("r", [1, 2], zeroPoint: 9), 32767)
    var wide = edges
    (wide.y, wide.epilogue) = (.activation("y", [1, 2], .s16), Epilogue(lo: -32768, hi: 32767))
    var rows = edges
    (rows.x, rows.y) = (.activation("x", [1, 3, 2]), .activation("y", [1, 3, 2]))
    func bound(_ name: String, bias: Int) -> OperatorVector {
      var graph = AccumulatingGraph(x: .activation("x", [1, 2], zeroPoint: 100), weights: [5, -3], [1, 2], y: [1, 1])
      (graph.bias, graph.shift) = ([bias], [0])
      return valid(name, 27, graph: graph.dense)
    }
    return [
      valid("dense_edges", 3, 9, graph: edges.dense), valid("dense_residual", 4, graph: residual.dense),
      valid("dense_s16", 5, graph: wide.dense), valid("dense_rows", 9, graph: rows.dense),
      bound("dense_largest_sum", bias: Int(Int32.max) - 255 * 5 + 2 * 100),
      bound("dense_least_sum", bias: Int(Int32.min) + 255 * 3 + 2 * 100),
    ] + convolutions()
  }

  private static func convolutions() -> [OperatorVector] {
    let operands = AccumulatingGraph(
      x: .activation("x", [1, 1, 3, 4], zeroPoint: 3), weights: [1, -2, 3, -4, 5, -6, 7, -8], [2, 1, 2, 2], y: [1, 1, 2, 2])
    var grouped = Conv2D.plain
    grouped.groups = 2
    var dilated = grouped
    (dilated.dilation.width, dilated.padding.left, dilated.padding.right) = (2, 2, 1)
    var padded = operands
    padded.y = .activation("y", [1, 1, 4, 2])
    var strided = dilated
    strided.stride = Extent2D(height: 65535, width: 65535)
    var one = operands
    one.y = .activation("y", [1, 1, 1, 2])
    return [
      valid("conv_grouped", 6, 7, graph: operands.convolution(grouped)),
      valid("conv_dilated", 8, graph: padded.convolution(dilated)), valid("conv_strided", 6, 8, graph: one.convolution(strided)),
    ]
  }

  private static func arithmetic() -> [OperatorVector] {
    let (a, b) = (Tensor.activation("a", [1, 3, 1], zeroPoint: 3), Tensor.activation("b", [1, 1, 4], .s16, zeroPoint: -5))
    let y = Tensor.activation("y", [1, 3, 4], zeroPoint: 9)
    let constant = Tensor.constant("c", [1, 1, 4], .u8, [0, 1, 200, 255])
    let add = Add(multiplierA: -32767, multiplierB: 100, shift: 21, lo: 255, hi: 255)
    let words = Add(multiplierA: 32767, multiplierB: 32767, shift: 17, lo: -32768, hi: 32767)
    let wide = (["a", "b", "y"].map { Tensor.activation($0, [1, 2], .s16) })
    let like = Tensor.activation("y", [1, 3, 4], zeroPoint: 3)
    return [
      valid("add_edges", 10, 11, 30, graph: Graph(.add(add), [a, b], y)),
      valid("add_constant", 10, 30, graph: Graph(.add(Add(multiplierA: 3, multiplierB: -2, shift: 1, lo: 0, hi: 200)), [a, constant], y)),
      valid("add_largest_sum", 34, graph: Graph(.add(words), Array(wide[...1]), wide[2])),
      valid(
        "multiply_edges", 30, 31, graph: Graph(.multiply(Multiply(shiftA: 7, shiftB: 7, multiplier: 32767, lo: 0, hi: 255)), [a, b], y)),
      valid(
        "multiply_constant", 31, graph: Graph(.multiply(Multiply(shiftA: 0, shiftB: 0, multiplier: 1, lo: 9, hi: 9)), [a, constant], y)),
      valid("maximum", 18, 30, graph: Graph(.maximum, [a, .activation("b", [1, 1, 4], zeroPoint: 3)], like)),
      valid("minimum_constant", 18, 30, graph: Graph(.minimum, [a, constant], like)),
      valid(
        "requantize_edges", 32, 33,
        graph: Graph(.requantize(Requantize(multiplier: -32767, shift: 21, lo: 0, hi: 255)), [b], .activation("y", [1, 1, 4]))),
    ]
  }

  private static func pools() -> [OperatorVector] {
    let (bytes, words) = (Tensor.activation("x", [1, 4, 4, 2], zeroPoint: 7), Tensor.activation("x", [1, 4, 4, 2], .s16))
    let window = Window(
      2, 3, stride: Extent2D(height: 1, width: 2), padding: Padding2D(top: 1, left: 2, bottom: 0, right: 1))
    func average(_ countIncludePad: Bool, _ multiplier: Int32, shift: Int32) -> NNQGraph.Operation {
      .averagePool(AveragePool(window: window, countIncludePad: countIncludePad, multiplier: multiplier, shift: shift))
    }
    let (y, wideY) = (Tensor.activation("y", [1, 4, 3, 2], zeroPoint: 7), Tensor.activation("y", [1, 4, 3, 2], .s16))
    return [
      valid("max_pool", 12, graph: Graph(.maxPool(window), [bytes], y)),
      valid("max_pool_s16", 12, graph: Graph(.maxPool(window), [words], wideY)),
      valid("average_pool", 13, 14, graph: Graph(average(false, Int32.max, shift: 33), [bytes], y)),
      valid("average_pool_with_padding", 13, 14, graph: Graph(average(true, 1 << 24, shift: 24), [words], y)),
      valid("average_pool_edges", 13, 14, graph: Graph(average(false, Int32.max, shift: 46), [words], wideY)),
      valid("average_pool_least_shift", 13, graph: Graph(average(false, 1, shift: 1), [bytes], wideY)),
    ]
  }

  private static func tables() -> [OperatorVector] {
    let (bytes, words) = (Tensor.activation("x", [1, 2, 3]), Tensor.activation("x", [1, 2, 3], .s16, zeroPoint: 4))
    let (y, wideY) = (Tensor.activation("y", [1, 2, 3], zeroPoint: 1), Tensor.activation("y", [1, 2, 3], .s16, zeroPoint: 1))
    let ramp = Tensor.constant("t", .s16, (0..<513).map { $0 * 127 - 32512 })
    return [
      valid("table_u8", 17, graph: Graph(.table, [bytes, .constant("t", .u8, (0..<256).map { 255 - $0 })], y)),
      valid("table_u8_to_s16", 17, graph: Graph(.table, [bytes, .constant("t", .s16, (0..<256).map { $0 * 257 - 32768 })], wideY)),
      valid("table_s16", 17, graph: Graph(.table, [words, ramp], wideY)),
      valid("table_s16_to_u8", 17, graph: Graph(.table, [words, ramp], y)),
      valid(
        "table_of_each_channel", 17, graph: Graph(.table, [bytes, .constant("t", [3, 256], .u8, (0..<768).map { $0 * 7 % 256 })], y)),
      valid("softmax_u8", 15, 16, graph: Graph(.softmax, [bytes, SoftmaxTable.halving], .activation("y", [1, 2, 3], scale: 0x1p-8))),
      valid(
        "softmax_s16", 15, 16, graph: Graph(.softmax, [words, SoftmaxTable.halving], .activation("y", [1, 2, 3], .s16, scale: 0x1p-15))),
      valid(
        "softmax_longest_axis", 15,
        graph: Graph(
          .softmax, [.activation("x", [1, 1 << 16]), SoftmaxTable.halving], .activation("y", [1, 1 << 16], .s16, scale: 0x1p-15))),
    ]
  }

  private static func movement() -> [OperatorVector] {
    let x = Tensor.activation("x", [1, 4, 2], zeroPoint: 5)
    func y(_ shape: [Int]) -> Tensor { .activation("y", shape, zeroPoint: 5) }
    let picture = Tensor.activation("x", [1, 3, 2, 2])
    let places = [Tensor.constant("h", .u32, [0, 512, 300]), .constant("w", .u32, [256, 1])]
    func rows(_ type: ElementType) -> [Tensor] {
      [.activation("x", [1, 3], .s32), .constant("t", [5, 2], type, (0..<10).map { $0 * 20 })]
    }
    return [
      valid("pad", 18, 19, graph: Graph(.pad(before: [0, 1, 0], after: [0, 2, 3], fill: 255), [x], y([1, 7, 5]))),
      valid("slice", 18, 19, graph: Graph(.slice(begin: [0, 1, 1], step: [1, 2, 2_147_483_647]), [x], y([1, 2, 1]))),
      valid("reshape", 18, 20, graph: Graph(.reshape, [x], y([1, 1, 8, 1]))),
      valid("concat", 18, 20, graph: Graph(.concat(axis: 1), [x, .activation("z", [1, 1, 2], zeroPoint: 5)], y([1, 5, 2]))),
      valid("transpose", 18, 19, graph: Graph(.transpose(permutation: [0, 2, 1]), [x], y([1, 2, 4]))),
      valid("take", 18, 19, 29, graph: Graph(.take(axis: 1), [x, .constant("t", .u32, [3, 0, 3])], y([1, 3, 2]))),
      valid("resize", 18, 29, graph: Graph(.resize, [picture] + places, .activation("y", [1, 3, 2, 2]))),
      valid("gather", 40, 41, 42, graph: Graph(.gather, rows(.u8), .activation("y", [1, 3, 2]))),
      valid("gather_s16", 40, 41, graph: Graph(.gather, rows(.s16), .activation("y", [1, 3, 2], .s16))),
    ]
  }

  private static func attention() -> [OperatorVector] {
    let (a, words) = (Tensor.activation("a", [1, 2, 1, 2, 300], zeroPoint: 9), Tensor.activation("a", [1, 2, 1, 2, 300], .s16))
    let (b, transposed) = (Tensor.activation("b", [1, 1, 3, 300, 1], zeroPoint: 200), Tensor.activation("b", [1, 1, 3, 1, 300]))
    func matMul(_ transposeB: Bool, _ multiplier: Int32, shift: Int32, lo: Int32) -> NNQGraph.Operation {
      .matMul(MatMul(transposeB: transposeB, multiplier: multiplier, shift: shift, lo: lo, hi: 255))
    }
    let (y, wideY) = (Tensor.activation("y", [1, 2, 3, 2, 1], zeroPoint: 100), Tensor.activation("y", [1, 2, 3, 2, 1], .s16))
    func norm(_ x: Tensor, _ y: Tensor, subtractsMean: Bool) -> Graph {
      let norm = LayerNorm(subtractsMean: subtractsMean, epsilon: Int32.max, epsilonShift: 31, shift: subtractsMean ? 8 : 31)
      return Graph(.layerNorm(norm), [x, .constant("g", .s16, [1, -32768, 32767]), .constant("o", .s32, [5, 1 << 30, -(1 << 31)])], y)
    }
    let reduced = Tensor.activation("x", [1, 2, 3, 4], zeroPoint: 6)
    return [
      valid("mat_mul", 37, 38, graph: Graph(matMul(false, 256, shift: 10, lo: 0), [a, b], y)),
      valid("mat_mul_transposed", 37, 38, graph: Graph(matMul(true, 32767, shift: 22, lo: -32768), [words, transposed], wideY)),
      valid("layer_norm", 39, graph: norm(.activation("x", [1, 2, 3]), .activation("y", [1, 2, 3]), subtractsMean: true)),
      valid("layer_norm_s16", 39, graph: norm(.activation("x", [1, 3], .s16), .activation("y", [1, 3], .s16), subtractsMean: false)),
      valid(
        "reduce_sum", 35, 36,
        graph: Graph(.reduce(.sum(multiplier: 1 << 24 - 1, shift: 24)), [reduced], .activation("y", [1, 1, 3, 1], zeroPoint: 3))),
      valid("reduce_max", 35, 36, graph: Graph(.reduce(.max), [reduced], .activation("y", [1, 2, 1, 4], zeroPoint: 6))),
      valid("reduce_min", 35, 36, graph: Graph(.reduce(.min), [reduced], .activation("y", [1, 2, 3, 4], zeroPoint: 6))),
    ]
  }
}
