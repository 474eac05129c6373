import CKernels

/// Runs a float graph, one sample after the other, with the same bits on every CPU, instruction set and thread count.
///
/// Immutable: any number of threads may run samples at once.
package struct FloatExecutor: Sendable {
  package let graph: FloatGraph
  /// For each node the values no later node uses.
  private let deadValues: [[Int]]
  private let isa: nn_isa

  /// Called with a value's index, shape and elements, which are valid during the call.
  package typealias Observer = (_ value: Int, _ shape: [Int], _ elements: UnsafeBufferPointer<Float>) -> Void

  /// - Parameter isa: of the kernels; one this CPU has.
  /// - Throws: what makes the graph illegal.
  package init(_ graph: FloatGraph, isa: nn_isa = nn_f32_best_isa()) throws(FloatGraphError) {
    precondition(nn_f32_kernels_for(isa) != nil, "this CPU lacks the instruction set")
    try graph.validate()
    self.graph = graph
    self.isa = isa
    deadValues = Self.deadValues(of: graph)
  }

  private static func deadValues(of graph: FloatGraph) -> [[Int]] {
    let lasting = Set(graph.outputs)
    let consumers = graph.consumers()
    var dead = [[Int]](repeating: [], count: graph.nodes.count)
    for value in graph.values.indices where graph.values[value].constant == nil && !lasting.contains(value) {
      if let last = consumers[value].last { dead[last].append(value) }
    }
    return dead
  }

  /// - Parameters:
  ///   - inputs: one array for each graph input, in memory order.
  ///   - observe: called for each input and then for each node's output, in order.
  /// - Returns: the graph's outputs.
  package func run(inputs: [[Float]], observe: Observer = { _, _, _ in }) throws(FloatGraphError) -> [[Float]] {
    var live = try bind(inputs)
    for input in graph.inputs { report(input, live[input], to: observe) }
    for (index, node) in graph.nodes.enumerated() {
      let output = node.outputs[0]
      live[output] = evaluate(node, operands: node.inputs.map { live[$0] })
      report(output, live[output], to: observe)
      for value in deadValues[index] { live[value] = [] }
    }
    return graph.outputs.map { live[$0] }
  }

  /// What an operation gives for operands that need not be the graph's.
  package func evaluate(_ operation: FloatOperation, _ operands: [FloatTensor], outputShape: [Int]) -> [Float] {
    operation.evaluate(operands, outputShape: outputShape, isa: isa)
  }

  private func evaluate(_ node: FloatNode, operands: [[Float]]) -> [Float] {
    let tensors = zip(node.inputs, operands).map { FloatTensor(shape: graph.values[$0].shape, elements: $1) }
    return evaluate(node.operation, tensors, outputShape: graph.values[node.outputs[0]].shape)
  }

  /// The elements of every value: constants and inputs; the others are empty as yet.
  private func bind(_ inputs: [[Float]]) throws(FloatGraphError) -> [[Float]] {
    guard inputs.count == graph.inputs.count else {
      throw FloatGraphError(node: "graph inputs", .operandCount(inputs.count, allowed: graph.inputs.count...graph.inputs.count))
    }
    var elements = graph.values.map { $0.constant ?? [] }
    for (value, input) in zip(graph.inputs, inputs) {
      try check(input, of: value)
      elements[value] = input
    }
    if let unknown = graph.firstUnknownIndex(in: inputs) {
      let name = graph.values[graph.inputs[unknown.input]].name
      throw FloatGraphError(node: name, .record("element", got: "\(unknown.element)", allowed: "0...\(unknown.count - 1)"))
    }
    return elements
  }

  private func check(_ elements: [Float], of value: Int) throws(FloatGraphError) {
    let value = graph.values[value]
    guard elements.count == value.elementCount else {
      throw FloatGraphError(node: value.name, .elementCount(elements.count, shape: value.shape))
    }
  }

  private func report(_ value: Int, _ elements: [Float], to observe: Observer) {
    elements.withUnsafeBufferPointer { observe(value, graph.values[value].shape, $0) }
  }
}
