import NNQFloat
import NNQFormat
import NNQGraph

/// The activations of an integer model by name, and what a float net asks of them.
struct ModelTensors {
  private let graph: Graph
  /// Tensor indices.
  private let indices: [String: Int]

  init(_ graph: Graph) {
    self.graph = graph
    let activations = graph.tensors.indices.filter { graph.tensors[$0].constant == nil }
    indices = Dictionary(activations.map { (graph.tensors[$0].name, $0) }) { first, _ in first }
  }

  /// By value index. A value whose tensor has another name, as one that only an output's copy holds, has the grid of those
  /// that share it.
  func grids(of net: LayerGraph) -> [ActivationGrid?] {
    var grids = net.graph.values.map { $0.constant == nil ? indices[$0.name].flatMap { grid(ofTensor: $0) } : nil }
    for (value, port) in zip(net.graph.inputs, graph.inputs) { grids[value] = grid(ofTensor: port.tensor) }
    for (value, port) in zip(net.graph.outputs, graph.outputs) { grids[value] = grid(ofTensor: port.tensor) }
    let groups = GridGroups(net)
    var shared: [Int: ActivationGrid] = [:]
    for value in net.gridValues { shared[groups.group(of: value)] = grids[value] ?? shared[groups.group(of: value)] }
    for value in net.gridValues { grids[value] = grids[value] ?? shared[groups.group(of: value)] }
    return grids
  }

  private func grid(ofTensor index: Int) -> ActivationGrid? {
    let tensor = graph.tensors[index]
    return tensor.quantization.map {
      ActivationGrid(tensor.elementType, scale: Double($0.scale), zeroPoint: Int($0.zeroPoint))
    }
  }

  func requirePorts(of net: FloatGraph) throws(ConvertError) {
    func names(_ ports: [Port]) -> [String] { ports.map { graph.tensors[$0.tensor].name } }
    for (kind, values, ports) in [("inputs", net.inputs, graph.inputs), ("outputs", net.outputs, graph.outputs)] {
      let wanted = values.map { net.values[$0].name }
      guard names(ports) == wanted else { throw .otherNet(at: kind, "the model's are \(names(ports)), the net's \(wanted)") }
    }
  }

  /// The model's tensor that is like one of the net lowered again.
  func index(of wanted: Tensor, for layer: Layer) throws(ConvertError) -> Int {
    guard let index = indices[wanted.name] else { throw .otherNet(at: layer.name, "the model has no tensor '\(wanted.name)'") }
    let found = graph.tensors[index]
    guard found.shape == wanted.shape, found.elementType == wanted.elementType else {
      throw .otherNet(
        at: layer.name, "the model's tensor is \(found.elementType) \(found.shape), the net gives \(wanted.elementType) \(wanted.shape)")
    }
    return index
  }

  /// The weights of the node that defines a tensor.
  func weights(definingTensor tensor: Int, _ layer: Layer, _ float: LayerWeights, order: [Int]) throws(ConvertError) -> StoredWeights {
    let nodes = nodes(withWeights: layer.readsBytes ? graph.inputs(definingTensor: tensor) : [tensor])
    guard let node = nodes.first else { throw .otherNet(at: layer.name, "the model's node has no weights, the net's does") }
    let count = graph.tensors[node.inputs[1]].elementCount
    guard count == order.count else { throw .otherNet(at: layer.name, "the model has \(count) weights, the net \(order.count)") }
    return StoredWeights(nodes, of: graph, order: order, float: float)
  }

  private func nodes(withWeights tensors: [Int]) -> [Node] {
    graph.nodes.filter { node in node.hasWeights && node.outputs.contains { tensors.contains($0) } }
  }

  /// Values of 16 bits that layers with weights read byte by byte: those the model does not put on a grid of 8 bits for them.
  func bytewise(of wide: Set<Int>, in net: LayerGraph) -> Set<Int> {
    wide.filter { indices[net.narrowName(of: $0)] == nil }
  }
}

extension Graph {
  /// What the node reads that gives a tensor.
  fileprivate func inputs(definingTensor tensor: Int) -> [Int] { nodes.first { $0.outputs == [tensor] }?.inputs ?? [] }
}

extension Node {
  fileprivate var hasWeights: Bool {
    switch operation {
    case .conv2D, .dense: true
    default: false
    }
  }
}

extension ConvertError {
  fileprivate static func otherNet(at location: String, _ reason: String) -> ConvertError {
    ConvertError(.badModel, at: location, reason, remedy: "compare the model with the net it was made from")
  }
}
