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
    var end = (positions: 0, values: positionsByteCount)
    return zip(tensors, storage).map { tensor, record in
      defer {
        end.positions += record.positionsByteCount(elementCount: tensor.elementCount)
        end.values += record.valuesByteCount(elementType: tensor.elementType)
      }
      return end
    }
  }
}
