import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct MovementTests {
  private func simplified(_ graph: FloatGraph) throws -> FloatGraph {
    var simplified = graph
    _ = simplified.simplify()
    #expect(try simplified.largestDifference(from: graph) < 1e-5)
    #expect(simplified.outputs.map { simplified.values[$0].shape } == graph.outputs.map { graph.values[$0].shape })
    _ = try simplified.modelFile()
    return simplified
  }

  @Test func clampsComeBeforeMovesOfAProduct() throws {
    var net = TestNet()
    let rows = try net.reshape(net.append(.transpose(permutation: [0, 2, 3, 1]), net.conv(net.input([1, 2, 3, 3]), 4)), [1, 9, 4])
    #expect(try simplified(net.finish(net.relu(rows))).words == ["conv", "unary", "transpose", "reshape"])
  }

  @Test func clampsStayWhereAnotherReadsTheProduct() throws {
    var net = TestNet()
    let rows = try net.reshape(net.conv(net.input([1, 2, 3, 3]), 4), [1, 4, 9])
    #expect(try simplified(net.finish(net.relu(rows), rows)).words == ["conv", "reshape", "unary"])
    var small = TestNet()
    let part = try small.append(
      .slice(begin: [0, 0, 0, 0], step: [1, 1, 1, 1]), small.conv(small.input([1, 2, 3, 3]), 4), shape: [1, 1, 3, 3])
    #expect(try simplified(small.finish(small.relu(part))).words == ["conv", "slice", "unary"], "a quarter is cheaper to clamp")
  }

  @Test func zerosJoinedAtAnEndArePadding() throws {
    var net = TestNet()
    let graph = try net.finish(net.append(.concat(axis: 1), net.input([1, 2, 3]), net.constant([1, 2, 3], [0, 0, 0, 0, 0, 0])))
    let result = try simplified(graph)
    #expect(result.nodes.map(\.operation) == [.pad(before: [0, 0, 0], after: [0, 2, 0], value: 0)])
  }

  /// A token that a transformer puts before all others.
  @Test func otherConstantsAreAddedToThePadding() throws {
    var net = TestNet()
    let graph = try net.finish(net.append(.concat(axis: 1), net.constant([1, 1, 3]), net.input([1, 2, 3]), net.constant([1, 2, 3])))
    #expect(try simplified(graph).words == ["pad", "binary"])
    var two = TestNet()
    let x = try two.input([1, 2, 3])
    #expect(try simplified(two.finish(two.append(.concat(axis: 2), x, x, two.constant([1, 2, 1])))).words == ["concat", "pad", "binary"])
  }

  @Test func constantsBetweenActivationsStay() throws {
    var net = TestNet()
    let x = try net.input([1, 2])
    #expect(try simplified(net.finish(net.append(.concat(axis: 1), x, net.constant([1, 1]), x))).words == ["concat"])
  }
}
