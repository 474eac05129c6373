extension Streams {
  /// The constants with their elements, decoded on several threads.
  /// - Parameter storage: the record of each; their parts fill the streams.
  func decodeConstants(
    _ tensors: [TensorRecord], _ storage: [StorageRecord], threads: Int
  ) throws(FormatError) -> [Constant] {
    let starts = partStarts(tensors, storage)
    let streams = self
    return try bytes.withUnsafeBufferPointer { (bytes) throws(FormatError) in
      // Safe: only read, and `map` returns after all threads have ended.
      nonisolated(unsafe) let bytes = UnsafeRawBufferPointer(bytes)
      return try Workers.map(tensors.count, threads: threads) { (index) throws(FormatError) in
        let part = { (start: Int, count: Int) in
          StreamPart(streams: streams, bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<start + count]), start: start)
        }
        let (tensor, record) = (tensors[index], storage[index])
        return try ConstantDecoder(
          record: record, elementType: tensor.elementType, elementCount: tensor.elementCount,
          positions: part(starts[index].positions, record.positionsByteCount(elementCount: tensor.elementCount)),
          values: part(starts[index].values, record.valuesByteCount(elementType: tensor.elementType))
        ).decode()
      }
    }
  }

  /// Where the parts of each constant start in `bytes`.
  private func partStarts(_ tensors: [TensorRecord], _ storage: [StorageRecord]) -> [(positions: Int, values: Int)] {
    var starts = Array(repeating: (positions: 0, values: positionsByteCount), count: tensors.count)
    var end = (positions: 0, values: positionsByteCount)
    for index in Self.order(of: tensors) {
      starts[index] = end
      end.positions += storage[index].positionsByteCount(elementCount: tensors[index].elementCount)
      end.values += storage[index].valuesByteCount(elementType: tensors[index].elementType)
    }
    return starts
  }

  /// Indices of constants in the order of their parts: by element type, whose statistics they share. Spec: format.md 5.3.
  static func order(of constants: [TensorRecord]) -> [Int] {
    ElementType.allCases.flatMap { type in constants.indices.filter { constants[$0].elementType == type } }
  }
}
