import NNQFormat
import NNQGraph
import Testing

/// One product x * 1 + bias through the epilogue. Spec: operators.md 2.2 and 2.3, values by hand.
@Suite struct RequantizationTests {
  private func run(_ x: Int32, residual r: Int32? = nil, _ change: (inout AccumulatingGraph) -> Void) throws -> Int32 {
    var operands = AccumulatingGraph()
    change(&operands)
    let outputs = try r.map { try operands.dense.output(of: [x], [$0]) } ?? operands.dense.output(of: [x])
    return outputs[0]
  }

  /// m = 2^14 is 1/2: (t * 2^14 + 2^14) >> 15 = (t + 1) >> 1, a half rounds up.
  @Test(arguments: [(0, 0), (1, 1), (2, 1), (3, 2), (4, 2)] as [(Int32, Int32)])
  func multiplierRoundsHalfUp(x: Int32, q: Int32) throws {
    #expect(try run(x) { _ in } == q)
  }

  /// -1 / 2 and -3 / 2 go to the larger neighbour, 0 and -1, on the way to the zero point.
  @Test(arguments: [(0, 100), (1, 100), (2, 99), (3, 99), (4, 98)] as [(Int32, Int32)])
  func negativeHalvesRoundUpToo(x: Int32, q: Int32) throws {
    let output = try run(x) {
      $0.weights = .constant("w", [1, 1], .s8, [-1])
      $0.y = .activation("y", [1, 1], zeroPoint: 100)
    }
    #expect(output == q)
  }

  /// Shift 3: t = (acc + 4) >> 3; then m = 2^14 halves it: t = 1, 2, 2, 3 gives 1, 1, 1, 2.
  @Test(arguments: [(4, 1), (11, 1), (12, 1), (19, 1), (20, 2), (3, 0)] as [(Int32, Int32)])
  func shiftRoundsHalfUpBeforeTheMultiplier(x: Int32, q: Int32) throws {
    #expect(try run(x) { $0.shift = [3] } == q)
  }

  /// The negative t = (-4 + 4) >> 3 = 0 and (-5 + 4) >> 3 = -1 show the floor of the arithmetic shift.
  @Test func shiftIsArithmetic() throws {
    func output(_ bias: Int) throws -> Int32 {
      try run(0) {
        ($0.bias, $0.shift, $0.multiplier) = ([bias], [3], [32767])
        $0.y = .activation("y", [1, 1], zeroPoint: 100)
      }
    }
    #expect(try output(-4) == 100)
    #expect(try output(-5) == 99)
    #expect(try output(-12) == 99)
    #expect(try output(-13) == 98)
  }

  /// t saturates to 32767 and -32768: times 256 / 2^15 that is 255.99 and -256.
  @Test func saturatesToSixteenBits() throws {
    func output(_ bias: Int, _ multiplier: Int) throws -> Int32 {
      try run(0) {
        ($0.bias, $0.multiplier) = ([bias], [multiplier])
        ($0.y, $0.epilogue) = (.activation("y", [1, 1], .s16), Epilogue(lo: -32768, hi: 32767))
      }
    }
    #expect(try output(32767, 256) == 256)
    #expect(try output(1_000_000, 256) == 256)
    #expect(try output(-32768, 256) == -256)
    #expect(try output(-1_000_000, 256) == -256)
    #expect(try output(1_000_000, 32767) == 32766)
    #expect(try output(-1_000_000, 32767) == -32767)
  }

  @Test func clampsToTheEpilogue() throws {
    func output(_ x: Int32) throws -> Int32 {
      try run(x) { ($0.multiplier, $0.epilogue) = ([32767], Epilogue(lo: 10, hi: 20)) }
    }
    #expect(try output(9) == 10)
    #expect(try output(15) == 15)
    #expect(try output(21) == 20)
  }

  /// acc = 7 + (5 - 3) * -4 = -1, and t * m = -32767 rounds to -1: 50 - 1.
  @Test func subtractsTheInputsZeroPoint() throws {
    let output = try run(5) {
      $0.x = .activation("x", [1, 1], zeroPoint: 3)
      $0.weights = .constant("w", [1, 1], .s8, [-4])
      ($0.bias, $0.multiplier) = ([7], [32767])
      $0.y = .activation("y", [1, 1], zeroPoint: 50)
    }
    #expect(output == 49)
  }

  /// x/2 + (r - 4)/2 has one rounding: 1/2 + 1/2 is 1, while two roundings would give 2.
  @Test(arguments: [(1, 5, 11), (1, 4, 11), (2, 5, 12), (0, 3, 10), (0, 2, 9), (255, 255, 255)] as [(Int32, Int32, Int32)])
  func addsTheResidualBeforeTheOnlyRounding(x: Int32, r: Int32, q: Int32) throws {
    let output = try run(x, residual: r) {
      $0.residual = .activation("r", [1, 1], zeroPoint: 4)
      $0.y = .activation("y", [1, 1], zeroPoint: 10)
      $0.epilogue.residualMultiplier = 1 << 14
    }
    #expect(output == q)
  }

  /// A residual brings a sum back that lies below the range on its own.
  @Test func residualReturnsFromBeyondTheRange() throws {
    let output = try run(100, residual: 60) {
      $0.weights = .constant("w", [1, 1], .s8, [-1])
      $0.residual = .activation("r", [1, 1])
      $0.epilogue.residualMultiplier = 32767
    }
    #expect(output == 10)
  }

  @Test func channelsHaveTheirOwnConstants() throws {
    var operands = AccumulatingGraph()
    operands.x = .activation("x", [1, 2, 2])
    operands.weights = .constant("w", [2, 2], .s8, [1, 2, -1, 1])
    operands.y = .activation("y", [1, 2, 2])
    (operands.bias, operands.multiplier, operands.shift) = ([1, 100], [16384, 8192], [0, 1])
    // Row (10, 20): 51 -> 51/2 = 26; 110 -> t = 55 -> 13.75. Row (3, 4): 12 -> 6; 101 -> t = 51 -> 12.75.
    #expect(try operands.dense.output(of: [10, 20, 3, 4]) == [26, 14, 6, 13])
  }
}
