import NNQFloat
import Testing

@Suite struct ElementwiseTests {
  @Test func unaryFunctions() throws {
    func y(_ function: FloatUnary, _ x: [Float]) throws -> [Float] { try evaluate(.unary(function), [([x.count], x)]).elements }
    #expect(try y(.relu, [-2, 0, 3]) == [0, 0, 3])
    #expect(try y(.clip(lo: -1, hi: 6), [-2, 0, 7]) == [-1, 0, 6])
    #expect(try y(.leakyRelu(alpha: 0.25), [-2, 0, 3]) == [-0.5, 0, 3])
    #expect(try y(.hardSigmoid(alpha: 0.25, beta: 0.5), [-4, -1, 0, 9]) == [0, 0.25, 0.5, 1])
    #expect(try y(.hardSwish, [-4, 0, 4]) == [0, 0, 4])
    #expect(try y(.sigmoid, [0, 1, -80, 100]) == [0.5, 0.7310586, 1.8048513e-35, 1])
    #expect(try y(.tanh, [0, 1, -1, 1e-6, 20]) == [0, 0.7615942, -0.7615942, 1e-6, 1])
  }

  @Test func binaryFunctions() throws {
    func y(_ function: FloatBinary) throws -> [Float] {
      try evaluate(.binary(function), [([2], [6, -4]), ([2], [3, 8])]).elements
    }
    #expect(try y(.add) == [9, 4])
    #expect(try y(.sub) == [3, -12])
    #expect(try y(.mul) == [18, -32])
    #expect(try y(.div) == [2, -0.5])
  }

  @Test func comparisonsGiveOneOrZero() throws {
    func y(_ function: FloatBinary) throws -> [Float] {
      try evaluate(.binary(function), [([4], [1, 2, 3, .nan]), ([1], [2])]).elements
    }
    #expect(try y(.equal) == [0, 1, 0, 0])
    #expect(try y(.less) == [1, 0, 0, 0])
    #expect(try y(.lessOrEqual) == [1, 1, 0, 0])
    let masked = try evaluate(.binary(.mask), [([4], [5, .infinity, .nan, -2]), ([4], [1, 0, 0, 1])]).elements
    #expect(masked == [5, 0, 0, -2])
  }

  @Test func binaryBroadcastsAsNumpyDoes() throws {
    let matrix: [Float] = [1, 2, 3, 4, 5, 6]
    let row = try evaluate(.binary(.sub), [([2, 3], matrix), ([3], [1, 1, 2])])
    #expect(row.elements == [0, 1, 1, 3, 4, 4])
    let column = try evaluate(.binary(.sub), [([2, 1], [10, 20]), ([2, 3], matrix)])
    #expect(column.elements == [9, 8, 7, 16, 15, 14])
    let outer = try evaluate(.binary(.mul), [([3, 1], [1, 2, 3]), ([1, 1, 2], [5, 7])])
    #expect(outer.shape == [1, 3, 2])
    #expect(outer.elements == [5, 7, 10, 14, 15, 21])
    let scalar = try evaluate(.binary(.add), [([], [1]), ([2, 1], [5, 7])])
    #expect(scalar.elements == [6, 8])
  }

  @Test func batchNormalizationIsPerChannel() throws {
    let y = try evaluate(
      .batchNormalization(epsilon: 1),
      [([1, 2, 2], [1, 2, 3, 4]), ([2], [2, 4]), ([2], [0.5, -1]), ([2], [1, 2]), ([2], [3, 15])])
    #expect(y.elements == [0.5, 1.5, 0, 1])
  }

  @Test(arguments: [0, 1, 2]) func softmaxNormalisesItsAxis(axis: Int) throws {
    let x = (0..<24).map { Float($0 * 7 % 11) * 40 - 100 }
    let y = try evaluate(.softmax(axis: axis), [([2, 3, 4], x)]).elements
    let step = [12, 4, 1][axis]
    let length = [2, 3, 4][axis]
    for first in 0..<24 where first / step % length == 0 {
      let row = (0..<length).map { first + $0 * step }
      #expect(abs(row.reduce(0) { $0 + y[$1] } - 1) < 1e-6)
      for (a, b) in zip(row, row.dropFirst()) { #expect((x[a] < x[b]) == (y[a] < y[b]) || abs(y[a] - y[b]) < 1e-30) }
    }
  }

  @Test func softmaxOfEqualElementsIsUniform() throws {
    #expect(try evaluate(.softmax(axis: 0), [([4], [7, 7, 7, 7])]).elements == [0.25, 0.25, 0.25, 0.25])
  }
}
