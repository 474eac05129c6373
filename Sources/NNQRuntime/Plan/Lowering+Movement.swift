import CKernels
import NNQGraph

/// pad, slice, reshape and concat: strided copies, or nothing at all. Spec: operators.md 3.6 to 3.9.
extension Lowering {
  mutating func lowerPad(before: [Int], of index: Int) throws(RuntimeError) {
    let (x, y) = (input(0, of: index), try output(of: index))
    var copy = nn_copy(extentOf: x.layout)
    copy.setDestination(before)
    copy.fill = x.layout == y.layout ? 0 : 1
    try emitCopy(copy, of: index, from: x, to: y)
  }

  mutating func lowerSlice(begin: [Int], step: [Int], of index: Int) throws(RuntimeError) {
    let (x, y) = (input(0, of: index), try output(of: index))
    var copy = nn_copy(extentOf: y.layout)
    copy.setSource(begin: begin, step: step)
    try emitCopy(copy, of: index, from: x, to: y)
  }

  mutating func lowerConcat(axis: Int, of index: Int) throws(RuntimeError) {
    let y = try output(of: index)
    let node = graph.nodes[index]
    var destination = [Int](repeating: 0, count: graph.tensors[node.outputs[0]].shape.count)
    for (position, tensor) in node.inputs.enumerated() {
      let x = input(position, of: index)
      var copy = nn_copy(extentOf: x.layout)
      copy.setDestination(destination)
      try emitCopy(copy, of: index, from: x, to: y)
      destination[axis] += graph.tensors[tensor].shape[axis]
    }
  }

  /// The same bytes under another shape, when nothing lies between pixels. Where something does, on either side, the elements
  /// are first brought together, then spread.
  mutating func lowerReshape(_ index: Int) throws(RuntimeError) {
    let x = input(0, of: index)
    let layout = try layoutOfOutput(of: index)
    if x.layout.isCompact && layout.isCompact {
      return try alias(x, asOutputOf: index)
    }
    var dense = x.buffer
    if !x.layout.isCompact {
      let compacted = try temporary(x.layout.compacted)
      try emitCopy(nn_copy(extentOf: x.layout), of: index, from: x, to: compacted)
      dense = compacted.buffer
    }
    let source = Operand(buffer: dense, layout: layout.compacted)
    if layout.isCompact {
      return try alias(source, asOutputOf: index)
    }
    try emitCopy(nn_copy(extentOf: layout), of: index, from: source, to: try output(of: index))
  }

  private mutating func emitCopy(_ copy: nn_copy, of node: Int, from input: Operand, to output: Operand) throws(RuntimeError) {
    try emit(kernels.pointee.copy, of: node, from: input, to: output) { $0.u.copy = copy }
  }
}

/// Safe: extents, begins and steps are those of tensors or s32 attributes.
extension nn_copy {
  /// Copies everything from and to the start.
  fileprivate init(extentOf layout: ActivationLayout) {
    self.init()
    (step_h, step_w, step_c) = (1, 1, 1)
    (count_h, count_w, count_c) = (Int32(layout.height), Int32(layout.width), Int32(layout.channels))
  }

  fileprivate mutating func setDestination(_ perAxis: [Int]) {
    guard let axes = ImageAxes(perAxis, absent: 0) else { return }
    (destination_h, destination_w, destination_c) = (Int32(axes.height), Int32(axes.width), Int32(axes.channels))
  }

  fileprivate mutating func setSource(begin: [Int], step: [Int]) {
    guard let first = ImageAxes(begin, absent: 0), let step = ImageAxes(step, absent: 1) else { return }
    (begin_h, begin_w, begin_c) = (Int32(first.height), Int32(first.width), Int32(first.channels))
    (step_h, step_w, step_c) = (Int32(step.height), Int32(step.width), Int32(step.channels))
  }
}
