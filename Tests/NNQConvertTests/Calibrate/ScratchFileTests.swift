import Foundation
import TestSupport
import Testing

@testable import NNQConvert

@Suite struct ScratchFileTests {
  @Test func givesBackWhatEachSampleWrote() throws {
    let file = try ScratchFile()
    let (first, second) = (file.activation(elementCount: 3, sampleCount: 2), file.activation(elementCount: 1, sampleCount: 1))
    try first.write([4, 5, 6], sample: 1)
    try second.write([7], sample: 0)
    try first.write([1, 2, 3], sample: 0)
    #expect(try first.read(sample: 0) == [1, 2, 3])
    #expect(try first.read(sample: 1) == [4, 5, 6])
    #expect(try second.read(sample: 0) == [7])
  }

  @Test func leavesNoFile() throws {
    let folder = try TemporaryFolder()
    let file = try ScratchFile(folder: folder.path)
    try file.activation(elementCount: 1, sampleCount: 1).write([1], sample: 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func aFolderThatIsMissingIsAnError() throws {
    let error = #expect(throws: ConvertError.self) { try ScratchFile(folder: "/nowhere") }
    #expect(error?.code == .scratch)
    #expect(error?.reason == "cannot create a file in /nowhere: No such file or directory")
  }
}
