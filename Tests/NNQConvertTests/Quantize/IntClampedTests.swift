import Testing

@testable import NNQConvert

@Suite struct IntClampedTests {
  @Test(arguments: [(3.0, 3), (-7, -5), (1e300, 9), (.infinity, 9), (-.infinity, -5), (.nan, -5)] as [(Double, Int)])
  func everyNumberIsInTheRange(value: Double, expected: Int) {
    #expect(Int(value, clampedTo: -5...9) == expected)
  }
}
