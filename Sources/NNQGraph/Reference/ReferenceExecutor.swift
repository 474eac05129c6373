import NNQFormat

/// Runs a graph by the text of operators.md: plain loops, one element at a time, no tricks. The measure of every faster
/// executor, and slow.
///
/// Activations are arrays of Int32 in memory order (NHWC), for batch 1; the spec makes batch items independent.
public struct ReferenceExecutor: Sendable {
  let graph: Graph

  /// - Parameter graph: has been validated.
  public init(_ graph: Graph) { self.graph = graph }

  /// Every activation of the graph, by tensor index; nil for constants.
  ///
  /// - Parameter inputs: one array for each input port, in the tensor's memory order and within its element type.
  public func run(_ inputs: [[Int32]]) -> [[Int32]?] {
    precondition(inputs.count == graph.inputs.count, "one array for each input port")
    var activations = [[Int32]?](repeating: nil, count: graph.tensors.count)
    for (port, values) in zip(graph.inputs, inputs) {
      precondition(values.count == graph.tensors[port.tensor].elementCount, "as many values as the input has elements")
      activations[port.tensor] = values
    }
    for node in graph.nodes {
      let operands = NodeOperands(node, graph: graph, activations: activations)
      activations[node.outputs[0]] = operands.evaluate()
    }
    return activations
  }
}

/// One node with the values of its operands.
struct NodeOperands {
  let node: Node
  let tensors: [Tensor]
  private let activations: [[Int32]]

  init(_ node: Node, graph: Graph, activations: [[Int32]?]) {
    self.node = node
    tensors = graph.tensors
    self.activations = node.inputs.map { activations[$0] ?? [] }
  }

  var output: Tensor { tensors[node.outputs[0]] }
  func tensor(_ operand: Int) -> Tensor { tensors[node.inputs[operand]] }
  func values(_ operand: Int) -> [Int32] { activations[operand] }
  func zeroPoint(_ tensor: Tensor) -> Int { Int(tensor.quantization?.zeroPoint ?? 0) }

  func evaluate() -> [Int32] {
    switch node.operation {
    case .conv2D(let conv): convolve(conv)
    case .dense(let epilogue): dense(epilogue)
    case .add(let add): sum(add)
    case .maxPool(let window): maxPool(window)
    case .averagePool(let pool): averagePool(pool)
    case .softmax: softmax()
    case .table: lookUp()
    case .pad(let before, _, let fill): pad(before: before, fill: fill)
    case .slice(let begin, let step): slice(begin: begin, step: step)
    case .reshape: values(0)
    case .concat(let axis): concat(axis: axis)
    case .multiply(let multiply): product(multiply)
    case .maximum: combine { max($0, $1) }
    case .minimum: combine { min($0, $1) }
    case .requantize(let requantize): self.requantize(requantize)
    case .transpose(let permutation): transpose(permutation)
    case .take(let axis): take(axis: axis)
    case .resize: resize()
    case .gather: gather()
    case .reduce(let reduction): reduce(reduction)
    case .matMul(let matMul): multiply(matMul)
    case .layerNorm(let norm): normalize(norm)
    }
  }
}

/// min(max(value, lo), hi).
func clamp(_ value: Int, _ lo: Int, _ hi: Int) -> Int { min(max(value, lo), hi) }

/// h of operators.md 2.3: half of 2^shift.
func half(_ shift: Int) -> Int { shift > 0 ? 1 << (shift - 1) : 0 }
