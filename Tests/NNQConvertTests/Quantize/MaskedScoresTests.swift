import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct MaskedScoresTests {
  /// The range of a sum in -1001...1, of values in -1...1 and a constant that is -1000 in one place, for a reader.
  private func range(readBy reader: (inout TestNet, Int) throws -> Int) throws -> ClosedRange<Double>? {
    var net = TestNet()
    let mask = try net.constant([4, 4], (0..<16).map { $0 == 3 ? -1000 : 0 })
    let sum = try net.add(net.input([1, 4, 4]), mask)
    let graph = try net.finish(reader(&net, sum))
    var ranges = [ClosedRange<Double>?](repeating: -1...1, count: graph.values.count)
    ranges[sum] = -1001...1
    return LayerGraph(graph).withoutMaskedScores(ranges)[sum]
  }

  @Test func leavesOutWhatSoftmaxGivesNothing() throws {
    #expect(try range { net, sum in try net.append(.softmax(axis: 2), sum) } == -13...1)
  }

  @Test func keepsWhatOthersRead() throws {
    #expect(try range { net, sum in try net.dense(sum, 2) } == -1001...1)
    #expect(try range { net, sum in sum } == -1001...1, "the net's user")
    #expect(try range { net, sum in try net.add(net.dense(net.input([1, 4, 4], name: "y"), 4), sum) } == -1001...1, "a residual")
  }
}
