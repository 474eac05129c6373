import Testing

@testable import NNQConvert

@Suite struct SyntheticSamplesTests {
  private func samples(_ shapes: [[Int]], _ range: ClosedRange<Float> = -2.1179...2.64, seed: UInt64 = 0) -> [[[Float]]] {
    let samples = SyntheticSamples(shapes: shapes, range: range, seed: seed)
    var all: [[[Float]]] = []
    let keep: ([[Float]]) -> Void = { all.append($0) }
    samples.forEach(keep)
    return all
  }

  @Test func followFromTheSeed() {
    #expect(samples([[1, 3, 8, 6]]) == samples([[1, 3, 8, 6]]))
    #expect(samples([[1, 3, 8, 6]]) != samples([[1, 3, 8, 6]], seed: 1))
  }

  @Test(arguments: [[1, 3, 9, 7], [1, 12], [1, 5, 4], [1, 4, 1, 1], [1, 1]])
  func fillTheRangeAndDifferFromEachOther(shape: [Int]) {
    let all = samples([shape])
    #expect(all.count == 16)
    #expect(Set(all.map { $0[0] }).count == 16)
    let values = all.flatMap { $0[0] }
    #expect(all.allSatisfy { $0[0].count == shape.reduce(1, *) })
    #expect(values.allSatisfy { (-2.1179...2.64).contains($0) })
    #expect(values.min() ?? 0 < -1.6)
    #expect(values.max() ?? 0 > 2.1)
  }

  @Test func integersAreRowsOfATable() {
    var all: [[Float]] = []
    let samples = SyntheticSamples(shapes: [[1, 40], [1, 2]], indexCounts: [5, nil], range: 0...1, seed: 0)
    let keep: ([[Float]]) -> Void = { all.append($0[0]) }
    samples.forEach(keep)
    #expect(Set(all.joined()) == [0, 1, 2, 3, 4])
  }

  @Test func inputsAreIndependent() {
    let all = samples([[1, 2, 3, 3], [1, 2, 3, 3]])
    #expect(all.allSatisfy { $0.count == 2 && $0[0] != $0[1] })
  }
}
