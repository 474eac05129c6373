import Foundation
import Testing

@testable import NNQFormat

@Suite struct ReaderTests {
  /// Each limit refuses what is one beyond it, before the rest of the file is looked at.
  @Test(arguments: [
    (\Limits.fileByteCount, 457 as UInt64, 16 as UInt64), (\.rawByteCount, 231, 24), (\.constantByteCount, 9, 32),
    (\.activationByteCount, 128, 40),
  ])
  func keepsTheCallersLimits(limit: WritableKeyPath<Limits, UInt64> & Sendable, value: UInt64, offset: UInt64) throws {
    let bytes = try SampleModels.smallest.encoded(.stored)
    var limits = Limits()
    limits[keyPath: limit] = value
    #expect(try ModelFile.read(bytes: bytes, limits: limits) == SampleModels.smallest)
    limits[keyPath: limit] = value - 1
    let error = #expect(throws: FormatError.self) { try ModelFile.read(bytes: Array(bytes[..<64]), limits: limits) }
    #expect(error?.code == .limitExceeded)
    #expect(error?.byteOffset == offset)
  }

  @Test func limitsLinesOfText() throws {
    let bytes = try SampleModels.annotated.encoded()
    var limits = Limits()
    limits.lineCount = 3
    #expect(try ModelFile.read(bytes: bytes, limits: limits) == SampleModels.annotated)
    limits.lineCount = 2
    let error = #expect(throws: FormatError.self) { try ModelFile.read(bytes: bytes, limits: limits) }
    #expect(error?.code == .limitExceeded)
    #expect(error?.section?.type == SectionType.labels.rawValue)
    #expect(error?.got == "3 lines")
    #expect(error?.expected == "at most 2")
  }

  /// The lowest section's error, whichever thread meets its own first.
  @Test func reportsTheFirstOfSeveralErrors() throws {
    var file = try RawFile(SampleModels.float((0..<100).map { Float($0) }))
    let values = file.sections.removeLast()
    file.sections += values.stored.map { RawFile.Section(type: values.type, flags: values.flags, [$0]) }
    var bytes = file.encoded()
    for index in bytes.count - 64 * 300..<bytes.count where index % 64 == 0 { bytes[index] ^= 1 }
    let serial = #expect(throws: FormatError.self) { try ModelFile.read(bytes: bytes, threads: 1) }
    for _ in 0..<100 {
      let parallel = #expect(throws: FormatError.self) { try ModelFile.read(bytes: bytes, threads: 4) }
      #expect(parallel == serial)
    }
    #expect(serial?.code == .checksumMismatch)
  }

  @Test func listsWithoutReadingConstants() throws {
    var bytes = try SampleModels.weights([1, 2, 3], .uniform(bits: 8)).encoded(.stored)
    bytes[bytes.count - 1] ^= 1
    let listing = try ModelFile.inspect(from: TrickleSource(bytes))
    #expect(listing.header.fileByteCount == UInt64(bytes.count))
    #expect(listing.sections.map(\.name) == ["graph", "storage", "values"])
    #expect(listing.storage.map(\.keptCount) == [3, 1, 1, 1])
    #expect(listing.model.graph.nodes == SampleModels.smallest.graph.nodes)
  }

  /// A listing skips the values, which may be what is missing.
  @Test func refusesToListWhatEndsEarly() throws {
    let bytes = try SampleModels.weights([1, 2, 3], .uniform(bits: 8)).encoded(.stored)
    let cut = Array(bytes.dropLast(2))
    let pipe = Pipe()
    pipe.fileHandleForWriting.write(Data(cut))
    try pipe.fileHandleForWriting.close()
    let sources: [any ByteSource] = [TrickleSource(cut), FileSource(descriptor: pipe.fileHandleForReading.fileDescriptor)]
    for source in sources {
      let error = #expect(throws: FormatError.self) { try ModelFile.inspect(from: source) }
      #expect(error?.code == .truncated)
      #expect(error?.byteOffset == UInt64(cut.count))
    }
  }

  @Test func listsOptionalSections() throws {
    let listing = try ModelFile.inspect(from: TrickleSource(try SampleModels.annotated.encoded()))
    #expect(listing.model.labels == SampleModels.annotated.labels)
    #expect(listing.model.provenance == SampleModels.annotated.provenance)
  }

  @Test func namesTheSystemsReason() {
    let missing = #expect(throws: FormatError.self) { try ModelFile.read(contentsOf: "/nonexistent/model.nnq") }
    #expect(missing?.code == .ioError)
    #expect(missing?.message(file: "model.nnq") == "model.nnq: open failed: No such file or directory; check the path and its permissions")
    let folder = #expect(throws: FormatError.self) { try ModelFile.read(contentsOf: "/") }
    #expect(folder?.code == .ioError)
  }

  @Test func saysWhatWhereAndWhatToDo() throws {
    var bytes = try SampleModels.smallest.encoded(.stored)
    bytes[448] = 0
    let error = #expect(throws: FormatError.self) { try ModelFile.read(bytes: bytes) }
    #expect(
      error?.message(file: "m.nnq")
        == "m.nnq: section 2 (values) at byte 0x1C0: CRC 273B94E5 computed, expected 304080A6 as stored; "
        + "the file is damaged, copy it again")
  }

  @Test func readsPipes() throws {
    let bytes = try SampleModels.annotated.encoded()
    let pipe = Pipe()
    pipe.fileHandleForWriting.write(Data(bytes))
    try pipe.fileHandleForWriting.close()
    let source = FileSource(descriptor: pipe.fileHandleForReading.fileDescriptor)
    #expect(source.remainingByteCount == nil)
    #expect(try ModelFile.read(from: source) == SampleModels.annotated)
  }

  /// What a pipe declares is not allocated before it comes.
  @Test func refusesAPipeThatEndsEarly() throws {
    let bytes = try SampleModels.annotated.encoded()
    let error = #expect(throws: FormatError.self) { try ModelFile.read(from: TrickleSource(Array(bytes.dropLast())), threads: 2) }
    #expect(error?.code == .truncated)
    #expect(error?.byteOffset == UInt64(bytes.count - 1))
    let longer = #expect(throws: FormatError.self) { try ModelFile.read(from: TrickleSource(bytes + [0]), threads: 2) }
    #expect(longer?.code == .trailingBytes)
    #expect(longer?.byteOffset == UInt64(bytes.count))
  }
}
