/// Elements in memory order and their shape; as many elements as the shape says.
package struct FloatTensor: Equatable, Sendable {
  package var shape: [Int]
  package var elements: [Float]

  package init(shape: [Int], elements: [Float]) {
    self.shape = shape
    self.elements = elements
  }
}

extension [Float] {
  /// An array every element of which `fill` writes.
  init(count: Int, writtenBy fill: (UnsafeMutableBufferPointer<Float>) -> Void) {
    self.init(unsafeUninitializedCapacity: count) { buffer, initializedCount in
      fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      initializedCount = count
    }
  }
}
