import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct SaturatedRangesTests {
  /// The range of a convolution's output in -8...4 when all that reads it is `functions`.
  private func range(_ isAlsoOutput: Bool = false, _ functions: FloatUnary...) throws -> ClosedRange<Double>? {
    var net = TestNet()
    let x = try net.conv(net.input([1, 2, 3, 3]), 2)
    let outputs = try functions.map { try net.append(.unary($0), x) }
    var graph = net.finish(outputs[0])
    graph.outputs = outputs + (isAlsoOutput ? [x] : [])
    var ranges = [ClosedRange<Double>?](repeating: -1...4, count: graph.values.count)
    ranges[x] = -8...4
    return try LayerGraph(graph).withoutSaturatedEnds(ranges)[x]
  }

  @Test func leavesOutWhereAFunctionIsFlat() throws {
    let hardSwish = try #require(try range(false, .hardSwish))
    #expect(hardSwish.upperBound == 4 && abs(hardSwish.lowerBound + 3) < 0.02)
    let hardSigmoid = try #require(try range(false, .hardSigmoid(alpha: 0.5, beta: 0.5)))
    #expect(abs(hardSigmoid.lowerBound + 1) < 0.02 && abs(hardSigmoid.upperBound - 1) < 0.02)
    let sigmoid = try #require(try range(false, .sigmoid))
    #expect(sigmoid.lowerBound < -4 && sigmoid.lowerBound > -6 && sigmoid.upperBound > 3)
  }

  @Test func keepsWhatAnyReaderTellsApart() throws {
    #expect(try range(false, .hardSwish, .leakyRelu(alpha: 0.5)) == -8...4)
    #expect(try range(true, .hardSwish) == -8...4)
    #expect(try range(false, .function(.neg)) == -8...4)
  }

  @Test func holdsZero() throws {
    #expect(try range(false, .clip(lo: -9, hi: -2))?.contains(0) == true)
    #expect(try range(false, .clip(lo: 10, hi: 11)) == -8...4, "flat everywhere")
  }
}
