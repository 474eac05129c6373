import NNQFormat
import NNQGraph

/// Reading activations after a run into arrays.
extension Session {
  /// Sets the inputs, runs, and gives all outputs by name.
  public func run(_ inputs: [String: FloatTensor]) throws(RuntimeError) -> [String: FloatTensor] {
    try setInputs(inputs)
    runInPlace()
    return try floatOutputs()
  }

  /// The same from 8-bit images through the stored preprocessing; see `setInput(pixels:batch:)`.
  public func run(pixels: [UInt8], batch: Int = 1) throws(RuntimeError) -> [String: FloatTensor] {
    try setInput(pixels: pixels, batch: batch)
    runInPlace()
    return try floatOutputs()
  }

  /// The same in integers, on both sides.
  public func run(_ inputs: [String: RawTensor]) throws(RuntimeError) -> [String: RawTensor] {
    try setInputs(inputs)
    runInPlace()
    return rawOutputs()
  }

  /// Real values of all outputs of the last run, by name.
  public func floatOutputs() throws(RuntimeError) -> [String: FloatTensor] {
    var outputs: [String: FloatTensor] = [:]
    for port in model.outputs { outputs[port.name] = try floatTensor(port.tensor, order: port.layout) }
    return outputs
  }

  /// Integers of all outputs of the last run, by name.
  public func rawOutputs() -> [String: RawTensor] {
    var outputs: [String: RawTensor] = [:]
    for port in model.outputs { outputs[port.name] = rawTensor(port.tensor, order: port.layout) }
    return outputs
  }

  /// Real values of an activation that the session keeps, or of an output.
  ///
  /// - Parameter order: of the axes; `channelsFirst` is that of an ONNX net.
  public func floatTensor(named name: String, order: Port.Layout = .channelsFirst) throws(RuntimeError) -> FloatTensor {
    try floatTensor(try readableTensor(named: name), order: order)
  }

  /// Integers of an activation that the session keeps, or of an output.
  public func rawTensor(named name: String, order: Port.Layout = .channelsFirst) throws(RuntimeError) -> RawTensor {
    rawTensor(try readableTensor(named: name), order: order)
  }

  private func floatTensor(_ index: Int, order: Port.Layout) throws(RuntimeError) -> FloatTensor {
    var values = [Float](repeating: 0, count: place(of: index).layout.elementCount)
    try values.withUnsafeMutableBufferPointer { (values) throws(RuntimeError) in try dequantize(index, order: order, into: values) }
    return FloatTensor(shape: externalShape(of: index, order: order), values: values)
  }

  func rawTensor(_ index: Int, order: Port.Layout) -> RawTensor {
    let place = place(of: index)
    let source = pointer(to: place)
    let width = place.layout.elementByteCount
    var bytes = [UInt8](repeating: 0, count: place.layout.elementCount * width)
    bytes.withUnsafeMutableBytes { destination in
      place.layout.forEachElement(order: order) { byteOffset, index in
        // Safe: byteOffset lies in the activation, index below elementCount, both by the layout.
        for byte in 0..<width { destination[index * width + byte] = source.load(fromByteOffset: byteOffset + byte, as: UInt8.self) }
      }
    }
    return RawTensor(elementType: model.graph.tensors[index].elementType, shape: externalShape(of: index, order: order), bytes: bytes)
  }

  private func externalShape(of index: Int, order: Port.Layout) -> [Int] {
    var shape = order.externalShape(model.graph.tensors[index].shape)
    shape[0] *= batch
    return shape
  }
}
