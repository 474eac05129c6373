import NNQFormat
import NNQGraph

/// Operators that bring elements together, and table: 3.2 to 3.5 and 3.16 to 3.18 of operators.md.
extension OperatorVector {
  static func invalidGathering() -> [OperatorVector] { pools() + softmaxes() + tables() + reductions() + products() + norms() }

  private static func pools() -> [OperatorVector] {
    let image = Tensor.activation("x", [1, 4, 4, 2])
    let window = Window(2, 2)
    func pool(
      _ name: String, _ rule: Int, code: GraphError.Code, _ operation: NNQGraph.Operation, _ x: Tensor = image,
      _ y: Tensor = .activation("y", [1, 3, 3, 2])
    ) -> OperatorVector {
      invalid(name, rule, code: code, graph: Graph(operation, [x], y))
    }
    func average(_ window: Window = window, _ multiplier: Int32 = 1, shift: Int32 = 1) -> NNQGraph.Operation {
      .averagePool(AveragePool(window: window, countIncludePad: true, multiplier: multiplier, shift: shift))
    }
    func large(_ name: String, height: Int, _ type: ElementType) -> OperatorVector {
      pool(
        name, 13, code: .attributeRange, average(Window(height, 1024)), .activation("x", [1, height, 1024, 1], type),
        .activation("y", [1, 1, 1, 1]))
    }
    return [
      pool("max_pool_scale", 12, code: .quantizationMismatch, .maxPool(window), image, .activation("y", [1, 3, 3, 2], scale: 2)),
      pool("max_pool_type", 12, code: .quantizationMismatch, .maxPool(window), image, .activation("y", [1, 3, 3, 2], .s16)),
      pool(
        "max_pool_padding", 8, code: .attributeRange, .maxPool(Window(2, 2, padding: Padding2D(top: 2, left: 0, bottom: 0, right: 0))),
        image, .activation("y", [1, 5, 3, 2])),
      pool("max_pool_window_larger", 6, code: .shapeMismatch, .maxPool(Window(5, 1))),
      pool("average_multiplier_0", 13, code: .attributeRange, average(window, 0)),
      pool("average_shift_0", 13, code: .attributeRange, average(window, 1, shift: 0)),
      pool("average_shift_47", 13, code: .attributeRange, average(window, 1, shift: 47)),
      invalid("average_count_2", 13, code: .attributeRange, graph: Graph(average(), [image], .activation("y", [1, 3, 3, 2]))) {
        $0.graph.nodes[0].attributes[8] = 2
      },
      large("average_of_u8_large", height: 1025, .u8), large("average_of_s16_large", height: 33, .s16),
      pool(
        "average_zero_point", 14, code: .quantizationMismatch, average(), image, .activation("y", [1, 3, 3, 2], .s16, zeroPoint: 1)),
    ]
  }

  private static func softmaxes() -> [OperatorVector] {
    let x = Tensor.activation("x", [1, 3])
    let y = Tensor.activation("y", [1, 3], .s16, scale: 0x1p-15)
    func softmax(
      _ name: String, _ rule: Int, code: GraphError.Code, _ x: Tensor = x, _ table: Tensor = SoftmaxTable.halving, _ y: Tensor = y
    ) -> OperatorVector {
      invalid(name, rule, code: code, graph: Graph(.softmax, [x, table], y))
    }
    func entry(_ name: String, _ index: Int, _ value: Int) -> OperatorVector {
      var entries = [Int](repeating: 0, count: 512)
      (entries[0], entries[256]) = (1 << 31, 1 << 31)
      entries[index] = value
      return softmax(name, 16, code: .constantRange, x, .constant("t", .u32, entries))
    }
    let long = 1 << 16 + 1
    return [
      softmax(
        "softmax_rank_1", 15, code: .shapeMismatch, .activation("x", [1]), SoftmaxTable.halving, .activation("y", [1], .s16, scale: 0x1p-15)
      ),
      softmax(
        "softmax_axis_long", 15, code: .shapeMismatch, .activation("x", [1, long]), SoftmaxTable.halving,
        .activation("y", [1, long], .s16, scale: 0x1p-15)),
      softmax("softmax_scale", 15, code: .quantizationMismatch, x, SoftmaxTable.halving, .activation("y", [1, 3], scale: 0x1p-15)),
      softmax(
        "softmax_zero_point", 15, code: .quantizationMismatch, x, SoftmaxTable.halving,
        .activation("y", [1, 3], scale: 0x1p-8, zeroPoint: 1)),
      softmax("softmax_table_s32", 15, code: .operandType, x, .constant("t", .s32, Array(repeating: 0, count: 512))),
      softmax("softmax_table_short", 15, code: .shapeMismatch, x, .constant("t", .u32, Array(repeating: 0, count: 511))),
      entry("softmax_first_entry", 0, 1 << 31 - 1), entry("softmax_first_low_entry", 256, 0),
      entry("softmax_entry_larger", 1, 1 << 31 + 1), entry("softmax_entry_largest", 511, 1 << 32 - 1),
    ]
  }

