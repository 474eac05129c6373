import NNQFormat

/// Setting inputs from arrays: names, shapes and element counts are checked, the session takes the batch size of the arrays.
extension Session {
  /// Quantises real values into all inputs.
  ///
  /// - Parameter inputs: by name; the first extent of all shapes is the number of batch items.
  public func setInputs(_ inputs: [String: FloatTensor]) throws(RuntimeError) {
    try take(shapes: inputs.mapValues(\.shape))
    for (index, port) in model.inputs.enumerated() {
      guard let values = inputs[port.name]?.values else { throw .missingInput(name: port.name) }
      try values.withUnsafeBufferPointer { (values) throws(RuntimeError) in try quantizeInput(index, from: values) }
    }
  }

  /// Sets the integers of all inputs.
  public func setInputs(_ inputs: [String: RawTensor]) throws(RuntimeError) {
    try take(shapes: inputs.mapValues(\.shape))
    for port in model.inputs {
      guard let tensor = inputs[port.name] else { throw .missingInput(name: port.name) }
      guard tensor.elementType == port.elementType else {
        throw .wrongElementType(tensor: port.name, got: tensor.elementType, expected: port.elementType)
      }
      try setRaw(port, tensor.bytes, order: port.layout)
    }
  }

  /// Passes 8-bit images through the stored preprocessing into the first input, which must be the only one.
  ///
  /// - Parameter pixels: `batch` x height x width x channels samples of the first input's size, colours in the order of
  ///   `Model.preprocessing`.
  /// - Throws: `noPreprocessing`, `missingInput`, `wrongElementCount`.
  public func setInput(pixels: [UInt8], batch: Int = 1) throws(RuntimeError) {
    guard let table = model.pixelTable else { throw .noPreprocessing }
    if model.inputs.count > 1 { throw .missingInput(name: model.inputs[1].name) }
    try resize(batch: batch)
    let port = model.inputs[0]
    let place = place(of: port.tensor)
    guard pixels.count == place.layout.elementCount else {
      throw .wrongElementCount(tensor: port.name, got: pixels.count, expected: place.layout.elementCount)
    }
    pixels.withUnsafeBufferPointer { table.apply(to: $0, layout: place.layout, activation: pointer(to: place)) }
  }

  /// Sets the integers of an input from little-endian elements of the whole batch.
  func setRaw(_ port: PortDescription, _ bytes: [UInt8], order: Port.Layout) throws(RuntimeError) {
    let place = place(of: port.tensor)
    let width = place.layout.elementByteCount
    guard bytes.count == place.layout.elementCount * width else {
      throw .wrongElementCount(tensor: port.name, got: bytes.count / width, expected: place.layout.elementCount)
    }
    if let count = port.indexCount { try requireIndices(port, bytes, count: count) }
    let destination = pointer(to: place)
    bytes.withUnsafeBytes { source in
      place.layout.forEachElement(order: order) { byteOffset, index in
        // Safe: byteOffset lies in the activation, index below elementCount, both by the layout.
        for byte in 0..<width { (destination + byteOffset + byte).storeBytes(of: source[index * width + byte], as: UInt8.self) }
      }
    }
  }

  /// Checks that the inputs are the model's, of its shapes and one batch size, and plans for that.
  private func take(shapes: [String: [Int]]) throws(RuntimeError) {
    let names = model.inputs.map(\.name)
    if let unknown = shapes.keys.filter({ !names.contains($0) }).min() { throw .unknownInput(name: unknown, known: names) }
    var batch: Int?
    for port in model.inputs {
      guard let shape = shapes[port.name] else { throw .missingInput(name: port.name) }
      guard shape.count == port.shape.count, shape.dropFirst() == port.shape.dropFirst(), shape[0] >= 1 else {
        throw .wrongShape(tensor: port.name, got: shape, expected: port.shape)
      }
      if let batch, batch != shape[0] { throw .mixedBatches(tensor: port.name, got: shape[0], expected: batch) }
      batch = shape[0]
    }
    if let batch { try resize(batch: batch) }
  }
}
