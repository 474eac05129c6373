import NNQFormat
import NNQGraph
import Testing

/// conv2D by hand: bias 0, shift 1 and multiplier 2^14 divide by 4; sums here are multiples of 4. Spec: operators.md 2.4.
@Suite struct ConvolutionReferenceTests {
  private func run(
    _ x: [Int32], _ shape: [Int], zeroPoint: Int32 = 0, weights: [Int], _ weightShape: [Int], y: [Int], yZeroPoint: Int32 = 0,
    _ change: (inout Conv2D) -> Void = { _ in }
  ) throws -> [Int32] {
    var conv = Conv2D.plain
    change(&conv)
    let operands = AccumulatingGraph(
      x: .activation("x", shape, zeroPoint: zeroPoint), weights: weights, weightShape, y: y, zeroPoint: yZeroPoint)
    return try operands.convolution(conv).output(of: x)
  }

  /// Rows 4 8 12 / 16 20 24 under the kernel 1 2 / 3 4: 4 + 16 + 48 + 80 = 148, 8 + 24 + 60 + 96 = 188.
  @Test func slidesTheKernel() throws {
    let y = try run([4, 8, 12, 16, 20, 24], [1, 2, 3, 1], weights: [1, 2, 3, 4], [1, 2, 2, 1], y: [1, 1, 2, 1])
    #expect(y == [37, 47])
  }

  /// The image 4, 8 with zeros left (1) and right (2) under 1 2 3: 0+8+24, 4+16+0, 8+0+0.
  @Test func paddingContributesNothing() throws {
    func run(zeroPoint: Int32) throws -> [Int32] {
      try self.run(
        [4 + zeroPoint, 8 + zeroPoint], [1, 1, 2, 1], zeroPoint: zeroPoint, weights: [1, 2, 3], [1, 1, 3, 1], y: [1, 1, 3, 1]
      ) { $0.padding = Padding2D(top: 0, left: 1, bottom: 0, right: 2) }
    }
    #expect(try run(zeroPoint: 0) == [8, 5, 2])
    #expect(try run(zeroPoint: 100) == [8, 5, 2])
  }

  /// One column, kernel 1 2 in rows, one row of padding above, stride 2: 0 + 2*4, 8 + 2*12, 16 is left out.
  @Test func strideSkipsPositions() throws {
    let y = try run([4, 8, 12, 16], [1, 4, 1, 1], weights: [1, 2], [1, 2, 1, 1], y: [1, 2, 1, 1]) {
      $0.stride.height = 2
      $0.padding.top = 1
    }
    #expect(y == [2, 8])
  }

  /// Kernel 1 2 with a gap of one column: 4 + 2*12, 8 + 2*16.
  @Test func dilationSpreadsTheKernel() throws {
    let y = try run([4, 8, 12, 16], [1, 1, 4, 1], weights: [1, 2], [1, 1, 2, 1], y: [1, 1, 2, 1]) { $0.dilation.width = 2 }
    #expect(y == [7, 10])
  }

  /// Channels 4 8 | 12 16: outputs 0 and 1 see the first two, 2 and 3 the last two.
  @Test func groupsSeeTheirOwnChannels() throws {
    let y = try run(
      [4, 8, 12, 16], [1, 1, 1, 4], weights: [1, 1, 1, 2, 1, 1, 1, 2], [4, 1, 1, 2], y: [1, 1, 1, 4]
    ) { $0.groups = 2 }
    #expect(y == [3, 5, 7, 11])
  }

  /// A group for each channel, two outputs of each: 4 * (1, 2), 8 * (3, 4).
  @Test func depthwiseMayHaveMoreOutputsThanInputs() throws {
    let y = try run([4, 8], [1, 1, 1, 2], weights: [1, 2, 3, 4], [4, 1, 1, 1], y: [1, 1, 1, 4]) { $0.groups = 2 }
    #expect(y == [1, 2, 6, 8])
  }

  /// Pixels (4, 8) and (12, 16), outputs (a + b) / 4 and (a - b) / 4 about the zero point 10.
  @Test func channelsAreTheLastAxis() throws {
    let y = try run([4, 8, 12, 16], [1, 2, 1, 2], weights: [1, 1, 1, -1], [2, 1, 1, 2], y: [1, 2, 1, 2], yZeroPoint: 10)
    #expect(y == [13, 9, 17, 9])
  }

  /// A residual is taken at the output's own position.
  @Test func residualIsElementwise() throws {
    var operands = AccumulatingGraph(
      x: .activation("x", [1, 2, 2, 1]), weights: [1, 2], [2, 1, 1, 1], y: [1, 2, 2, 2])
    operands.residual = .activation("r", [1, 2, 2, 2])
    operands.epilogue.residualMultiplier = 1 << 14
    let y = try operands.convolution(.plain).output(of: [4, 8, 12, 16], [0, 2, 4, 6, 8, 10, 12, 14])
    #expect(y == [1, 3, 4, 7, 7, 11, 10, 15])
  }
}
