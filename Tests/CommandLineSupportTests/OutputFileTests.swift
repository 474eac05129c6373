import Foundation
import TestSupport
import Testing

@testable import CommandLineSupport

@Suite struct OutputFileTests {
  let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  var folder: String { temporary.path }

  @Test func keepsAnExistingFileUnlessForced() throws {
    let path = folder + "/a.bin"
    try OutputFile(path, replacing: false).write([1, 2, 3])
    #expect(throws: CommandError(.cannotCreate, "\(path): exists; use --force to replace it")) {
      _ = try OutputFile(path, replacing: false)
    }
    try OutputFile(path, replacing: true).write([4])
    #expect(FileManager.default.contents(atPath: path) == Data([4]))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.bin"])
  }

  @Test func refusesPlacesThatAreNoFile() {
    #expect(throws: CommandError(.cannotCreate, "/dev/null: is not a regular file")) { _ = try OutputFile("/dev/null", replacing: true) }
    let path = folder + "/missing/a.bin"
    #expect(throws: CommandError(.cannotCreate, "\(path): cannot write to \(folder)/missing: No such file or directory")) {
      _ = try OutputFile(path, replacing: true)
    }
  }
}
