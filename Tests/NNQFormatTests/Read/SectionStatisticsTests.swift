import Testing

@testable import NNQFormat

@Suite struct SectionStatisticsTests {
  private func statistics(_ bytes: [UInt8]) throws -> [SectionStatistics] {
    try withMemory(bytes) { (source) throws(FormatError) in try ModelFile.sectionStatistics(from: source) }
  }

  @Test func countsTheInflatedBytesOfEachSection() throws {
    let elements = SampleModels.randomElements(40_000, bits: 4, zeroShare: 0.5, seed: 7)
    let bytes = try SampleModels.weights(elements, .uniform(bits: 4)).encoded()
    let listing = try ModelFile.inspect(from: bytes)
    let statistics = try statistics(bytes)
    #expect(statistics.map { $0.byteCounts.reduce(0, +) } == listing.sections.map(\.rawByteCount))
    #expect(listing.sections.contains { $0.codec == .zlib })
  }

  @Test func refusesDamage() throws {
    var bytes = try SampleModels.smallest.encoded()
    bytes[bytes.count - 1] ^= 1
    let error = #expect(throws: FormatError.self) { try statistics(bytes) }
    #expect(error?.code == .checksumMismatch)
  }
}

extension ModelFile {
  fileprivate static func inspect(from bytes: [UInt8]) throws(FormatError) -> ModelListing {
    try withMemory(bytes) { (source) throws(FormatError) in try inspect(from: source) }
  }
}
