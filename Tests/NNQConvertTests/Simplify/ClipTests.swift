import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct ClipTests {
  @Test func extremaWithANumberAreClips() throws {
    var net = TestNet()
    let conv = try net.conv(net.input([1, 2, 3, 3]), 2)
    let atLeast = try net.binary(.maximum, net.constant([1], [0]), conv)
    let source = try net.finish(net.binary(.minimum, atLeast, net.constant([], [0.5])))
    var graph = source
    #expect(graph.simplify() == ["binary1: recognised as a clip", "binary2: recognised as a clip"])
    #expect(graph.nodes.map(\.operation).dropFirst() == [.unary(.clip(lo: 0, hi: .infinity)), .unary(.clip(lo: -.infinity, hi: 0.5))])
    #expect(try graph.largestDifference(from: source) == 0)
    #expect(LayerGraph(graph).layers.map(\.clamp) == [0...0.5])
  }

  @Test func otherExtremaStay() throws {
    var net = TestNet()
    let x = try net.input([1, 2])
    let perChannel = try net.binary(.maximum, x, net.constant([2]))
    let growing = try net.binary(.maximum, perChannel, net.constant([1, 1, 1]))
    var graph = try net.finish(net.binary(.minimum, growing, x))
    let source = graph
    #expect(graph.simplify() == [])
    #expect(graph == source)
  }
}
