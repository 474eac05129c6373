import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct GridGroupsTests {
  @Test func candidatesAreReadByOperatorsOfBothWidths() throws {
    var net = TestNet()
    let x = try net.input([1, 4])
    let logits = try net.dense(x, 4)
    let flat = try net.reshape(logits, [1, 4, 1])
    let softmax = try net.append(.softmax(axis: 1), flat)
    let other = try net.dense(logits, 2)
    let groups = LayerGraph(net.finish(softmax, other)).groups
    // Softmax profits from 16 bits, the dense layer takes 8; the outputs are the user's alone.
    #expect(groups.candidates == [logits])
    #expect(groups.free == [softmax, other])
  }

  @Test func whatIsReadAs8BitsAloneIsNoCandidate() throws {
    var net = TestNet()
    let hidden = try net.dense(net.input([1, 4]), 4)
    let groups = try LayerGraph(net.finish(net.dense(hidden, 2))).groups
    #expect(groups.candidates.isEmpty)
  }

  @Test func membersAreAllThatShareAGrid() throws {
    var net = TestNet()
    let logits = try net.dense(net.input([1, 4]), 4)
    let flat = try net.reshape(logits, [1, 4, 1])
    let layers = try LayerGraph(net.finish(net.append(.softmax(axis: 1), flat), net.dense(logits, 2)))
    #expect(GridGroups(layers).members(of: [flat], in: layers) == [logits, flat])
  }

  @Test func disjointSetsKeepTheSmallestRepresentative() {
    var sets = UnionFind(count: 6)
    sets.unite(4, 2)
    sets.unite(5, 4)
    sets.unite(0, 1)
    #expect((0..<6).map { sets.find($0) } == [0, 0, 2, 3, 2, 2])
  }
}

extension LayerGraph {
  /// Candidates and groups that are wide without measurement.
  fileprivate var groups: (candidates: [Int], free: Set<Int>) {
    let groups = GridGroups(self)
    return (groups.widthCandidates(self), groups.freelyWide(self))
  }
}
