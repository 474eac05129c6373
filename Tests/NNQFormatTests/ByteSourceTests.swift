import Foundation
import Testing

@testable import NNQFormat

@Suite struct ByteSourceTests {
  private let bytes: [UInt8] = Array(0..<10)

  /// Reads 3, passes over 4, reads the rest: what any source must do alike.
  private func check(_ source: some ByteSource) throws {
    var source = source
    var buffer = [UInt8](repeating: 0, count: 3)
    func read() throws -> [UInt8] {
      let count = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
      return Array(buffer[..<count])
    }
    #expect(try read() == [0, 1, 2])
    #expect(try source.skip(4) == 4)
    #expect(try read() == [7, 8, 9])
    #expect(try source.skip(1) == 0)
    #expect(try read() == [])
  }

  @Test func readsAndPassesOverMemory() throws {
    try withMemory(bytes) { (source) in
      #expect(source.remainingByteCount == 10)
      do { try check(source) } catch { Issue.record(error) }
    }
  }

  @Test func readsAndPassesOverFiles() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "nnq-\(UUID().uuidString)")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    try withFile(file.path) { (source) in
      #expect(source.remainingByteCount == 10)
      do { try check(source) } catch { Issue.record(error) }
    }
  }

  /// A pipe cannot be passed over without reading it.
  @Test func readsAndPassesOverPipes() throws {
    let pipe = Pipe()
    pipe.fileHandleForWriting.write(Data(bytes))
    try pipe.fileHandleForWriting.close()
    let source = FileSource(descriptor: pipe.fileHandleForReading.fileDescriptor)
    #expect(source.remainingByteCount == nil)
    try check(source)
  }

  @Test func saysWhatTheSystemRefuses() {
    let missing = #expect(throws: FormatError.self) { try ModelFile.read(contentsOf: "/no/such/model.nnq") }
    #expect(missing?.code == .ioError)
    #expect(missing?.got == "open failed: No such file or directory")
    let folder = #expect(throws: FormatError.self) { try ModelFile.read(contentsOf: "/") }
    #expect(folder?.code == .ioError)
    #expect(folder?.got == "read failed: Is a directory")
  }

  @Test func readsModelsThatLieInMemoryOfTheCaller() throws {
    let encoded = try SampleModels.smallest.encoded()
    #expect(try encoded.withUnsafeBytes { try ModelFile.read(bytes: $0) } == SampleModels.smallest)
  }
}
