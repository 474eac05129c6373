import NNQFormat
import NNQGraph

/// 3.6 to 3.12 and 3.19 of operators.md.
extension OperatorVector {
  static func invalidMovement() -> [OperatorVector] { grids() + places() + shapes() + constants() + gathers() }

  private static let x = Tensor.activation("x", [1, 4, 2])

  private static func moved(
    _ name: String, _ rule: Int, code: GraphError.Code = .attributeRange, _ operation: NNQGraph.Operation, _ y: [Int]
  ) -> OperatorVector {
    invalid(name, rule, code: code, graph: Graph(operation, [x], .activation("y", y)))
  }

  private static func grids() -> [OperatorVector] {
    let zeros = [0, 0, 0]
    let operations: [(String, NNQGraph.Operation, [Int])] = [
      ("pad", .pad(before: zeros, after: zeros, fill: 0), [1, 4, 2]), ("slice", .slice(begin: zeros, step: [1, 1, 1]), [1, 4, 2]),
      ("reshape", .reshape, [1, 4, 2]), ("transpose", .transpose(permutation: [0, 2, 1]), [1, 2, 4]),
    ]
    return operations.flatMap { name, operation, shape in
      [
        invalid("\(name)_scale", 18, code: .quantizationMismatch, graph: Graph(operation, [x], .activation("y", shape, scale: 2))),
        invalid("\(name)_zero_point", 18, code: .quantizationMismatch, graph: Graph(operation, [x], .activation("y", shape, zeroPoint: 1))),
        invalid("\(name)_type", 18, code: .quantizationMismatch, graph: Graph(operation, [x], .activation("y", shape, .s16))),
      ]
    } + [
      invalid(
        "concat_zero_point", 18, code: .quantizationMismatch,
        graph: Graph(.concat(axis: 1), [x, .activation("z", [1, 1, 2], zeroPoint: 1)], .activation("y", [1, 5, 2])))
    ]
  }

  private static func places() -> [OperatorVector] {
    let zeros = [0, 0, 0]
    let last = Int(Int32.max)
    return [
      moved("pad_batch", 19, .pad(before: [1, 0, 0], after: zeros, fill: 0), [1, 4, 2]),
      moved("pad_negative", 19, .pad(before: [0, -1, 0], after: zeros, fill: 0), [1, 3, 2]),
      moved("pad_fill_256", 19, .pad(before: zeros, after: zeros, fill: 256), [1, 4, 2]),
      moved("slice_batch", 19, .slice(begin: [1, 0, 0], step: [1, 1, 1]), [1, 4, 2]),
      moved("slice_step_0", 19, .slice(begin: zeros, step: [1, 0, 1]), [1, 4, 2]),
      moved("slice_past_the_end", 19, .slice(begin: [0, 2, 0], step: [1, 2, 1]), [1, 2, 2]),
      moved("slice_far_past_the_end", 19, .slice(begin: [0, last, 0], step: [1, last, 1]), [1, 4, 2]),
      moved("transpose_batch", 19, .transpose(permutation: [1, 0, 2]), [1, 4, 2]),
      moved("transpose_axis_twice", 19, .transpose(permutation: [0, 1, 1]), [1, 4, 4]),
      moved("transpose_axis_7", 19, .transpose(permutation: [0, 1, 7]), [1, 4, 2]),
    ]
  }

