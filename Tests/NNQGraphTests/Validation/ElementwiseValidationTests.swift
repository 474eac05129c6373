import NNQFormat
import NNQGraph
import Testing

/// Spec: operators.md 3.2 to 3.5.
@Suite struct ElementwiseValidationTests {
  private let shapes = Refusal(.shapeMismatch, at: "y")
  private let types = Refusal(.operandType, at: "y")
  private let ranges = Refusal(.attributeRange, at: "y")
  private let image = Tensor.activation("x", [1, 4, 4, 2])

  private func refusal(_ operation: NNQGraph.Operation, _ operands: [Tensor], _ y: Tensor) -> Refusal? {
    Graph(operation, operands, y).refusal
  }

  private static let average = AveragePool(window: Window(2, 2), countIncludePad: false, multiplier: 1 << 20, shift: 20)

  @Test(arguments: [NNQGraph.Operation.maxPool(Window(2, 2)), .averagePool(average)])
  func poolsTakeOneImage(pool: NNQGraph.Operation) {
    let y = Tensor.activation("y", [1, 3, 3, 2])
    #expect(refusal(pool, [image], y) == nil)
    #expect(refusal(pool, [image, .activation("x2", [1, 1])], y) == Refusal(.operandCount, at: "y"))
    #expect(refusal(pool, [.activation("x", [1, 4, 4, 2], .s16)], .activation("y", [1, 3, 3, 2], .s16)) == nil)
    #expect(refusal(pool, [.constant("x", [1, 4, 4, 2], .u8, Array(0..<32))], y) == types)
    #expect(refusal(pool, [.activation("x", [1, 4, 8])], y) == shapes)
    #expect(refusal(pool, [image], .activation("y", [1, 3, 3, 1])) == shapes)
    #expect(refusal(pool, [image], .activation("y", [1, 2, 3, 2])) == shapes)
  }

  @Test func poolsBoundTheirPadding() {
    func padded(_ padding: Int) -> Refusal? {
      let window = Window(2, 2, padding: Padding2D(top: 0, left: 0, bottom: padding, right: 0))
      return refusal(.maxPool(window), [image], .activation("y", [1, 3 + padding, 3, 2]))
    }
    #expect(padded(1) == nil)
    #expect(padded(2) == ranges, "a window would hold padding only")
    #expect(refusal(.maxPool(Window(5, 1)), [image], .activation("y", [1, 1, 4, 2])) == shapes, "the window is higher than x")
  }

  @Test func maxPoolKeepsTheQuantization() {
    let refused = Refusal(.quantizationMismatch, at: "y")
    let pool = NNQGraph.Operation.maxPool(Window(2, 2))
    #expect(refusal(pool, [image], .activation("y", [1, 3, 3, 2], zeroPoint: 1)) == refused)
    #expect(refusal(pool, [image], .activation("y", [1, 3, 3, 2], scale: 2)) == refused)
    #expect(refusal(pool, [image], .activation("y", [1, 3, 3, 2], .s16)) == refused)
  }

  @Test func averagePoolBoundsItsWindowAndFactor() {
    func refusal(_ kernel: Extent2D, multiplier: Int32 = 1, shift: Int32 = 1) -> Refusal? {
      let window = Window(kernel: kernel, stride: .unit, padding: .none)
      let pool = AveragePool(window: window, countIncludePad: true, multiplier: multiplier, shift: shift)
      return Graph(.averagePool(pool), [.activation("x", [1, 1025, 1024, 1])], .activation("y", [1, 1026 - kernel.height, 1, 1])).refusal
    }
    let largest = Extent2D(height: 1024, width: 1024)
    #expect(refusal(largest, multiplier: Int32.max, shift: 46) == nil)
    #expect(refusal(Extent2D(height: 1025, width: 1024)) == ranges)
    #expect(refusal(largest, multiplier: 0) == ranges)
    #expect(refusal(largest, shift: 0) == ranges)
    #expect(refusal(largest, shift: 47) == ranges)
    #expect(self.refusal(.averagePool(Self.average), [image], .activation("y", [1, 3, 3, 2], .s16)) == nil)
    let off = Refusal(.quantizationMismatch, at: "y")
    #expect(self.refusal(.averagePool(Self.average), [image], .activation("y", [1, 3, 3, 2], .s16, zeroPoint: 1)) == off)
  }

  @Test func averagePoolOfWordsHasSmallerWindows() {
    func refusal(height: Int) -> Refusal? {
      let window = Window(kernel: Extent2D(height: height, width: 1024), stride: .unit, padding: .none)
      let pool = AveragePool(window: window, countIncludePad: true, multiplier: 1, shift: 1)
      return Graph(.averagePool(pool), [.activation("x", [1, height, 1024, 1], .s16)], .activation("y", [1, 1, 1, 1])).refusal
    }
    #expect(refusal(height: 32) == nil)
    #expect(refusal(height: 33) == ranges)
  }

