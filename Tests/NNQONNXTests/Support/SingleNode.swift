import NNQFloat

@testable import NNQONNX

/// One node between constants: what its rule gives.
func emitted(_ node: TestNode, _ operands: [Operand?], opset: Int = 17, limit: Int = 1000) throws -> (
  operand: Operand, builder: GraphBuilder
) {
  var builder = GraphBuilder(modelNames: [], foldableElementCount: limit)
  let proto = try NodeProto(WireReader(node.bytes))
  guard let rule = OperatorRule(node.opType) else { throw Refusal(.unsupportedOperator, at: Place(node.opType), "") }
  let results = try rule.emit(NodeReader(node: proto, opset: opset, operands: operands))(&builder)
  return (results[0], builder)
}

/// The constant a node of constants folds to; nil when it is not folded.
func folded(_ node: TestNode, _ tensors: [HostTensor?], opset: Int = 17, limit: Int = 1000) throws -> HostTensor? {
  let operands = tensors.map { $0.map { Operand.constant($0) } }
  return try emitted(node, operands, opset: opset, limit: limit).operand.constant
}

/// The graph of a model of one node on the input "x"; other operands are initializers.
func graph(
  _ node: TestNode, x: [Int], _ initializers: [TestTensor] = [], opset: Int64 = 17
) throws -> FloatGraph {
  var model = TestModel(nodes: [node], initializers: initializers, inputs: [TestInput("x", x)], outputs: [node.outputs[0]])
  model.opsets = [("", opset)]
  return try model.imported().graph
}

/// What is refused of that model.
func refusals(_ node: TestNode, x: [Int], _ initializers: [TestTensor] = [], opset: Int64 = 17) -> [Refusal] {
  do {
    _ = try graph(node, x: x, initializers, opset: opset)
    return []
  } catch ImportError.refused(let refusals) {
    return refusals
  } catch {
    return []
  }
}

extension FloatGraph {
  var operations: [FloatOperation] { nodes.map(\.operation) }
  var outputShapes: [[Int]] { outputs.map { values[$0].shape } }

  func constant(_ name: String) -> [Float]? { values.first { $0.name == name }?.constant }
}

extension Operand {
  var constant: HostTensor? {
    if case .constant(let tensor) = self { tensor } else { nil }
  }
}

extension HostTensor {
  static func integers(_ values: [Int64], shape: [Int]? = nil) -> HostTensor {
    HostTensor(shape: shape ?? [values.count], .integers(values))
  }

  static func floats(_ values: [Float], shape: [Int]? = nil) -> HostTensor {
    HostTensor(shape: shape ?? [values.count], .floats(values))
  }

  static func booleans(_ values: [Bool], shape: [Int]? = nil) -> HostTensor {
    HostTensor(shape: shape ?? [values.count], .booleans(values))
  }
}
