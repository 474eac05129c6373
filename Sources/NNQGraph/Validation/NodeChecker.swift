import NNQFormat

/// One node with its operands at hand, while its rules are checked. Spec: operators.md 5.
struct NodeChecker {
  let node: Node
  let location: String
  private let tensors: [Tensor]

  /// Every index of `node` lies within `tensors`.
  init(_ node: Node, in graph: Graph, location: String) {
    self.node = node
    self.location = location
    tensors = graph.tensors
  }

  var output: Tensor { tensors[node.outputs[0]] }
  func input(_ index: Int) -> Tensor { tensors[node.inputs[index]] }

  func require(_ condition: Bool, _ code: GraphError.Code, got: @autoclosure () -> String, expected: @autoclosure () -> String)
    throws(GraphError)
  {
    if !condition { throw GraphError(code, at: location, got: got(), expected: expected()) }
  }

  /// Attributes are in their ranges and as many as there should be if what is written for them reads as the same operation.
  func checkAttributes() throws(GraphError) {
    let rank = node.inputs.first.map { tensors[$0].shape.count } ?? 0
    let decoded = try Operation(node.record, rank: rank, at: location)
    try require(decoded == node.operation, .attributeRange, got: "\(node.operation)", expected: "\(decoded)")
  }

  func requireOperandCount(_ counts: ClosedRange<Int>) throws(GraphError) {
    try require(
      counts.contains(node.inputs.count) && node.outputs.count == 1, .operandCount,
      got: "\(node.inputs.count) inputs, \(node.outputs.count) outputs", expected: "\(counts) inputs, 1 output")
  }

  func requireActivation(_ tensor: Tensor, _ types: ElementType...) throws(GraphError) {
    try require(
      tensor.quantization != nil && types.contains(tensor.elementType), .operandType,
      got: "\(tensor.constant == nil ? "activation" : "constant") '\(tensor.name)' of \(tensor.elementType)",
      expected: "an activation of \(types)")
  }

  /// A constant operand of one type and shape.
  func requireConstant(_ index: Int, _ type: ElementType, shape: [Int]) throws(GraphError) {
    let tensor = input(index)
    try require(
      tensor.constant != nil && tensor.elementType == type, .operandType,
      got: "\(tensor.elementType) as operand \(index)", expected: "a constant of \(type)")
    try requireShape(tensor, shape)
  }

  func requireShape(_ tensor: Tensor, _ shape: [Int]) throws(GraphError) {
    try require(tensor.shape == shape, .shapeMismatch, got: "\(tensor.shape) for '\(tensor.name)'", expected: "\(shape)")
  }

  /// Type, scale and zero point of an operand are those of the output.
  func requireSameQuantization(_ tensor: Tensor) throws(GraphError) {
    try require(
      tensor.elementType == output.elementType && tensor.quantization == output.quantization, .quantizationMismatch,
      got: "\(tensor.elementType) \(tensor.quantization as Any) for '\(tensor.name)'",
      expected: "the output's, \(output.elementType) \(output.quantization as Any)")
  }

  func requireRank(_ tensor: Tensor, _ rank: Int) throws(GraphError) {
    try require(tensor.shape.count == rank, .shapeMismatch, got: "rank \(tensor.shape.count) for '\(tensor.name)'", expected: "\(rank)")
  }

  /// An operator over the last axis must not reach across the batch.
  func requireAxisBesidesBatch(_ tensor: Tensor) throws(GraphError) {
    try require(tensor.shape.count >= 2, .shapeMismatch, got: "rank \(tensor.shape.count) for '\(tensor.name)'", expected: "2 or more")
  }

  /// Output extent of a window along one axis. Spec: operators.md 2.4.
  func windowExtent(_ input: Int, kernel: Int, stride: Int, dilation: Int = 1, before: Int, after: Int) throws(GraphError) -> Int {
    let span = (kernel - 1) * dilation + 1
    try require(
      before < span && after < span, .attributeRange, got: "padding \(before), \(after)", expected: "less than the kernel's span \(span)")
    let room = input + before + after - span
    try require(room >= 0, .shapeMismatch, got: "input extent \(input)", expected: "at least the kernel's span \(span) less the padding")
    return room / stride + 1
  }
}
