/// Takes the elements of constants while a file is read, so that they need not be in memory as a whole.
package protocol ConstantConsumer: Sendable {
  /// Whether it takes the elements of a constant, which the model then comes without.
  func wants(tensor: Int) -> Bool

  /// Takes the next elements of a constant it wants.
  ///
  /// Called with all elements in their order, those of one constant on one thread, those of several at the same time. When
  /// the file turns out to be damaged there are no more calls.
  /// - Parameters:
  ///   - elements: little-endian; valid during the call.
  ///   - first: index of the first of them in the constant.
  func take(_ elements: UnsafeRawBufferPointer, of tensor: Int, from first: Int)
}
