import NNQFloat
import NNQFormat
import NNQGraph

/// Turns layers with quantised weights into an integer graph.
struct Lowering {
  let net: LayerGraph
  let plan: QuantizationPlan
  /// By layer index, of the layers that have weights: rounded weights and the bias in real numbers.
  let weights: [Int: RoundedWeights]
  var tensors: [Tensor] = []
  var nodes: [Node] = []
  /// By value index.
  var placements: [Int: Placement] = [:]
  /// What else holds a tensor's elements: tensor indices.
  var copies: [Copy: Int] = [:]
  /// By tensor index, of operands of 16 bits.
  var bytes: [Int: Bytes] = [:]
  /// By value index, of what layers with weights give: for each weight in memory its index among the layer's weights.
  var weightOrders: [Int: [Int]] = [:]
  private var names: Set<String>

  /// A tensor's elements under another shape or in another order.
  struct Copy: Hashable {
    enum Form: Hashable {
      case shape([Int])
      case order([MemoryOrder.Loop])
    }
    var tensor: Int
    var form: Form
  }

  init(_ net: LayerGraph, plan: QuantizationPlan, weights: [Int: RoundedWeights]) {
    self.net = net
    self.plan = plan
    self.weights = weights
    names = Set(net.graph.values.map(\.name))
  }

  /// - Throws: `ConvertError.unsupported` naming the layer that integer graphs cannot express.
  mutating func run() throws(ConvertError) -> Graph {
    let inputs = net.graph.inputs.map { placeInput($0) }
    for (index, layer) in net.layers.enumerated() { try lower(layer, weights: weights[index]) }
    var outputs: [Port] = []
    for value in net.graph.outputs { outputs.append(try outputPort(value)) }
    let graph = Graph(tensors: tensors, nodes: nodes, inputs: inputs, outputs: outputs).withConstantsByType()
    do {
      try graph.validate()
    } catch {
      let remedy = error.code == .accumulatorOverflow ? "the net's ranges do not fit 8-bit arithmetic" : "export the net without it"
      throw ConvertError(.unsupported, at: error.location, "\(error)", remedy: remedy)
    }
    return graph
  }

  // MARK: Tensors

  mutating func append(_ name: String, shape: [Int], grid: ActivationGrid) -> Int {
    tensors.append(Tensor(name: name, elementType: grid.elementType, shape: shape, quantization: grid.quantization))
    return tensors.count - 1
  }

  mutating func append(_ name: String, _ type: ElementType, shape: [Int], _ constant: Constant) -> Int {
    tensors.append(Tensor(name: name, elementType: type, shape: shape, constant: constant))
    return tensors.count - 1
  }

  /// An activation that holds what another one does under another shape.
  mutating func append(like tensor: Int, shape: [Int]) -> Int {
    var copy = tensors[tensor]
    (copy.name, copy.shape) = (freshName("\(copy.name) as \(shape)"), shape)
    tensors.append(copy)
    return tensors.count - 1
  }

  private mutating func freshName(_ base: String) -> String {
    var (name, number) = (base, 1)
    while !names.insert(name).inserted {
      number += 1
      name = "\(base) (\(number))"
    }
    return name
  }
}

extension Graph {
  /// The same graph with activations first, then constants by element type, so that like bytes lie together in the file.
  fileprivate func withConstantsByType() -> Graph {
    func rank(_ tensor: Tensor) -> Int { tensor.constant == nil ? 0 : Int(tensor.elementType.rawValue) }
    let order = tensors.indices.sorted { (rank(tensors[$0]), $0) < (rank(tensors[$1]), $1) }
    var newIndex = [Int](repeating: 0, count: tensors.count)
    for (new, old) in order.enumerated() { newIndex[old] = new }
    return Graph(
      tensors: order.map { tensors[$0] },
      nodes: nodes.map { Node($0.operation, inputs: $0.inputs.map { newIndex[$0] }, outputs: $0.outputs.map { newIndex[$0] }) },
      inputs: inputs.map { Port(tensor: newIndex[$0.tensor], layout: $0.layout) },
      outputs: outputs.map { Port(tensor: newIndex[$0.tensor], layout: $0.layout) })
  }
}
