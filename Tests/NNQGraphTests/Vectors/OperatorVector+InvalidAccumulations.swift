import NNQFormat
import NNQGraph

/// Chapter 2 of operators.md and 5.3.
extension OperatorVector {
  static func invalidAccumulations() -> [OperatorVector] { operands() + epilogues() + convolutions() + convolutionAttributes() + sums() }

  private static func dense(
    _ name: String, _ rule: Int, code: GraphError.Code, _ change: (inout AccumulatingGraph) -> Void
  ) -> OperatorVector {
    var operands = AccumulatingGraph()
    change(&operands)
    return invalid(name, rule, code: code, graph: operands.dense)
  }

  private static func operands() -> [OperatorVector] {
    [
      dense("dense_of_s16", 3, code: .operandType) { $0.x = .activation("x", [1, 1], .s16) },
      dense("weights_u8", 3, code: .operandType) { $0.weights = .constant("w", [1, 1], .u8, [1]) },
      dense("weights_computed", 3, code: .operandType) { $0.weights = .activation("w", [1, 1]) },
      dense("weights_rank", 3, code: .shapeMismatch) { $0.weights = .constant("w", [1], .s8, [1]) },
      dense("weights_depth", 3, code: .shapeMismatch) { $0.x = .activation("x", [1, 2]) },
      dense("weight_minus_128", 3, code: .constantRange) { $0.weights = .constant("w", [1, 1], .s8, [-128]) },
      dense("bias_longer", 3, code: .shapeMismatch) { $0.bias = [0, 0] },
      dense("multiplier_255", 3, code: .constantRange) { $0.multiplier = [255] },
      dense("multiplier_32768", 3, code: .constantRange) { $0.multiplier = [32768] },
      dense("shift_23", 3, code: .constantRange) { $0.shift = [23] },
      dense("residual_s16", 3, code: .operandType) {
        ($0.residual, $0.epilogue.residualMultiplier) = (.activation("r", [1, 1], .s16), 1)
      },
      dense("residual_shape", 3, code: .shapeMismatch) {
        ($0.residual, $0.epilogue.residualMultiplier) = (.activation("r", [1, 2]), 1)
      },
      dense("dense_rank_1", 9, code: .shapeMismatch) { ($0.x, $0.y) = (.activation("x", [1]), .activation("y", [1])) },
    ]
  }

  private static func epilogues() -> [OperatorVector] {
    [
      dense("residual_multiplier_alone", 4, code: .attributeRange) { $0.epilogue.residualMultiplier = 1 },
      dense("residual_multiplier_0", 4, code: .attributeRange) { $0.residual = .activation("r", [1, 1]) },
      dense("residual_multiplier_negative", 4, code: .attributeRange) { $0.epilogue.residualMultiplier = -1 },
      dense("clamp_empty", 5, code: .attributeRange) { $0.epilogue = Epilogue(lo: 8, hi: 7) },
      dense("clamp_256", 5, code: .attributeRange) { $0.epilogue.hi = 256 },
      dense("clamp_negative", 5, code: .attributeRange) { $0.epilogue.lo = -1 },
      dense("clamp_32768", 5, code: .attributeRange) {
        ($0.y, $0.epilogue) = (.activation("y", [1, 1], .s16), Epilogue(lo: 0, hi: 32768))
      },
      dense("s16_zero_point", 5, code: .quantizationMismatch) { $0.y = .activation("y", [1, 1], .s16, zeroPoint: 1) },
      dense("output_s32", 5, code: .operandType) { $0.y = .activation("y", [1, 1], .s32) },
    ]
  }

  private static let image = AccumulatingGraph(
    x: .activation("x", [1, 1, 3, 4]), weights: Array(repeating: 1, count: 8), [2, 1, 2, 2], y: [1, 1, 2, 2])

  private static func convolution(
    _ name: String, _ rule: Int, code: GraphError.Code, _ change: (inout AccumulatingGraph, inout Conv2D) -> Void
  ) -> OperatorVector {
    var (operands, conv) = (image, Conv2D.plain)
    conv.groups = 2
    change(&operands, &conv)
    return invalid(name, rule, code: code, graph: operands.convolution(conv))
  }

  private static func convolutions() -> [OperatorVector] {
    [
      convolution("conv_rank_3", 3, code: .shapeMismatch) { operands, _ in operands.x = .activation("x", [1, 3, 4]) },
      convolution("kernel_wider", 6, code: .shapeMismatch) { _, conv in conv.dilation.width = 3 },
      convolution("groups_of_channels", 7, code: .attributeRange) { _, conv in conv.groups = 3 },
      convolution("groups_of_outputs", 7, code: .attributeRange) { _, conv in conv.groups = 4 },
      convolution("padding_of_span", 8, code: .attributeRange) { operands, conv in
        conv.padding.left = 2
        operands.y = .activation("y", [1, 1, 4, 2])
      },
      convolution("conv_output_wider", 22, code: .shapeMismatch) { operands, _ in operands.y = .activation("y", [1, 1, 3, 2]) },
    ]
  }

  /// Words of the attributes: strides, dilations, paddings, groups.
  private static func convolutionAttributes() -> [OperatorVector] {
    var conv = Conv2D.plain
    conv.groups = 2
    let graph = image.convolution(conv)
    let fields = ["stride_height", "stride_width", "dilation_height", "dilation_width", "pad_top", "pad_left", "pad_bottom", "pad_right"]
    return fields.enumerated().map { field, name in
      let value: Int32 = field < 4 ? 0 : -1
      return invalid("\(name)_\(value == 0 ? "0" : "negative")", 8, code: .attributeRange, graph: graph) {
        $0.graph.nodes[0].attributes[field] = value
      }
    } + [
      invalid("stride_65536", 8, code: .attributeRange, graph: graph) { $0.graph.nodes[0].attributes[0] = 65536 },
      invalid("pad_huge", 8, code: .attributeRange, graph: graph) { $0.graph.nodes[0].attributes[4] = Int32.max },
      invalid("groups_0", 8, code: .attributeRange, graph: graph) { $0.graph.nodes[0].attributes[8] = 0 },
    ]
  }

  private static func sums() -> [OperatorVector] {
    func bound(_ name: String, bias: Int) -> OperatorVector {
      var graph = AccumulatingGraph(x: .activation("x", [1, 2], zeroPoint: 100), weights: [5, -3], [1, 2], y: [1, 1])
      (graph.bias, graph.shift) = ([bias], [0])
      return invalid(name, 27, code: .accumulatorOverflow, graph: graph.dense)
    }
    return [
      bound("sum_2_31", bias: Int(Int32.max) - 255 * 5 + 2 * 100 + 1), bound("sum_below", bias: Int(Int32.min) + 255 * 3 + 2 * 100 - 1),
    ]
  }
}
