import NNQFormat
import NNQGraph

/// Chapters 1 and 5 of operators.md.
extension OperatorVector {
  static func invalidDefinitions() -> [OperatorVector] { tensors() + signatures() + wiring() + costs() }

  private static func tensors() -> [OperatorVector] {
    func reshape(_ name: String, _ rule: Int, code: GraphError.Code, _ x: Tensor, _ y: Tensor) -> OperatorVector {
      invalid(name, rule, code: code, graph: Graph(.reshape, [x], y))
    }
    let y = Tensor.activation("y", [1, 4])
    return [ElementType.s8, .u16, .u32, .f32].map { type in
      reshape("activation_\(type)", 1, code: .operandType, .activation("x", [1, 4], type), y)
    } + [
      invalid(
        "constant_f32", 1, code: .operandType,
        graph: Graph(
          .add(Add(multiplierA: 1, multiplierB: 1, shift: 0, lo: 0, hi: 255)),
          [.activation("x", [1, 4]), .constant("c", [1, 1], .f32, [1])], y)),
      reshape("batch_2", 2, code: .shapeMismatch, .activation("x", [2, 2]), y),
      reshape("rank_0", 2, code: .shapeMismatch, .activation("x", []), .activation("y", [1])),
    ]
  }

  private static func signatures() -> [OperatorVector] {
    let dense = AccumulatingGraph().dense
    func node(_ name: String, _ rules: Int..., code: GraphError.Code, _ change: (inout NodeRecord) -> Void) -> OperatorVector {
      var vector = invalid(name, code: code, graph: dense) { change(&$0.graph.nodes[0]) }
      vector.rules = rules
      return vector
    }
    return [
      invalid("float_model", code: .wrongKind, graph: dense) { file in
        file = ModelFile(
          graph: GraphRecord(
            kind: .float, tensors: [TensorRecord(name: "x", elementType: .f32, shape: [1, 4], role: .activation(nil))], nodes: [],
            inputs: [Port(tensor: 0, layout: .asStored)], outputs: [Port(tensor: 0, layout: .asStored)]), cost: .none)
      },
      node("opcode_0", 21, code: .unknownOperator) { $0.opcode = 0 },
      node("opcode_23", 21, code: .unknownOperator) { $0.opcode = 23 },
      node("opcode_65535", 21, code: .unknownOperator) { $0.opcode = 65535 },
      node("operands_7", 21, code: .operandCount) { $0.inputs += [4, 4] },
      node("outputs_2", 21, code: .redefinedTensor) { $0.outputs = [5, 5] },
      node("attributes_2", 21, code: .attributeCount) { $0.attributes.removeLast() },
      node("attributes_4", 21, code: .attributeCount) { $0.attributes.append(0) },
      invalid("output_shape", 22, code: .shapeMismatch, graph: dense) { $0.graph.tensors[5].shape = [1, 2] },
    ]
  }

  /// `x` becomes `y` and `y` becomes `z`.
  private static func wiring() -> [OperatorVector] {
    let chain = Graph(
      tensors: [.activation("x", [1, 4]), .activation("y", [1, 4]), .activation("z", [1, 4])],
      nodes: [Node(.reshape, inputs: [0], outputs: [1]), Node(.reshape, inputs: [1], outputs: [2])],
      inputs: [Port(tensor: 0, layout: .asStored)], outputs: [Port(tensor: 2, layout: .asStored)])
    func wired(_ name: String, _ rule: Int, code: GraphError.Code, _ change: (inout GraphRecord) -> Void) -> OperatorVector {
      invalid(name, rule, code: code, graph: chain) { change(&$0.graph) }
    }
    let constant = TensorRecord(name: "c", elementType: .u8, shape: [1], role: .constant(Constant(bytes: [1])))
    return [
      wired("use_before_definition", 23, code: .undefinedTensor) { $0.nodes.swapAt(0, 1) },
      wired("cycle_of_1", 23, code: .undefinedTensor) { $0.nodes[0].inputs = [1] },
      wired("cycle_of_2", 23, code: .undefinedTensor) { $0.nodes[0].inputs = [2] },
      wired("second_definition", 24, code: .redefinedTensor) { $0.nodes[1].outputs = [1] },
      wired("input_computed", 24, code: .redefinedTensor) { $0.nodes[1].outputs = [0] },
      wired("input_twice", 24, code: .redefinedTensor) { $0.inputs.append($0.inputs[0]) },
      wired("constant_computed", 24, code: .redefinedTensor) {
        $0.tensors.append(constant)
        $0.nodes[1].outputs = [3]
      },
      wired("activation_unused", 25, code: .unusedTensor) { $0.nodes[1].inputs = [0] },
      wired("constant_unused", 25, code: .unusedTensor) { $0.tensors.append(constant) },
      wired("output_undefined", 26, code: .badPort) { $0.nodes.removeLast() },
    ]
  }

  private static func costs() -> [OperatorVector] {
    let dense = AccumulatingGraph().dense
    return [
      invalid("products_more", 28, code: .costMismatch, graph: dense) { $0.cost.macCount += 1 },
      invalid("activations_fewer", 28, code: .costMismatch, graph: dense) { $0.cost.activationByteCount -= 64 },
      invalid("activations_more", 28, code: .costMismatch, graph: dense) { $0.cost.activationByteCount += 1 },
    ]
  }
}
