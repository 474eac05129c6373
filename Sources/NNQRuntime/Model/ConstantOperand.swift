import NNQGraph

/// The constant operand of elementwise arithmetic: laid out like an activation.
struct ConstantOperand {
  let byteOffset: Int
  let layout: ActivationLayout
  /// As stored, and as laid out.
  private let shapes: (stored: [Int], laidOut: [Int])

  /// Nil where both operands are activations.
  ///
  /// - Parameter take: gives room for as many bytes.
  init?(of node: Node, in graph: Graph, take: (Int) -> Int) throws(RuntimeError) {
    var tensor = graph.tensors[node.inputs[1]]
    guard tensor.constant != nil else { return nil }
    let stored = tensor.shape
    tensor.shape = stored.withWholeRows(of: graph.tensors[node.outputs[0]].shape) ?? stored
    shapes = (stored, tensor.shape)
    layout = try ActivationLayout(of: tensor, batch: 1)
    byteOffset = take(layout.byteCount)
  }

  /// Copies elements that follow each other to the places of their pixels.
  ///
  /// Safe: `elements` are those of the constant; `base` is the start of memory that has `layout.byteCount` bytes for it.
  func pack(_ elements: UnsafeRawBufferPointer, into base: UnsafeMutableRawPointer) {
    let pixelByteCount = layout.channels * layout.elementByteCount
    for (pixel, source) in shapes.stored.pixels(repeatedTo: shapes.laidOut).enumerated() {
      let destination = UnsafeMutableRawBufferPointer(start: base + byteOffset + pixel * layout.pixelStride, count: layout.pixelStride)
      destination.copyMemory(from: UnsafeRawBufferPointer(rebasing: elements[source * pixelByteCount..<(source + 1) * pixelByteCount]))
      for byte in pixelByteCount..<layout.pixelStride { destination[byte] = 0 }
    }
  }
}
