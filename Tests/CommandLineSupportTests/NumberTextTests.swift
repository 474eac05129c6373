import Testing

@testable import CommandLineSupport

@Suite struct NumberTextTests {
  @Test(arguments: [
    (0.0, 2, "0.00"), (2.345, 1, "2.3"), (0.05, 1, "0.1"), (-0.004, 2, "0.00"), (-1.5, 0, "-2"), (1234.5678, 3, "1234.568"),
    (1e300, 2, "1e+300"),
    (.nan, 1, "nan"),
  ])
  func showsAFixedCountOfDecimals(value: Double, decimals: Int, text: String) {
    #expect(fixed(value, decimals) == text)
  }

  @Test func alignsColumns() {
    #expect(table([["name", "ms"], ["a", "10.5"]], right: [1]) == "name    ms\na     10.5")
  }
}
