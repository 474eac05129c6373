import NNQFloat
import Testing

@Suite struct PoolTests {
  private let x: [Float] = [1, 2, 3, -4, -5, -6, 7, 8, 9]

  @Test func maxPoolLeavesPaddingOut() throws {
    let window = FloatWindow(kernel: [2, 2], strides: [2, 2], pads: [1, 1, 0, 0])
    let y = try evaluate(.maxPool(window), [([1, 1, 3, 3], x.map { -$0 })])
    #expect(y.shape == [1, 1, 2, 2])
    #expect(y.elements == [-1, -2, 4, 6])
  }

  @Test func averagePoolDividesByTheElementsInTheInput() throws {
    let window = FloatWindow(kernel: [2, 2], strides: [2, 2], pads: [1, 1, 0, 0])
    let y = try evaluate(.averagePool(window, countIncludePad: false), [([1, 1, 3, 3], x)])
    #expect(y.elements == [1, 2.5, 1.5, 1.5])
  }

  @Test func averagePoolMayCountPadding() throws {
    let window = FloatWindow(kernel: [2, 2], strides: [2, 2], pads: [1, 1, 0, 0])
    let y = try evaluate(.averagePool(window, countIncludePad: true), [([1, 1, 3, 3], x)])
    #expect(y.elements == [0.25, 1.25, 0.75, 1.5])
  }

  @Test func poolsHaveOneSpatialAxisToo() throws {
    let window = FloatWindow(kernel: [3], strides: [2], pads: [0, 0])
    let y = try evaluate(.maxPool(window), [([1, 1, 9], x)])
    #expect(y.shape == [1, 1, 4])
    #expect(y.elements == [3, 3, 7, 9])
  }

  @Test func globalAveragePoolKeepsAxes() throws {
    let y = try evaluate(.globalAveragePool, [([1, 2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 10])])
    #expect(y.shape == [1, 2, 1, 1])
    #expect(y.elements == [2.5, 7])
  }
}
