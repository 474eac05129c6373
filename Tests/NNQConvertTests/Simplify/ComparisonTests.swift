import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct ComparisonTests {
  @Test(arguments: [FloatBinary.equal, .less, .lessOrEqual]) func twoActivationsAreSubtracted(comparison: FloatBinary) throws {
    var net = TestNet()
    let x = try net.input([1, 2, 6])
    let source = try net.finish(net.binary(comparison, x, net.append(.reduce(.max, axes: [2]), x)))
    var graph = source
    #expect(graph.simplify().count == 1)
    #expect(graph.nodes.map(\.operation) == [.reduce(.max, axes: [2]), .binary(.sub), .binary(comparison)])
    #expect(try graph.largestDifference(from: source) == 0)
    #expect(LayerGraph(graph).layers.map(\.kind) == ["reduce", "sub", "table"])
  }

  @Test func aNumberIsComparedWithByATable() throws {
    var net = TestNet()
    let x = try net.input([1, 6])
    let source = try net.finish(net.binary(.mask, net.append(.unary(.relu), x), net.binary(.less, x, net.constant([], [0.1]))))
    var graph = source
    #expect(graph.simplify() == [])
    #expect(LayerGraph(graph).layers.map(\.kind) == ["table"])
  }
}
