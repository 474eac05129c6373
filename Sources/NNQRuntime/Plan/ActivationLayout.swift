import CKernels
import NNQGraph

/// How an activation lies in the arena: images of height x width pixels of channels, as `nn_view` wants it. The last axis
/// counts channels, the one before it columns, and all others between the batch and these make the rows.
struct ActivationLayout: Equatable {
  let imageCount: Int
  let height: Int
  let width: Int
  let channels: Int
  let elementByteCount: Int
  /// Bytes from a pixel to the next.
  let pixelStride: Int
  let zeroPoint: Int32

  /// Rank 2 (N,C) is one pixel an image, rank 3 (N,L,C) one column of L pixels.
  ///
  /// Throws `limitExceeded`.
  init(of tensor: Tensor, batch: Int) throws(RuntimeError) {
    elementByteCount = tensor.elementType.byteCount
    zeroPoint = tensor.quantization?.zeroPoint ?? 0
    let axes = tensor.shape.dropFirst()
    channels = axes.last ?? 1
    // Safe: an extent fits 31 bits (format.md 5.1.1), so this does not overflow 64.
    let pixelByteCount = channels * elementByteCount
    let isNarrow = elementByteCount == 1 && channels <= 3
    pixelStride = isNarrow ? pixelByteCount : (pixelByteCount + 3) & ~3

    let limit = PlanLimits.tensorByteCount
    var byteCount = pixelStride
    for extent in axes.dropLast() + [tensor.shape[0], batch] {
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= limit else {
        throw .limitExceeded(limit: .tensorByteCount, got: overflow ? Int.max : product, allowed: limit)
      }
      byteCount = product
    }
    imageCount = tensor.shape[0] * batch
    let pixels = axes.dropLast()
    width = pixels.count > 1 ? pixels[pixels.endIndex - 1] : 1
    height = pixels.reduce(1, *) / width
  }

  private init(like other: ActivationLayout, pixelStride: Int) {
    imageCount = other.imageCount
    (height, width, channels) = (other.height, other.width, other.channels)
    elementByteCount = other.elementByteCount
    self.pixelStride = pixelStride
    zeroPoint = other.zeroPoint
  }

  var rowCount: Int { imageCount * height }
  var pixelCount: Int { rowCount * width }
  var byteCount: Int { pixelCount * pixelStride }

  /// Nothing lies between the pixels: the memory is the tensor's elements in order.
  var isCompact: Bool { pixelStride == channels * elementByteCount }

  /// Whether the bytes of both, one after the other, are the same elements.
  func isSameMemory(as other: ActivationLayout) -> Bool {
    let isUniform = channels == other.channels && pixelStride == other.pixelStride
    return elementByteCount == other.elementByteCount && (isUniform || (isCompact && other.isCompact))
  }

  /// The same tensor with nothing between its pixels, whatever its number of channels.
  var compacted: ActivationLayout { ActivationLayout(like: self, pixelStride: channels * elementByteCount) }

  /// Safe: the initialiser has checked that the product of all factors fits 31 bits.
  func view(offset: Int = 0) -> nn_view {
    nn_view(
      offset: offset, height: Int32(height), width: Int32(width), channels: Int32(channels), pixel_stride: Int32(pixelStride),
      zero_point: zeroPoint, element_bytes: Int32(elementByteCount))
  }
}
