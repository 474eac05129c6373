import CKernels
import TestSupport
import Testing

/// Weights come in the pieces that a file is decoded in.
@Suite struct PackTests {
  /// Channels below and above 4, panels and blocks that are not full, a last block that repeats channels.
  private static let shapes: [[Int32]] = [
    [1, 1, 1, 1], [16, 1, 1, 8], [17, 3, 3, 3], [40, 1, 1, 6], [5, 2, 3, 7], [100, 5, 5, 1], [64, 3, 3, 1], [130, 1, 3, 2],
  ]

  @Test(arguments: shapes) func packsPanelsInAnyPieces(shape: [Int32]) {
    let (k, r, s, c) = (shape[0], shape[1], shape[2], shape[3])
    expectSame(weightCount: Int(k * r * s * c), packedByteCount: nn_packed_panels_bytes(k, r, s, c)) { packed, weights, first, count in
      nn_pack_panels(packed, weights, first, count, r, s, c)
    }
  }

  @Test(arguments: [1, 2, 3, 16, 32, 63, 64, 65, 127, 144, 200] as [Int32], [[3, 3], [5, 5], [1, 4]] as [[Int32]])
  func packsDepthwiseInAnyPieces(channels: Int32, kernel: [Int32]) {
    let (r, s) = (kernel[0], kernel[1])
    expectSame(weightCount: Int(channels * r * s), packedByteCount: nn_packed_depthwise_bytes(channels, r, s)) {
      nn_pack_depthwise($0, $1, $2, $3, channels, r, s)
    }
  }

  private func expectSame(
    weightCount: Int, packedByteCount: Int, _ pack: (UnsafeMutablePointer<Int8>, UnsafePointer<Int8>, Int, Int) -> Void
  ) {
    var random = SeededRandom(seed: UInt64(weightCount))
    let weights = (0..<weightCount).map { _ in Int8.random(in: 1...127, using: &random) }
    var whole = [Int8](repeating: 0, count: packedByteCount)
    pack(&whole, weights, 0, weightCount)
    for pieceCount in [1, 2, 3, 7] {
      let cuts = [0] + (1..<pieceCount).map { _ in Int.random(in: 0...weightCount, using: &random) }.sorted() + [weightCount]
      var packed = [Int8](repeating: 0, count: packedByteCount)
      for (first, end) in zip(cuts, cuts.dropFirst()) { pack(&packed, Array(weights[first..<end]) + [99], first, end - first) }
      #expect(packed == whole, "cut at \(cuts), seed \(weightCount)")
    }
  }
}
