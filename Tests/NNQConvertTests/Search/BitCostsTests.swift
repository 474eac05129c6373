import Testing

@testable import NNQConvert

@Suite struct BitCostsTests {
  private func costs(_ layer: String, _ count: Int, _ errors: [Double]) -> BitCosts {
    BitCosts(layer: layer, weightCount: count, errors: errors)
  }

  @Test func takesBitsWhereTheyCostLeastForTheirBytes() {
    let errors = [0, 1, 1.1, 1.2, 1.3, 1.4]
    let (small, large) = (costs("small", 8, errors), costs("large", 800, errors))
    let path = [small, large].path(from: WeightBits())
    #expect(path.map { $0.bits["large"] } == [nil, 2, 2])
    #expect(path.map { $0.bits["small"] } == [nil, nil, 2])
  }

  @Test func stepsOverBitsThatSaveLittle() {
    let path = [costs("a", 80, [0, 9, 9.1, 9.2, 40, 90])].path(from: WeightBits())
    #expect(path.map { $0.bits["a"] } == [nil, 4, 3, 2])
  }

  @Test func fewerBitsNeverCostLess() {
    #expect(costs("a", 1, [0, 3, 2, 5, 4, 6]).errors == [0, 3, 3, 5, 5, 6])
  }
}