  private static func tables() -> [OperatorVector] {
    func table(_ name: String, code: GraphError.Code, _ x: Tensor, _ shape: [Int], _ type: ElementType, _ y: Tensor? = nil)
      -> OperatorVector
    {
      let entries = [Int](repeating: 0, count: shape.reduce(1, *))
      return invalid(name, 17, code: code, graph: Graph(.table, [x, .constant("t", shape, type, entries)], y ?? .activation("y", x.shape)))
    }
    let (bytes, words) = (Tensor.activation("x", [1, 3]), Tensor.activation("x", [1, 3], .s16))
    return [
      table("table_of_another_type", code: .operandType, bytes, [256], .s16), table("table_short", code: .shapeMismatch, bytes, [255], .u8),
      table("table_s16_of_u8", code: .operandType, words, [513], .u8), table("table_s16_short", code: .shapeMismatch, words, [512], .s16),
      table("table_of_fewer_channels", code: .shapeMismatch, bytes, [2, 256], .u8),
      table("table_of_the_batch", code: .shapeMismatch, .activation("x", [1]), [1, 256], .u8),
      table("table_shape", code: .shapeMismatch, bytes, [256], .u8, .activation("y", [1, 4])),
    ]
  }

  private static func reductions() -> [OperatorVector] {
    let sum = Reduction.sum(multiplier: 1, shift: 1)
    let x = Tensor.activation("x", [1, 2, 3])
    func reduce(_ name: String, _ rule: Int, code: GraphError.Code, _ reduction: Reduction, _ x: Tensor, _ y: Tensor) -> OperatorVector {
      invalid(name, rule, code: code, graph: Graph(.reduce(reduction), [x], y))
    }
    func attribute(_ name: String, _ index: Int, _ value: Int32) -> OperatorVector {
      invalid(name, 36, code: .attributeRange, graph: Graph(.reduce(sum), [x], .activation("y", [1, 1, 1]))) {
        $0.graph.nodes[0].attributes[index] = value
      }
    }
    return [
      reduce("reduce_extent", 35, code: .shapeMismatch, sum, x, .activation("y", [1, 2, 2])),
      reduce("reduce_rank", 35, code: .shapeMismatch, sum, x, .activation("y", [1, 2])),
      reduce("reduce_many", 36, code: .shapeMismatch, sum, .activation("x", [1, 1 << 20 + 1]), .activation("y", [1, 1])),
      reduce("reduce_max_scale", 36, code: .quantizationMismatch, .max, x, .activation("y", [1, 2, 1], scale: 2)),
      attribute("reduce_kind_3", 0, 3), attribute("reduce_multiplier_0", 1, 0), attribute("reduce_shift_0", 2, 0),
      attribute("reduce_shift_61", 2, 61),
    ]
  }

