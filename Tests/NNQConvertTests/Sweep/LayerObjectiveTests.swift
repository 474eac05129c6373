import NNQFloat
import TestSupport
import Testing

@testable import NNQConvert

@Suite struct LayerObjectiveTests {
  /// Four rows of twelve weights for correlated inputs.
  private func objective(_ pattern: PrunePattern = .weights) -> LayerObjective {
    var random = SeededRandom(seed: 3)
    var moments = InputMoments(means: [Float](repeating: 0, count: 12))
    for _ in 0..<40 {
      var elements: [Float] = []
      let common = (0..<20).map { _ in Float.random(in: -1...1, using: &random) }
      for input in 0..<12 { elements += common.map { $0 * Float(input) / 6 + Float.random(in: -1...1, using: &random) } }
      moments.add(moments.products(of: FloatMatrix(rows: 12, columns: 20, elements: elements)), positions: 20)
    }
    let weights = (0..<48).map { _ in Float.random(in: -1...1, using: &random) }
    let groups = WeightGroups(pattern, order: Array(0..<12), channelCount: 12)
    return LayerObjective(moments, target: FloatMatrix(rows: 4, columns: 12, elements: weights), groups: groups, threads: 1)
  }

  private func error(_ objective: LayerObjective, _ weights: FloatMatrix) -> Double { objective.errors(of: weights).reduce(0, +) }

  @Test func theInverseFactorIsThatOfTheHessian() {
    let objective = objective()
    let factor = objective.inverseFactor
    let product = factor.transposed.times(factor).times(objective.hessian)
    for row in 0..<12 {
      for column in 0..<12 { #expect(abs(product.elements[row * 12 + column] - (row == column ? 1 : 0)) < 1e-3) }
    }
  }

  @Test(arguments: [1, 12, 24, 40]) func pruningCostsNoMoreThanThatOfTheSmallest(removeCount: Int) {
    let objective = objective()
    var descent = CoordinateDescent(objective, from: objective.target, threads: 1)
    descent.prune(to: removeCount, steps: 10)
    #expect(descent.weights.elements.count { $0 == 0 } == removeCount)
    var smallest = objective.target
    let order = smallest.elements.indices.sorted { abs(smallest.elements[$0]) < abs(smallest.elements[$1]) }
    for index in order.prefix(removeCount) { smallest.elements[index] = 0 }
    #expect(error(objective, descent.weights) <= error(objective, smallest))
  }

  @Test(arguments: [PrunePattern.block4, .nm2of4]) func aPatternCostsNoMoreThanTheSmallestThatFormIt(pattern: PrunePattern) {
    let objective = objective(pattern)
    var descent = CoordinateDescent(objective, from: objective.target, threads: 1)
    descent.prune(to: 24, steps: 10)
    #expect(descent.weights.elements.count { $0 == 0 } == 24)
    var smallest = objective.target
    let groups = objective.groups
    let isKept = groups.kept(groups.leveled(smallest.elements.map { $0 * $0 }), removing: 24)
    for index in isKept.indices where !isKept[index] { smallest.elements[index] = 0 }
    #expect(error(objective, descent.weights) <= error(objective, smallest))
    for row in 0..<4 {
      for group in groups.columns {
        let left = group.count { descent.weights.row(row)[row * 12 + $0] != 0 }
        #expect(pattern == .block4 ? left % 4 == 0 : left <= 2)
      }
    }
  }

  @Test(arguments: 2...8) func roundingCostsNoMoreThanTheNearestLevels(bits: Int) {
    let objective = objective()
    let scale = 1 / Double(WeightGrid.largestLevel(bits: bits))
    let grid = WeightGrid(scale: scale, multiplier: 256, shift: 0, bits: bits)
    let swept = RoundingSweep(objective: objective, grids: [WeightGrid](repeating: grid, count: 4), threads: 1).run(objective.target)
    var nearest = objective.target
    for index in nearest.elements.indices { nearest.elements[index] = grid.round(nearest.elements[index]) }
    #expect(swept.elements.allSatisfy { grid.round($0) == $0 })
    #expect(error(objective, swept) <= error(objective, nearest))
  }
}
