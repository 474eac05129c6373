import NNQFloat
import NNQInput
import TestSupport
import Testing

/// How much memory `nnconv` takes.
@Suite struct ConversionMemoryTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// 1 x 1 convolutions of a 128 x 128 picture, with activations of 512 KiB.
  private func pictureNet() throws -> FloatGraph {
    var graph = FloatGraph()
    let pointwise = FloatConv(strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0], groups: 1)
    let input = try graph.addInput(name: "picture", shape: [1, 1, 128, 128])
    let first = try graph.addConstant(name: "first", shape: [8, 1, 1, 1], values: (0..<8).map { 0.1 * Float($0) })
    let hidden = try graph.append(.conv(pointwise), name: "hidden", inputs: [input, first], outputName: "hidden")
    let second = try graph.addConstant(name: "second", shape: [2, 8, 1, 1], values: (0..<16).map { 0.1 * Float($0 % 5) })
    graph.outputs = [try graph.append(.conv(pointwise), name: "out", inputs: [hidden, second], outputName: "out")]
    return graph
  }

  private func peakBytes(sampleCount: Int) throws -> Int {
    let extent = 128 * 128
    let values = (0..<sampleCount * extent).map { Float($0 % 251) / 250 }
    let samples = folder.write(
      "\(sampleCount).npy", npyBytes(InputArray(shape: [sampleCount, 1, 128, 128], values: .float32(values))))
    return try Command(tool: "nnconv").peakBytes(
      ["--threads=1", "--quiet", "--force", "--prune=0.5", "--calib", samples, folder.path + "/float.nnq", folder.path + "/out.nnq"])
  }

  /// Held in memory, what the layers of 32 samples more give would take 35 MiB, as they are and in the float net.
  @Test func doesNotGrowWithTheNumberOfSamples() throws {
    try pictureNet().modelFile().write(to: folder.path + "/float.nnq")
    let (few, many) = (try peakBytes(sampleCount: 4), try peakBytes(sampleCount: 36))
    print("peak memory of a conversion with 4 samples: \(few >> 20) MiB, with 36: \(many >> 20) MiB")
    #expect(many < few + 8 << 20)
  }
}
