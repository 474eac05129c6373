import NNQFormat
import Testing

/// Whatever happens to a file, it is refused or it is the same model.
@Suite struct DamageTests {
  private static let files: [(name: String, model: ModelFile, bytes: [UInt8])] = {
    let sparse = SampleModels.weights(Array(SampleModels.sparseElements.prefix(300)), .uniform(bits: 8))
    let models = [("annotated", SampleModels.annotated), ("sparse", sparse), ("float", SampleModels.float([0, 1, -2.5, 0]))]
    return models.compactMap { name, model in (try? model.encoded()).map { (name, model, $0) } }
  }()

  @Test(arguments: files.indices)
  func refusesEveryTruncation(file: Int) {
    let (name, _, bytes) = Self.files[file]
    for count in bytes.indices {
      let error = #expect(throws: FormatError.self, "\(name), \(count) bytes") {
        try ModelFile.read(bytes: Array(bytes[..<count]), threads: 1)
      }
      #expect(error?.code == .truncated)
      #expect(error?.byteOffset == UInt64(count))
    }
  }

  @Test(arguments: files.indices)
  func survivesEveryFlippedBit(file: Int) {
    let (name, model, original) = Self.files[file]
    for bit in 0..<original.count * 8 {
      var bytes = original
      bytes[bit / 8] ^= 1 << (bit % 8)
      guard let read = try? ModelFile.read(bytes: bytes, threads: 1) else { continue }
      #expect(read == model, "\(name), bit \(bit)")
    }
  }

  /// Checksums made right again, so that damage reaches the parsers behind them: never a trap.
  @Test(arguments: files.indices)
  func survivesFlippedContents(file: Int) throws {
    let original = try RawFile(Self.files[file].model, positions: .gaps)
    for (index, section) in original.sections.enumerated() {
      for bit in 0..<section.stored.count * 8 {
        var damaged = original
        damaged.sections[index].stored[bit / 8] ^= 1 << (bit % 8)
        _ = try? ModelFile.read(bytes: damaged.encoded(), threads: 1)
      }
    }
  }
}
