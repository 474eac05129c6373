import NNQFormat

/// Inputs of integers, which choose rows of tables: 32 bits an element, one after the other. Spec: operators.md 4.
extension Session {
  /// - Parameter values: as many as the input has elements.
  func setIndices(_ port: PortDescription, _ values: UnsafeBufferPointer<Float>, count: Int) throws(RuntimeError) {
    for value in values where Int(exactly: value).map({ !(0..<count).contains($0) }) ?? true {
      throw .indexOutOfRange(tensor: port.name, got: value, count: count)
    }
    let destination = pointer(to: place(of: port.tensor))
    for (index, value) in values.enumerated() {
      // Safe: 4 bytes for each element, and the values are integers that an extent, 31 bits, bounds.
      destination.storeBytes(of: Int32(value), toByteOffset: 4 * index, as: Int32.self)
    }
  }

  /// - Parameter bytes: little-endian elements.
  func requireIndices(_ port: PortDescription, _ bytes: [UInt8], count: Int) throws(RuntimeError) {
    for start in stride(from: 0, to: bytes.count, by: 4) {
      let bits = bytes[start..<start + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      let value = Int32(bitPattern: bits)
      guard (0..<count).contains(Int(value)) else { throw .indexOutOfRange(tensor: port.name, got: Float(value), count: count) }
    }
  }

  /// - Parameter values: room for as many as the activation has elements.
  func readIndices(_ place: ActivationPlace, into values: UnsafeMutableBufferPointer<Float>) {
    let source = pointer(to: place)
    // Safe: 4 bytes for each element.
    for index in values.indices { values[index] = Float(source.load(fromByteOffset: 4 * index, as: Int32.self)) }
  }
}