  @Test func softmaxTakesItsTableAndGivesShares() {
    let (x, y) = (Tensor.activation("x", [1, 3], .s16), Tensor.activation("y", [1, 3], .s16, scale: 0x1p-15))
    #expect(refusal(.softmax, [x, SoftmaxTable.halving], y) == nil)
    #expect(refusal(.softmax, [.activation("x", [1, 3]), SoftmaxTable.halving], y) == nil)
    #expect(refusal(.softmax, [x], y) == Refusal(.operandCount, at: "y"))
    #expect(refusal(.softmax, [x, SoftmaxTable.halving], .activation("y", [1, 3], scale: 0x1p-8)) == nil)
    #expect(refusal(.softmax, [x, .constant("t", .s32, Array(repeating: 0, count: 512))], y) == types)
    #expect(refusal(.softmax, [x, .constant("t", .u32, Array(repeating: 0, count: 511))], y) == shapes)
    #expect(refusal(.softmax, [x, SoftmaxTable.halving], .activation("y", [1, 4], .s16, scale: 0x1p-15)) == shapes)
    #expect(
      refusal(.softmax, [.activation("x", [1]), SoftmaxTable.halving], .activation("y", [1], .s16, scale: 0x1p-15)) == shapes,
      "the only axis is the batch")
  }

  @Test func softmaxHasOneScaleForEachType() {
    let x = Tensor.activation("x", [1, 3])
    for y in [
      Tensor.activation("y", [1, 3], .s16, scale: 0x1p-14), .activation("y", [1, 3], .s16, scale: 0x1p-15, zeroPoint: 1),
      .activation("y", [1, 3], scale: 0x1p-15), .activation("y", [1, 3], scale: 0x1p-8, zeroPoint: 1),
    ] {
      #expect(refusal(.softmax, [x, SoftmaxTable.halving], y) == Refusal(.quantizationMismatch, at: "y"))
    }
  }

  @Test func softmaxBoundsTheAxisAndTheTable() {
    func refusal(length: Int, _ table: Tensor = SoftmaxTable.halving) -> Refusal? {
      Graph(.softmax, [.activation("x", [1, length]), table], .activation("y", [1, length], .s16, scale: 0x1p-15)).refusal
    }
    #expect(refusal(length: 1 << 16) == nil)
    #expect(refusal(length: 1 << 16 + 1) == shapes)
    for (index, entry) in [(0, 1 << 31 - 1), (256, 1 << 31 - 1), (1, 1 << 31 + 1), (511, 1 << 32 - 1)] {
      var entries = SoftmaxTable.halving.integers
      entries[index] = entry
      #expect(refusal(length: 1, .constant("t", .u32, entries)) == Refusal(.constantRange, at: "y"), "entry \(index)")
    }
  }

  @Test func tableHas256ElementsOfTheOutputsType() {
    let x = Tensor.activation("x", [1, 3])
    let entries = Array(0..<256)
    #expect(refusal(.table, [x, .constant("t", .u8, entries)], .activation("y", [1, 3])) == nil)
    #expect(refusal(.table, [x, .constant("t", .s16, entries)], .activation("y", [1, 3], .s16)) == nil)
    #expect(refusal(.table, [x], .activation("y", [1, 3])) == Refusal(.operandCount, at: "y"))
    #expect(refusal(.table, [x, .constant("t", .s16, entries)], .activation("y", [1, 3])) == types)
    #expect(refusal(.table, [x, .constant("t", .u8, Array(0..<255))], .activation("y", [1, 3])) == shapes)
    #expect(refusal(.table, [x, .constant("t", .u8, entries)], .activation("y", [1, 4])) == shapes)
  }

  @Test func tableOfWordsHas513ElementsOfWords() {
    let x = Tensor.activation("x", [1, 3], .s16)
    let entries = Tensor.constant("t", .s16, Array(0..<513))
    #expect(refusal(.table, [x, entries], .activation("y", [1, 3])) == nil)
    #expect(refusal(.table, [x, entries], .activation("y", [1, 3], .s16)) == nil)
    #expect(refusal(.table, [x, .constant("t", .u8, [Int](repeating: 0, count: 513))], .activation("y", [1, 3])) == types)
    #expect(refusal(.table, [x, .constant("t", .s16, Array(0..<512))], .activation("y", [1, 3])) == shapes)
    #expect(refusal(.table, [.activation("x", [1, 3]), entries], .activation("y", [1, 3], .s16)) == shapes)
  }

  @Test func tableMayDifferByTheLastAxis() {
    func refusal(_ x: [Int], tables: [Int], _ type: ElementType = .u8) -> Refusal? {
      let entries = [Int](repeating: 0, count: tables.reduce(1, *))
      return self.refusal(.table, [.activation("x", x, type), .constant("t", tables, .s16, entries)], .activation("y", x, .s16))
    }
    #expect(refusal([1, 2, 3], tables: [3, 256]) == nil)
    #expect(refusal([1, 3], tables: [3, 513], .s16) == nil)
    #expect(refusal([1, 2, 3], tables: [2, 256]) == shapes)
    #expect(refusal([1, 3], tables: [256, 3]) == shapes)
    #expect(refusal([1, 2, 3], tables: [2, 3, 256]) == shapes)
    #expect(refusal([1], tables: [1, 256]) == shapes, "the only axis is the batch")
  }
}
