import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct MatMulScaleTests {
  private func simplified(_ build: (inout TestNet, Int, Int) throws -> Int) throws -> (graph: FloatGraph, source: FloatGraph) {
    var net = TestNet()
    let (a, b) = (try net.input([1, 2, 3], name: "a"), try net.input([1, 3, 4], name: "b"))
    let source = try net.finish(build(&net, a, b))
    var graph = source
    _ = graph.simplify()
    return (graph, source)
  }

  @Test func factorsOfOperandsAndProductBecomeOne() throws {
    let (graph, source) = try simplified { net, a, b in
      let half = try net.append(.binary(.mul), a, net.constant([], [0.5]))
      let product = try net.append(.matMul(scale: 1), half, net.append(.binary(.div), b, net.constant([1], [4])))
      return try net.append(.binary(.mul), net.constant([], [3]), product)
    }
    #expect(graph.nodes.map(\.operation) == [.matMul(scale: 0.375)])
    #expect(try graph.largestDifference(from: source) < 1e-6)
  }

  @Test func aProductThatIsUsedTwiceKeepsItsFactor() throws {
    let (graph, _) = try simplified { net, a, b in
      let product = try net.append(.matMul(scale: 1), a, b)
      return try net.add(product, net.append(.binary(.mul), product, net.constant([], [3])))
    }
    #expect(graph.words == ["matMul", "binary", "binary"])
  }

  @Test(arguments: [-1, 0, .infinity] as [Float]) func otherFactorsStay(factor: Float) throws {
    let (graph, _) = try simplified { net, a, b in
      try net.append(.matMul(scale: 1), net.append(.binary(.mul), a, net.constant([], [factor])), b)
    }
    #expect(graph.words == ["binary", "matMul"])
  }

  @Test func aDividedNumberStays() throws {
    let (graph, _) = try simplified { net, a, b in
      try net.append(.matMul(scale: 1), net.append(.binary(.div), net.constant([], [2]), a), b)
    }
    #expect(graph.words == ["binary", "matMul"])
  }
}
