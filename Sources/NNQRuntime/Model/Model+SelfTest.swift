import NNQFormat
import NNQGraph

/// Spec: format.md 6.4.
extension Model {
  /// Runs the stored self-test: whether this machine computes the bytes that the converter's did.
  ///
  /// Throws `noSelfTest` when none is stored.
  public func verify(threads: Int = 1, isa: ISA? = nil) throws(RuntimeError) -> Bool {
    guard let selfTest else { throw .noSelfTest }
    return try selfTestDigest(seed: selfTest.seed, threads: threads, isa: isa) == selfTest.outputDigest
  }

  /// SHA-256 of the outputs of one run on inputs drawn from `seed`.
  package func selfTestDigest(seed: UInt64, threads: Int = 1, isa: ISA? = nil) throws(RuntimeError) -> [UInt8] {
    let session = try Session(self, threads: threads, isa: isa)
    var random = SplitMix64(state: seed)
    for port in inputs {
      let elements = (0..<graph.tensors[port.tensor].elementCount).map { _ in
        port.indexCount.map { random.next() % UInt64($0) } ?? random.next()
      }
      try session.setRaw(port, elements.flatMap { $0.littleEndian(port.elementType.byteCount) }, order: .asStored)
    }
    session.runInPlace()
    var hash = SHA256()
    for port in outputs { hash.update(session.rawTensor(port.tensor, order: .asStored).bytes) }
    return hash.finalize()
  }
}

extension UInt64 {
  fileprivate func littleEndian(_ byteCount: Int) -> [UInt8] {
    (0..<byteCount).map { UInt8(truncatingIfNeeded: self >> (8 * UInt64($0))) }
  }
}