  private static func products() -> [OperatorVector] {
    let (a, b, y) = (Tensor.activation("a", [1, 2, 3]), Tensor.activation("b", [1, 3, 4]), Tensor.activation("y", [1, 2, 4]))
    func matMul(
      _ name: String, _ rule: Int, code: GraphError.Code, _ a: Tensor = a, _ b: Tensor = b, _ y: Tensor = y, _ multiplier: Int32 = 256,
      shift: Int32 = 0, lo: Int32 = 0
    ) -> OperatorVector {
      let operation = MatMul(transposeB: false, multiplier: multiplier, shift: shift, lo: lo, hi: 255)
      return invalid(name, rule, code: code, graph: Graph(.matMul(operation), [a, b], y))
    }
    let deep = 1 << 15 + 1
    return [
      matMul("mat_mul_depths", 37, code: .shapeMismatch, a, .activation("b", [1, 4, 4])),
      matMul(
        "mat_mul_of_the_batch", 37, code: .shapeMismatch, .activation("a", [1, 3]), .activation("b", [1, 3]), .activation("y", [1, 1])),
      matMul(
        "mat_mul_deep", 37, code: .shapeMismatch, .activation("a", [1, 1, deep]), .activation("b", [1, deep, 1]),
        .activation("y", [1, 1, 1])),
      matMul("mat_mul_by_s16", 37, code: .operandType, a, .activation("b", [1, 3, 4], .s16)),
      matMul("mat_mul_by_constant", 37, code: .operandType, a, .constant("b", [1, 3, 4], .u8, Array(0..<12))),
      matMul(
        "mat_mul_leading_axes", 37, code: .shapeMismatch, .activation("a", [1, 2, 2, 3]), .activation("b", [1, 3, 3, 4]),
        .activation("y", [1, 2, 2, 4])),
      matMul("mat_mul_zero_point", 38, code: .quantizationMismatch, .activation("a", [1, 2, 3], .s16, zeroPoint: 1)),
      matMul("mat_mul_output_zero_point", 38, code: .quantizationMismatch, a, b, .activation("y", [1, 2, 4], .s16, zeroPoint: 1)),
      matMul("mat_mul_clamp", 5, code: .attributeRange, a, b, y, lo: -1),
    ]
  }

  private static func norms() -> [OperatorVector] {
    let x = Tensor.activation("x", [1, 3])
    func norm(_ name: String, code: GraphError.Code, _ x: Tensor, _ y: Tensor, gain: Tensor? = nil) -> OperatorVector {
      let ones = Array(repeating: 1, count: x.shape[x.shape.count - 1])
      let operation = LayerNorm(subtractsMean: true, epsilon: 0, epsilonShift: 0, shift: 8)
      return invalid(
        name, 39, code: code, graph: Graph(.layerNorm(operation), [x, gain ?? .constant("g", .s16, ones), .constant("o", .s32, ones)], y))
    }
    return [
      norm("layer_norm_shape", code: .shapeMismatch, x, .activation("y", [1, 1, 3])),
      norm("layer_norm_rank_1", code: .shapeMismatch, .activation("x", [1]), .activation("y", [1])),
      norm("layer_norm_gain_short", code: .shapeMismatch, x, .activation("y", [1, 3]), gain: .constant("g", .s16, [1, 2])),
      norm("layer_norm_gain_s8", code: .operandType, x, .activation("y", [1, 3]), gain: .constant("g", .s8, [1, 2, 3])),
      norm("layer_norm_zero_point", code: .quantizationMismatch, x, .activation("y", [1, 3], .s16, zeroPoint: 1)),
    ]
      + [(0, 2), (1, -1), (2, 32), (3, 7), (3, 32)].map { index, value in
        let operation = LayerNorm(subtractsMean: true, epsilon: 0, epsilonShift: 0, shift: 8)
        let operands = [x, .constant("g", .s16, [1, 1, 1]), .constant("o", .s32, [0, 0, 0])]
        return invalid(
          "layer_norm_attribute_\(index)_\(value < 0 ? "negative" : "\(value)")", 39, code: .attributeRange,
          graph: Graph(.layerNorm(operation), operands, .activation("y", [1, 3]))
        ) { $0.graph.nodes[0].attributes[index] = Int32(value) }
      }
  }
}
