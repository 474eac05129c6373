import TestSupport
import Testing

@testable import NNQInput

@Suite struct LabelsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func readsNumbersOfEveryFormat() throws {
    #expect(try readLabels(folder.write("a.npy", npyBytes(InputArray(shape: [3], values: .int64([0, 7, 2]))))) == [0, 7, 2])
    #expect(try readLabels(folder.write("a.idx", [0, 0, 8, 1, 0, 0, 0, 2, 9, 255])) == [9, 255])
    #expect(try readLabels(folder.write("a.txt", Array("3\n 12 \r\n0\n".utf8))) == [3, 12, 0])
  }

  @Test func refusesWhatIsNoClassNumber() {
    let text = folder.write("a.txt", Array("3\ncat\n".utf8))
    #expect(throws: InputError(.malformed, text, "line 2", got: "\"cat\"", expected: "a class number")) { _ = try readLabels(text) }
    let negative = folder.write("n.npy", npyBytes(InputArray(shape: [1], values: .int8([-1]))))
    #expect(throws: InputError(.mismatch, negative, "label", got: "-1", expected: "0 or more")) { _ = try readLabels(negative) }
    let binary = folder.write("b.txt", [0xFF, 0xFE, 0x31])
    #expect(throws: InputError(.malformed, binary, "is no text in UTF-8")) { _ = try readLabels(binary) }
    let photo = folder.write("cat.jpg", [])
    let unnumbered = InputError(
      .mismatch, photo, "the file's name does not begin with a class number", remedy: "name it like 12_cat.jpg")
    #expect(throws: unnumbered) { _ = try readLabels(folder.path) }
  }
}
