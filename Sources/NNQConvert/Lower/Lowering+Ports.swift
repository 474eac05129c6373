import NNQFloat
import NNQFormat
import NNQGraph

/// Inputs and outputs of the net.
extension Lowering {
  /// A picture is held channels last, unless the net itself begins by moving its axes.
  mutating func placeInput(_ value: Int) -> Port {
    let shape = shape(value)
    let (stored, channelsLast) = (Placement.identity(rank: shape.count), Placement.channelsLast(rank: max(shape.count, 2)))
    let isPicture = shape.count == 4 && !net.isMovedFirst(value) && plan.grid(value) != .integers
    let wanted = net.wantedAxes(of: value) ?? (isPicture ? channelsLast : stored)
    let isChannelsFirst = shape.count > 2 && shape[0] == 1 && wanted == channelsLast
    place(value, axes: isChannelsFirst ? channelsLast : stored)
    return Port(tensor: tensors.count - 1, layout: isChannelsFirst ? .channelsFirst : .asStored)
  }

  mutating func outputPort(_ value: Int) throws(ConvertError) -> Port {
    let shape = shape(value)
    let (stored, channelsLast) = (Placement.identity(rank: shape.count), Placement.channelsLast(rank: max(shape.count, 2)))
    let order = try placement(value, for: "output").order
    let isChannelsFirst = shape.count > 2 && shape[0] == 1 && order != .rowMajor(shape) && order == MemoryOrder(shape, axes: channelsLast)
    let tensor = try tensor(value, axes: isChannelsFirst ? channelsLast : stored, for: "output")
    return Port(tensor: named(tensor, for: value), layout: isChannelsFirst ? .channelsFirst : .asStored)
  }

  /// The tensor under the name by which the net's user knows the output: renamed, or a copy where another port has it.
  private mutating func named(_ tensor: Int, for value: Int) -> Int {
    let name = net.graph.values[value].name
    guard tensors[tensor].name != name else { return tensor }
    let others = (net.graph.inputs + net.graph.outputs).filter { $0 != value }
    guard others.contains(where: { net.graph.values[$0].name == tensors[tensor].name }) else {
      // The value's own tensor may be another one, of which this is a copy.
      for other in tensors.indices where tensors[other].name == name { tensors[other].name = tensors[tensor].name }
      tensors[tensor].name = name
      return tensor
    }
    let copy = append(name, shape: tensors[tensor].shape, grid: plan.grid(value))
    nodes.append(Node(.reshape, inputs: [tensor], outputs: [copy]))
    return copy
  }
}

extension LayerGraph {
  /// Whether everything that reads the value begins by moving its axes.
  fileprivate func isMovedFirst(_ value: Int) -> Bool {
    layers.filter { $0.inputs.contains(value) }.allSatisfy { layer in
      switch layer.operation {
      case .transpose, .reshape: true
      default: false
      }
    }
  }

  /// The order of axes in which the first operator that cares wants the value; nil when none is found.
  fileprivate func wantedAxes(of value: Int) -> [Int]? {
    let rank = graph.values[value].shape.count
    guard let reader = layers.first(where: { $0.inputs.first == value }) else { return nil }
    switch reader.operation {
    case .conv, .maxPool, .averagePool, .globalAveragePool: return Placement.channelsLast(rank: rank)
    case .transpose(let permutation): return wantedAxes(of: reader.output)?.map { permutation[$0] }
    case .unary, .pad, .slice: return wantedAxes(of: reader.output)
    case .binary where graph.values[reader.output].shape.count == rank: return wantedAxes(of: reader.output)
    default: return nil
    }
  }
}
