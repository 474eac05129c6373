import NNQFormat
import NNQGraph

/// 3.1, 3.13 to 3.15 and 5.4 of operators.md.
extension OperatorVector {
  static func invalidArithmetic() -> [OperatorVector] { operands() + attributes() + grids() + sums() }

  private static let a = Tensor.activation("a", [1, 3, 4])
  private static let b = Tensor.activation("b", [1, 1, 4])
  private static let y = Tensor.activation("y", [1, 3, 4])

  private static func add(
    _ multiplierA: Int32 = 1, _ multiplierB: Int32 = 1, shift: Int32 = 0, lo: Int32 = 0, hi: Int32 = 255
  ) -> NNQGraph.Operation {
    .add(Add(multiplierA: multiplierA, multiplierB: multiplierB, shift: shift, lo: lo, hi: hi))
  }

  private static func operands() -> [OperatorVector] {
    func operands(_ name: String, _ rule: Int, code: GraphError.Code, _ operands: [Tensor], _ y: Tensor = y) -> OperatorVector {
      invalid(name, rule, code: code, graph: Graph(add(), operands, y))
    }
    return [
      operands("add_to_constant", 10, code: .operandType, [.constant("a", [1, 3, 4], .u8, Array(0..<12)), b]),
      operands("add_of_s8", 10, code: .operandType, [a, .constant("b", [1, 1, 4], .s8, [1, 2, 3, 4])]),
      operands("add_of_another_rank", 30, code: .shapeMismatch, [a, .activation("b", [1, 4])]),
      operands("add_of_another_extent", 30, code: .shapeMismatch, [a, .activation("b", [1, 2, 4])]),
      operands("add_larger_output", 30, code: .shapeMismatch, [b, .activation("b2", [1, 1, 4])]),
      operands("add_smaller_output", 30, code: .shapeMismatch, [a, b], .activation("y", [1, 1, 4])),
    ]
  }

  private static func attributes() -> [OperatorVector] {
    func sum(_ name: String, _ operation: NNQGraph.Operation) -> OperatorVector {
      invalid(name, 11, code: .attributeRange, graph: Graph(operation, [a, b], y))
    }
    func product(_ name: String, _ shiftA: Int32 = 0, _ shiftB: Int32 = 0, _ multiplier: Int32 = 1, lo: Int32 = 0) -> OperatorVector {
      let operation = NNQGraph.Operation.multiply(Multiply(shiftA: shiftA, shiftB: shiftB, multiplier: multiplier, lo: lo, hi: 255))
      return invalid(name, 31, code: .attributeRange, graph: Graph(operation, [a, b], y))
    }
    func change(_ name: String, _ multiplier: Int32, shift: Int32 = 0, hi: Int32 = 255) -> OperatorVector {
      let operation = NNQGraph.Operation.requantize(Requantize(multiplier: multiplier, shift: shift, lo: 0, hi: hi))
      return invalid(name, 33, code: .attributeRange, graph: Graph(operation, [a], y))
    }
    return [
      sum("add_multiplier_0", add(0)), sum("add_second_multiplier_0", add(1, 0)), sum("add_multiplier_minus_32768", add(-32768)),
      sum("add_multiplier_32768", add(1, 32768)), sum("add_shift_22", add(shift: 22)), sum("add_shift_negative", add(shift: -1)),
      sum("add_clamp_empty", add(lo: 2, hi: 1)), sum("add_clamp_256", add(hi: 256)),
      product("multiply_shift_8", 8), product("multiply_second_shift_negative", 0, -1), product("multiply_multiplier_0", 0, 0, 0),
      product("multiply_multiplier_32768", 0, 0, 32768), product("multiply_clamp_256", lo: 256),
      change("requantize_multiplier_0", 0), change("requantize_multiplier_32768", 32768), change("requantize_shift_22", 1, shift: 22),
      change("requantize_clamp_256", 1, hi: 256),
    ]
  }

  private static func grids() -> [OperatorVector] {
    func maximum(_ name: String, rule: Int = 18, code: GraphError.Code = .quantizationMismatch, _ b: Tensor) -> OperatorVector {
      invalid(name, rule, code: code, graph: Graph(.maximum, [a, b], y))
    }
    let requantize = NNQGraph.Operation.requantize(Requantize(multiplier: 1, shift: 0, lo: 0, hi: 255))
    return [
      maximum("maximum_of_another_zero_point", .activation("b", [1, 1, 4], zeroPoint: 4)),
      maximum("maximum_of_another_scale", .activation("b", [1, 1, 4], scale: 2)),
      maximum("maximum_of_s16_constant", rule: 10, code: .operandType, .constant("b", [1, 1, 4], .s16, [1, 2, 3, 4])),
      invalid("requantize_shape", 32, code: .shapeMismatch, graph: Graph(requantize, [b], y)),
    ]
  }

  private static func sums() -> [OperatorVector] {
    let words = ["a", "b", "y"].map { Tensor.activation($0, [1, 2], .s16) }
    let requantize = Requantize(multiplier: 1, shift: 21, lo: 0, hi: 0)
    return [
      invalid(
        "add_sum_2_31", 34, code: .accumulatorOverflow,
        graph: Graph(.add(Add(multiplierA: -32767, multiplierB: -32767, shift: 17, lo: 0, hi: 1)), Array(words[...1]), words[2])),
      invalid(
        "requantize_sum_2_31", 34, code: .accumulatorOverflow,
        graph: Graph(.requantize(requantize), [.activation("x", [1, 2])], .activation("y", [1, 2], .s16, zeroPoint: 1024))),
    ]
  }
}
