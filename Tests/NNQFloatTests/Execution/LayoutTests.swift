import NNQFloat
import Testing

@Suite struct LayoutTests {
  private let x = (0..<24).map(Float.init)

  @Test func transposePermutesAxes() throws {
    let y = try evaluate(.transpose(permutation: [2, 0, 1]), [([2, 3, 4], x)])
    #expect(y.shape == [4, 2, 3])
    #expect(y.elements == [0, 4, 8, 12, 16, 20, 1, 5, 9, 13, 17, 21, 2, 6, 10, 14, 18, 22, 3, 7, 11, 15, 19, 23])
  }

  @Test func transposeMayKeepAxesTogether() throws {
    let y = try evaluate(.transpose(permutation: [1, 2, 0]), [([2, 3, 4], x)])
    #expect(y.shape == [3, 4, 2])
    #expect(y.elements == [0, 12, 1, 13, 2, 14, 3, 15, 4, 16, 5, 17, 6, 18, 7, 19, 8, 20, 9, 21, 10, 22, 11, 23])
  }

  @Test func padFillsWithItsValue() throws {
    let y = try evaluate(.pad(before: [0, 1], after: [1, 0], value: 9), [([2, 2], [1, 2, 3, 4])])
    #expect(y.shape == [3, 3])
    #expect(y.elements == [9, 1, 2, 9, 3, 4, 9, 9, 9])
  }

  @Test func sliceTakesStridedElements() throws {
    let y = try evaluate(.slice(begin: [0, 1, 1], step: [1, 1, 2]), [([2, 3, 4], x)], outputShape: [2, 2, 2])
    #expect(y.elements == [5, 7, 9, 11, 17, 19, 21, 23])
  }

  @Test func concatJoinsAlongItsAxis() throws {
    let y = try evaluate(.concat(axis: 1), [([2, 1], [1, 2]), ([2, 2], [3, 4, 5, 6]), ([2, 1], [7, 8])])
    #expect(y.shape == [2, 4])
    #expect(y.elements == [1, 3, 4, 7, 2, 5, 6, 8])
  }

  @Test func reshapeKeepsTheElements() throws {
    let y = try evaluate(.reshape, [([2, 3, 4], x)], outputShape: [24])
    #expect(y.elements == x)
  }
}
