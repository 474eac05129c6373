import Testing

@testable import NNQConvert

@Suite struct MemoryOrderTests {
  private func loops(_ pairs: (Int, Int)...) -> MemoryOrder { MemoryOrder(pairs.map { MemoryOrder.Loop(extent: $0.0, stride: $0.1) }) }

  @Test func ordersThatAreTheSameAreEqual() {
    #expect(MemoryOrder([1, 3, 4, 5], axes: [0, 1, 2, 3]) == .rowMajor([1, 60]))
    #expect(MemoryOrder([1, 3, 4, 5], axes: [0, 2, 3, 1]) == loops((20, 1), (3, 20)))
    #expect(MemoryOrder([1, 3, 1, 1], axes: [0, 2, 3, 1]) == .rowMajor([3]))
    #expect(loops((2, 6), (1, 99), (6, 1)) == .rowMajor([12]))
  }

  /// H,W,C in memory of a picture whose channels are 2 x 3 in a reshape, and its pixels 4 x 5.
  @Test func reshapesCutLoops() {
    let order = loops((20, 1), (6, 20))
    #expect(order.parts(of: [1, 6, 20]) == [AxisPart(axis: 2, extent: 20, step: 1), AxisPart(axis: 1, extent: 6, step: 1)])
    #expect(
      order.parts(of: [2, 3, 4, 5])
        == [(2, 4), (3, 5), (0, 2), (1, 3)].map { AxisPart(axis: $0.0, extent: $0.1, step: 1) })
    #expect(order.parts(of: [120]) == [AxisPart(axis: 0, extent: 20, step: 1), AxisPart(axis: 0, extent: 6, step: 20)])
    #expect(order.parts(of: [8, 15]) == nil, "15 elements are no whole number of rows of 20")
  }

  @Test func indicesAreThoseOfTheValue() {
    #expect(loops((3, 1), (2, 3)).indices == [0, 3, 1, 4, 2, 5])
    #expect([AxisPart(axis: 1, extent: 2, step: 1), AxisPart(axis: 1, extent: 2, step: 2)].indices == [0, 2, 1, 3])
    #expect(MemoryOrder.rowMajor([1]).indices == [0])
  }

  @Test func transpositionsKeepRunsTogether() throws {
    let (source, target) = (MemoryOrder([5, 2, 3, 4], axes: [0, 1, 2, 3]), MemoryOrder([5, 2, 3, 4], axes: [0, 2, 3, 1]))
    let transposition = Transposition(
      from: try #require(source.loops(cutBy: target)), to: try #require(target.loops(cutBy: source)))
    #expect(transposition.extents == [5, 2, 12])
    #expect(transposition.permutation == [0, 2, 1])
    #expect(transposition.block?.prefix(4) == [0, 12, 1, 13])
  }

  @Test func longRunsAreNoBlocks() throws {
    let (source, target) = (MemoryOrder([5, 2, 3, 8], axes: [0, 1, 2, 3]), MemoryOrder([5, 2, 3, 8], axes: [0, 2, 1, 3]))
    let transposition = Transposition(
      from: try #require(source.loops(cutBy: target)), to: try #require(target.loops(cutBy: source)))
    #expect(transposition.permutation == [0, 2, 1, 3])
    #expect(transposition.block == nil)
  }
}
