import NNQFormat

/// The declared costs. Spec: operators.md 5.5.
extension Graph {
  public var cost: DeclaredCost {
    DeclaredCost(activationByteCount: UInt64(activationByteCount), macCount: nodes.reduce(0) { $0 &+ UInt64(macCount(of: $1)) })
  }

  /// Multiply-accumulates of one node at batch 1.
  package func macCount(of node: Node) -> Int {
    switch node.operation {
    case .conv2D, .dense:
      let weights = tensors[node.inputs[1]]
      return tensors[node.outputs[0]].elementCount * (weights.elementCount / weights.shape[0])
    case .matMul:
      return tensors[node.outputs[0]].elementCount * (tensors[node.inputs[0]].shape.last ?? 0)
    default: return 0
    }
  }

  /// For each tensor the nodes between which it is live; nil for constants.
  package var lifetimes: [ClosedRange<Int>?] {
    let last = max(nodes.count - 1, 0)
    var lifetimes = [ClosedRange<Int>?](repeating: nil, count: tensors.count)
    for port in inputs { lifetimes[port.tensor] = 0...0 }
    for (index, node) in nodes.enumerated() {
      for input in node.inputs {
        if let lifetime = lifetimes[input] { lifetimes[input] = lifetime.lowerBound...index }
      }
      for output in node.outputs { lifetimes[output] = index...index }
    }
    for port in outputs {
      if let lifetime = lifetimes[port.tensor] { lifetimes[port.tensor] = lifetime.lowerBound...last }
    }
    return lifetimes
  }

  private var activationByteCount: Int {
    var change = [Int](repeating: 0, count: nodes.count + 2)
    for (tensor, lifetime) in lifetimes.enumerated() {
      guard let lifetime else { continue }
      let byteCount = (tensors[tensor].byteCount + 63) / 64 * 64
      change[lifetime.lowerBound] += byteCount
      change[lifetime.upperBound + 1] -= byteCount
    }
    var live = 0
    return change.reduce(0) { largest, step in
      live += step
      return max(largest, live)
    }
  }
}
