import CFuzz

/// Most changes are to the contents of one section, with everything else made true again; some are to the file as it is.
@c(LLVMFuzzerCustomMutator)
public func mutateContainer(_ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ capacity: Int, _ seed: CUnsignedInt) -> Int {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  guard seed % 8 != 0, var file = SectionedFile(bytes), !file.sections.isEmpty else { return LLVMFuzzerMutate(data, count, capacity) }
  file.mutate(seed: Int(seed / 8), capacity: capacity)
  let mutated = file.encoded
  guard mutated.count <= capacity else { return LLVMFuzzerMutate(data, count, capacity) }
  // Safe: data has room for `capacity` bytes, and the guard above bounds the count.
  return UnsafeMutableBufferPointer(start: data, count: capacity).update(fromContentsOf: mutated)
}

extension SectionedFile {
  fileprivate mutating func mutate(seed: Int, capacity: Int) {
    let index = seed / 16 % sections.count
    switch seed % 16 {
    case 0: mutate(&header, from: 32, to: 56)
    case 1: mutate(&sections[index].row, from: 0, to: 4)
    case 2: sections.remove(at: index)
    case 3: sections.insert(sections[index], at: index)
    case 4: sections.swapAt(index, (index + 1) % sections.count)
    default: grow(&sections[index].stored, capacity: capacity)
    }
  }

  /// Changes bytes in place.
  private func mutate(_ bytes: inout [UInt8], from start: Int, to end: Int) {
    let part = libFuzzerMutation(of: Array(bytes[start..<end]), capacity: end - start)
    bytes.replaceSubrange(start..<start + part.count, with: part)
  }

  private func grow(_ bytes: inout [UInt8], capacity: Int) {
    bytes = libFuzzerMutation(of: bytes, capacity: bytes.count + min(64, max(0, capacity - bytes.count)))
  }

  private func libFuzzerMutation(of bytes: [UInt8], capacity: Int) -> [UInt8] {
    var part = bytes + [UInt8](repeating: 0, count: capacity - bytes.count)
    let count = part.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map { LLVMFuzzerMutate($0, bytes.count, capacity) } ?? 0
    }
    return Array(part[..<count])
  }
}
