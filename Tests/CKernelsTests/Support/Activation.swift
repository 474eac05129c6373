import CKernels
import TestSupport

/// An activation as kernels see it, with its bytes for a whole batch.
struct Activation {
  var height = 1
  var width = 1
  var channels = 1
  var batch = 1
  var elementByteCount = 1
  var zeroPoint: Int32 = 0
  /// Pixels follow each other without rounding; only copies know that.
  var isCompact = false
  var bytes: [UInt8] = []

  /// The rule of `nn_view`.
  var pixelStride: Int {
    let used = channels * elementByteCount
    return isCompact || (elementByteCount == 1 && channels < 4) ? used : (used + 3) / 4 * 4
  }

  var rowCount: Int { batch * height }
  var pixelCount: Int { rowCount * width }
  var byteCount: Int { pixelCount * pixelStride }

  mutating func fill(using random: inout SeededRandom) {
    bytes = []
    bytes.reserveCapacity(byteCount + 7)
    while bytes.count < byteCount { withUnsafeBytes(of: random.next()) { bytes.append(contentsOf: $0) } }
    bytes.removeLast(bytes.count - byteCount)
  }

  mutating func fill(with byte: UInt8) { bytes = Array(repeating: byte, count: byteCount) }

  func view(offset: Int) -> nn_view {
    nn_view(
      offset: offset, height: Int32(height), width: Int32(width), channels: Int32(channels), pixel_stride: Int32(pixelStride),
      zero_point: zeroPoint, element_bytes: Int32(elementByteCount))
  }

  /// The elements without the bytes between pixels, which may hold anything.
  func elements(of memory: [UInt8]) -> [UInt8] {
    let used = channels * elementByteCount
    return (0..<pixelCount).flatMap { memory[$0 * pixelStride..<$0 * pixelStride + used] }
  }
}
