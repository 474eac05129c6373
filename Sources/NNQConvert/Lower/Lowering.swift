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
  /// Tensors that hold a value's memory under another shape, by name.
  private var views: [String: Int] = [:]

  init(_ net: LayerGraph, plan: QuantizationPlan, weights: [Int: RoundedWeights]) {
    self.net = net
    self.plan = plan
    self.weights = weights
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

  // MARK: Ports

  /// Pictures are held channels last, unless the net itself begins by moving the axes.
  private mutating func placeInput(_ value: Int) -> Port {
    let shape = net.graph.values[value].shape
    let readers = net.layers.filter { $0.inputs.contains(value) }
    let isMovedFirst = readers.allSatisfy { reader in
      switch reader.operation {
      case .transpose, .reshape: true
      default: false
      }
    }
    let axes = shape.count == 4 && !isMovedFirst ? Placement.channelsLast : Placement.identity(rank: shape.count)
    place(value, axes: axes)
    return Port(tensor: tensors.count - 1, layout: axes == Placement.channelsLast ? .channelsFirst : .asStored)
  }

  private mutating func outputPort(_ value: Int) throws(ConvertError) -> Port {
    let shape = net.graph.values[value].shape
    let placement = try placement(value, for: "output")
    let identity = Placement.identity(rank: shape.count)
    nameOutput(value, placement.tensor)
    if shape.isSameMemory(placement.axes, identity) && placement.axes == identity && placement.elementOrder == nil {
      return Port(tensor: placement.tensor, layout: .asStored)
    }
    guard placement.axes == [0] + identity.dropFirst(2) + [1], placement.elementOrder == nil else {
      throw ConvertError(
        .unsupported, at: net.graph.values[value].name, "the output's axes would have to be transposed",
        remedy: "end the net before its last Transpose or Flatten")
    }
    return Port(tensor: placement.tensor, layout: .channelsFirst)
  }

  /// A transposition has no tensor of its own: the one it moves takes the name by which the net's user knows the output.
  private mutating func nameOutput(_ value: Int, _ tensor: Int) {
    let ports = net.graph.inputs + net.graph.outputs
    guard !ports.contains(where: { $0 != value && placements[$0]?.tensor == tensor }) else { return }
    tensors[tensor].name = net.graph.values[value].name
  }

  // MARK: Values

  /// A new activation that holds `value`; returns its tensor index.
  @discardableResult
  mutating func place(_ value: Int, axes: [Int], elementOrder: [Int]? = nil) -> Int {
    let source = net.graph.values[value]
    let tensor = append(source.name, shape: source.shape.permuted(by: axes), grid: plan.grid(value))
    placements[value] = Placement(tensor: tensor, axes: axes, elementOrder: elementOrder)
    return tensor
  }

  mutating func append(_ name: String, shape: [Int], grid: ActivationGrid) -> Int {
    tensors.append(Tensor(name: name, elementType: grid.elementType, shape: shape, quantization: grid.quantization))
    return tensors.count - 1
  }

  mutating func append(_ name: String, _ type: ElementType, shape: [Int], _ constant: Constant) -> Int {
    tensors.append(Tensor(name: name, elementType: type, shape: shape, constant: constant))
    return tensors.count - 1
  }

  func placement(_ value: Int, for layer: String) throws(ConvertError) -> Placement {
    guard let placement = placements[value] else {
      throw ConvertError(
        .unsupported, at: layer, "'\(net.graph.values[value].name)' is a constant where an activation is needed",
        remedy: "fold it into the net before exporting")
    }
    return placement
  }

  /// The tensor that holds `value` with the given axes: its own, or the same memory under another shape.
  mutating func tensor(_ value: Int, axes: [Int], for layer: String) throws(ConvertError) -> Int {
    let placement = try placement(value, for: layer)
    if placement.axes == axes && placement.elementOrder == nil { return placement.tensor }
    let source = net.graph.values[value]
    guard source.shape.isSameMemory(placement.axes, axes), placement.elementOrder == nil else {
      throw ConvertError(
        .unsupported, at: layer, "'\(source.name)' would have to be transposed",
        remedy: "export the net without the Transpose or Flatten before it")
    }
    let name = "\(source.name) as \(axes)"
    if let view = views[name] { return view }
    let view = append(name, shape: source.shape.permuted(by: axes), grid: plan.grid(value))
    nodes.append(Node(.reshape, inputs: [placement.tensor], outputs: [view]))
    views[name] = view
    return view
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
