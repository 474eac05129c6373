import CKernels
import NNQGraph

/// pad, slice, reshape, concat and transpose: one move, or nothing at all. Spec: operators.md 3.6 to 3.10.
extension Lowering {
  /// What a move reads: elements of an operand, in an order of their own.
  struct View {
    let operand: Operand
    var elements: StridedView
  }

  mutating func lowerPad(before: [Int], after: [Int], fill: Int32, of index: Int) throws(RuntimeError) {
    let (x, y) = (source(0, of: index), try output(of: index))
    if (before + after).contains(where: { $0 > 0 }) {
      try emit(kernels.pointee.fill, of: index, from: x.operand, to: y) { $0.u.fill = nn_fill(value: fill) }
    }
    try move(x, to: box(of: y, index, begin: before, like: x), of: index)
  }

  mutating func lowerSlice(begin: [Int], step: [Int], of index: Int) throws(RuntimeError) {
    var x = source(0, of: index)
    x.elements = x.elements.sliced(begin: begin, step: step, extents: graph.tensors[graph.nodes[index].outputs[0]].shape)
    try give(x, asOutputOf: index)
  }

  mutating func lowerConcat(axis: Int, of index: Int) throws(RuntimeError) {
    let y = try output(of: index)
    var begin = [Int](repeating: 0, count: graph.tensors[graph.nodes[index].outputs[0]].shape.count)
    for position in graph.nodes[index].inputs.indices {
      let x = source(position, of: index)
      try move(x, to: box(of: y, index, begin: begin, like: x), of: index)
      begin[axis] += x.elements.extents[axis]
    }
  }

  mutating func lowerTranspose(_ permutation: [Int], of index: Int) throws(RuntimeError) {
    var x = source(0, of: index)
    x.elements = x.elements.transposed(permutation)
    try give(x, asOutputOf: index)
  }

  /// The same bytes under another shape, when nothing lies between pixels or the pixels stay. Else a move, when distances say
  /// how; and where they do not, on either side, the elements are first brought together, then spread.
  mutating func lowerReshape(_ index: Int) throws(RuntimeError) {
    let x = source(0, of: index)
    let tensor = graph.nodes[index].outputs[0]
    let layout = try layoutOfOutput(of: index)
    if views[graph.nodes[index].inputs[0]] == nil, x.operand.layout.isSameMemory(as: layout) {
      return try alias(x.operand, asOutputOf: index)
    }
    let shape = [layout.imageCount] + graph.tensors[tensor].shape.dropFirst()
    if let elements = x.elements.reshaped(to: shape) {
      return try give(View(operand: x.operand, elements: elements), asOutputOf: index)
    }
    let compact = try temporary(layout.compacted)
    let gathered = View(operand: compact, elements: StridedView(compact.layout, shape: graph.tensors[tensor].shape))
    guard let elements = gathered.elements.reshaped(to: x.elements.extents) else { preconditionFailure("nothing lies between elements") }
    try move(x, to: View(operand: compact, elements: elements), of: index)
    if layout.isCompact {
      return try alias(compact, asOutputOf: index)
    }
    try move(gathered, to: whole(try output(of: index), index), of: index)
  }

  // MARK: Boxes

  /// Nothing is moved yet when only moves read the output: each of them reads what it wants from where it is.
  private mutating func give(_ view: View, asOutputOf node: Int) throws(RuntimeError) {
    if isOutputMovedOnly(of: node) {
      views[graph.nodes[node].outputs[0]] = view
    } else {
      try move(view, to: whole(try output(of: node), node), of: node)
    }
  }

  private func source(_ position: Int, of node: Int) -> View {
    let tensor = graph.nodes[node].inputs[position]
    if let view = views[tensor] { return view }
    let operand = input(position, of: node)
    return View(operand: operand, elements: StridedView(operand.layout, shape: graph.tensors[tensor].shape))
  }

  private func whole(_ output: Operand, _ node: Int) -> View {
    View(operand: output, elements: StridedView(output.layout, shape: graph.tensors[graph.nodes[node].outputs[0]].shape))
  }

  /// The part of the output that starts at `begin` and has the extents of `x`.
  private func box(of output: Operand, _ node: Int, begin: [Int], like x: View) -> View {
    var view = whole(output, node)
    view.elements = view.elements.sliced(begin: begin, step: begin.map { _ in 1 }, extents: x.elements.extents)
    return view
  }

  mutating func move(_ source: View, to destination: View, of node: Int) throws(RuntimeError) {
    let move = Move(
      from: source.elements, to: destination.elements, elementByteCount: destination.operand.layout.elementByteCount)
    try emit(kernels.pointee.move, of: node, from: source.operand, to: destination.operand, rowCount: move.rowCount) {
      $0.u.move = move.parameters
    }
  }
}

extension Operation {
  /// Whether the runtime reads the operands by distances, in any order.
  var isMove: Bool {
    switch self {
    case .pad, .slice, .reshape, .concat, .transpose: true
    default: false
    }
  }
}
