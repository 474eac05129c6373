import Testing

@testable import NNQConvert

@Suite struct PruningCostsTests {
  private let costs = [
    PruningCosts(weightCount: 1000, errors: [0.1, 0.2, 0.5, 1, 3]), PruningCosts(weightCount: 500, errors: [0.001, 0.002, 0.01, 0.1, 0.2]),
    PruningCosts(weightCount: 200, errors: [0, 0, 0, 0, 0]),
  ]

  @Test(arguments: [1, 100, 850, 1500, 1699]) func removalsAddUpExactly(removeCount: Int) {
    let removals = costs.removals(removeCount)
    #expect(removals.reduce(0, +) == removeCount)
    #expect(zip(removals, costs).allSatisfy { $0 >= 0 && $0 <= $1.weightCount })
  }

  @Test func layersThatMatterLessLoseMore() {
    let removals = costs.removals(850)
    #expect(Double(removals[0]) / 1000 < Double(removals[1]) / 500)
  }

  @Test func aLayerLosesNothingOrItsLeastShare() {
    let costs = [0.1, 0.2].map { PruningCosts(weightCount: 1000, errors: [$0, $0, $0, 2 * $0, 3 * $0], leastShare: 0.5) }
    let removals = costs.removals(500)
    #expect(removals == [500, 0])
    #expect(abs(costs[0].error(at: 0.1) - 0.1) < 1e-9)
  }

  @Test func errorsAreThoseMeasuredAndGrowInBetween() {
    for (share, error) in zip(PruningCosts.shares, [0.1, 0.2, 0.5, 1, 3]) { #expect(abs(costs[0].error(at: share) - error) < 1e-9) }
    let curve = (0...97).map { costs[1].error(at: Double($0) / 100) }
    #expect(zip(curve, curve.dropFirst()).allSatisfy { $0 <= $1 })
  }
}
