import CommandLineSupport
import NNQFormat
import Testing

@testable import NNQInput

@Suite struct PreprocessingOptionsTests {
  let table = ArgumentTable(tool: "t", summary: "", usages: [], options: PreprocessingOptions.options, examples: [])
  let stored = Preprocessing(colorOrder: .rgb, resize: .shorterSideThenCrop(256), mean: [1, 2, 3], std: [4, 5, 6])

  func options(_ line: String...) throws -> PreprocessingOptions { try PreprocessingOptions(table.parse(line)) }

  @Test func goesBeforeWhatTheModelStores() throws {
    #expect(try options().applied(to: stored, channels: 3) == stored)
    #expect(try options().applied(to: nil, channels: 1) == Preprocessing(colorOrder: .gray, resize: .stretch, mean: [0], std: [1]))
    let all = try options("--mean", "127", "--std=1,2,3", "--color", "bgr", "--resize", "stretch", "--layout", "nhwc")
    #expect(all.layout == .asStored)
    let expected = Preprocessing(colorOrder: .bgr, resize: .stretch, mean: [127, 127, 127], std: [1, 2, 3])
    #expect(try all.applied(to: stored, channels: 3) == expected)
    #expect(try options("--resize=crop:232").applied(to: stored, channels: 3).resize == .shorterSideThenCrop(232))
  }

  @Test(arguments: [
    ("--std=0", "--std: got [0.0], expected positive numbers"), ("--color=red", "--color: got \"red\", expected one of rgb, bgr, gray"),
    ("--resize=crop:0", "--resize: got \"crop:0\", expected stretch or crop:S with S = 1...65536"),
    ("--mean=1,2", "--mean: got 2 values, expected 1 or 3"), ("--color=gray", "--color gray does not fit 3 channels"),
  ])
  func refuses(option: String, message: String) {
    #expect(throws: UsageError(message)) { _ = try options(option).applied(to: stored, channels: 3) }
  }

  @Test func expectsOneValueForOneChannel() {
    #expect(throws: UsageError("--mean: got 2 values, expected 1")) { _ = try options("--mean=1,2").applied(to: nil, channels: 1) }
  }

  @Test func guessesTheLayoutOfAPicture() {
    #expect(Port.Layout.guess(shape: [3, 224, 224]) == .channelsFirst)
    #expect(Port.Layout.guess(shape: [32, 32, 3]) == .asStored)
    #expect(Port.Layout.guess(shape: [49, 10, 1]) == .asStored)
    #expect(Port.Layout.guess(shape: [1, 28, 28]) == .channelsFirst)
  }
}
