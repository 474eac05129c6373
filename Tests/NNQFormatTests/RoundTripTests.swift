import NNQFormat
import Testing

@Suite struct RoundTripTests {
  @Test(arguments: [SampleModels.smallest, SampleModels.annotated, SampleModels.float([0, -0.0, 1.5, .infinity])])
  func keepsTheModel(_ model: ModelFile) throws {
    for options in [WriterOptions.stored, .standard, .best] { try check(model, options) }
  }

  /// Every width of codes, at shares of zeros for which dense, mask and gaps are smallest.
  @Test(arguments: 1...8, [0, 0.5, 0.99])
  func keepsCodes(bits: Int, zeroShare: Double) throws {
    for count in [1, 8, 9, 1000] {
      let elements = SampleModels.randomElements(count, bits: bits, zeroShare: zeroShare, seed: UInt64(bits))
      try check(SampleModels.weights(elements, .uniform(bits: bits)), .standard)
      let levels = Set(elements).sorted()
      try check(SampleModels.weights(elements, .levels(levels, bits: bits)), .standard)
    }
  }

  /// Planes long enough for sections of their own.
  @Test(arguments: [0, 0.9, 1])
  func keepsFloats(zeroShare: Double) throws {
    let elements = SampleModels.randomElements(20_000, bits: 8, zeroShare: zeroShare, seed: 1)
    try check(SampleModels.float(elements.map { Float($0) / 3 }), .standard)
  }

  /// More than a section holds, in two planes.
  @Test func cutsLargeConstants() throws {
    let elements = SampleModels.randomElements(600_000, bits: 2, zeroShare: 0, seed: 1).map { $0 | 1 }
    let bytes = try SampleModels.weights(elements, .uniform(bits: 8)).encoded(.stored)
    let listing = try ModelFile.inspect(from: TrickleSource(bytes))
    #expect(listing.sections.filter { $0.name == "values" }.map(\.rawByteCount) == [1, 150_000, 150_000, 150_000, 150_000, 6])
    #expect(try ModelFile.read(bytes: bytes).contentDigest() == SampleModels.weights(elements, .uniform(bits: 8)).contentDigest())
  }

  /// Write -> read -> write gives equal bytes, from memory and from a sequential source, with one thread and with three.
  private func check(_ model: ModelFile, _ options: WriterOptions) throws {
    let bytes = try model.encoded(options)
    let read = try ModelFile.read(bytes: bytes, threads: 3)
    #expect(read == model)
    #expect(try ModelFile.read(from: TrickleSource(bytes), threads: 1) == model)
    #expect(try read.encoded(options) == bytes)
    #expect(try read.contentDigest() == model.contentDigest())
  }
}

/// A pipe: its length is unknown, and a read gives some bytes only.
struct TrickleSource: ByteSource {
  private var bytes: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

  var remainingByteCount: UInt64? { nil }

  mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let piece = bytes.prefix(min(buffer.count, 4097))
    buffer.copyBytes(from: piece)
    bytes = bytes.dropFirst(piece.count)
    return piece.count
  }

  mutating func skip(_ count: Int) -> Int {
    let passed = min(count, bytes.count)
    bytes = bytes.dropFirst(passed)
    return passed
  }
}
