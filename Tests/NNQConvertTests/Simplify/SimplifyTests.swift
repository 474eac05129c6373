import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct SimplifyTests {
  @Test func dropsReshapesAndTransposesThatChangeNothing() throws {
    var net = TestNet()
    let x = try net.input([1, 2, 3, 4])
    let same = try net.append(.transpose(permutation: [0, 1, 2, 3]), net.reshape(x, [1, 2, 3, 4]))
    let source = try net.finish(net.relu(same))
    var graph = source
    _ = graph.simplify()
    #expect(graph.words == ["unary"])
    #expect(try graph.largestDifference(from: source) == 0)
  }

  @Test func keepsAnIdentityThatIsAnOutput() throws {
    var net = TestNet()
    let source = try net.finish(net.reshape(net.relu(net.input([1, 4])), [1, 4]))
    var graph = source
    #expect(graph.simplify() == [])
    #expect(graph == source)
  }

  @Test func removesWhatNoOutputNeeds() throws {
    var net = TestNet()
    let x = try net.input([1, 4])
    _ = try net.dense(x, 3)
    var graph = try net.finish(net.relu(x))
    _ = graph.simplify()
    #expect(graph.words == ["unary"])
    #expect(graph.values.count == 2)
  }

  @Test func doesNothingToASimpleNet() throws {
    var net = TestNet()
    let source = try net.finish(net.batchNormalization(net.conv(net.input([1, 3, 4, 4]), 4)))
    var graph = source
    _ = graph.simplify()
    let simple = graph
    #expect(graph.simplify() == [])
    #expect(graph == simple)
  }

  @Test func leavesALayerWithWeightsOrBiasFromTheNetAsItIs() throws {
    var net = TestNet()
    let bias = try net.input([4], name: "bias")
    let dense = try net.append(.dense, net.input([1, 3]), net.constant([4, 3]), bias)
    let source = try net.finish(net.append(.binary(.mul), dense, net.constant([4])))
    var graph = source
    #expect(graph.simplify() == [])
    #expect(graph == source)
  }

  @Test func computesWhatIsConstant() throws {
    var net = TestNet()
    let (x, a) = (try net.input([1, 2]), try net.constant([2], [1, -2]))
    let folded = try net.append(.binary(.mul), net.relu(a), net.constant([], [3]))
    var graph = try net.finish(net.append(.binary(.add), x, folded))
    #expect(graph.simplify().count == 2)
    #expect(graph.words == ["binary"])
    #expect(graph.values.contains { $0.constant == [3, 0] })
  }

  @Test func leavesConstantsThatWouldGrow() throws {
    var net = TestNet()
    let x = try net.input([1, 600, 600])
    let grown = try net.append(.binary(.add), net.constant([600, 1]), net.constant([1, 600]))
    var graph = try net.finish(net.append(.binary(.add), x, grown))
    #expect(graph.simplify().isEmpty)
    #expect(graph.words == ["binary", "binary"])
  }
}