  private static func shapes() -> [OperatorVector] {
    func joined(_ name: String, _ rule: Int, code: GraphError.Code, axis: Int, _ other: [Int], _ y: [Int]) -> OperatorVector {
      invalid(name, rule, code: code, graph: Graph(.concat(axis: axis), [x, .activation("z", other)], .activation("y", y)))
    }
    return [
      moved("reshape_count", 20, code: .shapeMismatch, .reshape, [1, 7]),
      moved("pad_shape", 22, code: .shapeMismatch, .pad(before: [0, 1, 0], after: [0, 0, 0], fill: 0), [1, 4, 2]),
      joined("concat_extents", 20, code: .shapeMismatch, axis: 2, [1, 1, 2], [1, 4, 4]),
      joined("concat_rank", 20, code: .shapeMismatch, axis: 1, [1, 2], [1, 5, 2]),
      joined("concat_output", 20, code: .shapeMismatch, axis: 1, [1, 1, 2], [1, 4, 2]),
      joined("concat_batch", 20, code: .attributeRange, axis: 0, [1, 4, 2], [1, 4, 2]),
      joined("concat_axis_3", 20, code: .attributeRange, axis: 3, [1, 4, 2], [1, 4, 4]),
      moved("concat_of_one", 20, code: .operandCount, .concat(axis: 1), [1, 4, 2]),
    ]
  }

  private static func constants() -> [OperatorVector] {
    func taken(_ name: String, _ rule: Int, code: GraphError.Code, axis: Int = 1, _ indices: Tensor, _ y: [Int]) -> OperatorVector {
      invalid(name, rule, code: code, graph: Graph(.take(axis: axis), [x, indices], .activation("y", y)))
    }
    func resized(_ name: String, _ rows: Int, _ columns: Int) -> OperatorVector {
      let operands = [Tensor.activation("x", [1, 3, 2, 5]), .constant("h", .u32, [rows]), .constant("w", .u32, [columns])]
      return invalid(name, 29, code: .constantRange, graph: Graph(.resize, operands, .activation("y", [1, 1, 1, 5])))
    }
    return [
      taken("take_past_the_end", 29, code: .constantRange, .constant("t", .u32, [4]), [1, 1, 2]),
      taken("take_2_32", 29, code: .constantRange, .constant("t", .u32, [1 << 32 - 1]), [1, 1, 2]),
      taken("take_batch", 19, code: .attributeRange, axis: 0, .constant("t", .u32, [0]), [1, 4, 2]),
      taken("take_shape", 22, code: .shapeMismatch, .constant("t", .u32, [0, 1]), [1, 4, 2]),
      resized("resize_row_past_the_end", 513, 0), resized("resize_column_past_the_end", 0, 257),
    ]
  }

  private static func gathers() -> [OperatorVector] {
    let x = Tensor.activation("x", [1, 4], .s32)
    let table = Tensor.constant("t", [2, 3], .u8, [1, 2, 3, 4, 5, 6])
    func gathered(_ name: String, _ rule: Int, code: GraphError.Code, _ operands: [Tensor], _ y: Tensor = y) -> OperatorVector {
      invalid(name, rule, code: code, graph: Graph(.gather, operands, y))
    }
    let y = Tensor.activation("y", [1, 4, 3])
    var output = Graph(.gather, [x, table], y)
    output.outputs.append(output.inputs[0])
    return [
      gathered("integers_scale", 40, code: .quantizationMismatch, [.activation("x", [1, 4], .s32, scale: 2), table]),
      gathered("integers_zero_point", 40, code: .quantizationMismatch, [.activation("x", [1, 4], .s32, zeroPoint: 1), table]),
      invalid("integers_output", 40, code: .operandType, graph: output),
      invalid("integers_reshaped", 40, code: .operandType, graph: Graph(.reshape, [x], .activation("y", [1, 4]))),
      invalid(
        "integers_computed", 40, code: .operandType, graph: Graph(.reshape, [.activation("x", [1, 4])], .activation("y", [1, 4], .s32))),
      gathered("gather_by_u8", 41, code: .operandType, [.activation("x", [1, 4]), table]),
      gathered("gather_of_s8", 41, code: .operandType, [x, .constant("t", [2, 3], .s8, [1, 2, 3, 4, 5, 6])]),
      gathered("gather_vector", 41, code: .shapeMismatch, [x, .constant("t", .u8, [1])]),
      gathered("gather_shape", 41, code: .shapeMismatch, [x, table], .activation("y", [1, 4, 2])),
    ]
  }
}
