import TestSupport
import Testing

@testable import NNQRuntime

@Suite struct MemoryPlanTests {
  @Test(arguments: UInt64(0)..<20) func separatesBuffersThatLiveTogether(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let buffers = (0..<40).map { _ in
      let start = Int.random(in: 0..<30, using: &random)
      return ArenaBuffer(
        byteCount: Int.random(in: 1...5000, using: &random), lifetime: start...start + Int.random(in: 0..<8, using: &random))
    }
    let plan = MemoryPlan(buffers)
    for (index, buffer) in buffers.enumerated() {
      let range = plan.byteOffsets[index]..<plan.byteOffsets[index] + buffer.byteCount
      #expect(range.lowerBound % 64 == 0 && range.upperBound <= plan.byteCount)
      for other in 0..<index where buffers[other].lifetime.overlaps(buffer.lifetime) {
        #expect(!range.overlaps(plan.byteOffsets[other]..<plan.byteOffsets[other] + buffers[other].byteCount), "seed \(seed)")
      }
    }
  }

  /// A chain of layers needs the two largest neighbours.
  @Test func reusesTheMemoryOfAChain() {
    let sizes = [640, 1280, 1280, 320, 64]
    let buffers = sizes.enumerated().map { ArenaBuffer(byteCount: $1, lifetime: $0...$0 + 1) }
    #expect(MemoryPlan(buffers).byteCount == 2560)
  }

  @Test func needsNothingForNothing() { #expect(MemoryPlan([]).byteCount == 0) }
}
