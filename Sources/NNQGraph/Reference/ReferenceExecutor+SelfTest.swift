import NNQFormat

/// Spec: format.md 6.4.
extension ReferenceExecutor {
  /// SHA-256 of the outputs of one run on inputs drawn from `seed`.
  public func selfTestDigest(seed: UInt64) -> [UInt8] {
    var random = SplitMix64(state: seed)
    let inputs = zip(graph.inputs, graph.indexCounts).map { port, indexCount in
      let tensor = graph.tensors[port.tensor]
      return (0..<tensor.elementCount).map { _ in Int32(random.next(), as: tensor.elementType, below: indexCount) }
    }
    let activations = run(inputs)
    var hash = SHA256()
    for port in graph.outputs {
      let byteCount = graph.tensors[port.tensor].elementType.byteCount
      hash.update((activations[port.tensor] ?? []).flatMap { $0.littleEndian(byteCount) })
    }
    return hash.finalize()
  }
}

extension Int32 {
  /// - Parameter indexCount: of an s32 input.
  fileprivate init(_ bits: UInt64, as type: ElementType, below indexCount: Int?) {
    if let indexCount {
      self = Int32(truncatingIfNeeded: bits % UInt64(indexCount))
    } else {
      self = type == .u8 ? Int32(UInt8(truncatingIfNeeded: bits)) : Int32(Int16(truncatingIfNeeded: bits))
    }
  }

  fileprivate func littleEndian(_ byteCount: Int) -> [UInt8] {
    (0..<byteCount).map { UInt8(truncatingIfNeeded: self >> (8 * Int32($0))) }
  }
}
