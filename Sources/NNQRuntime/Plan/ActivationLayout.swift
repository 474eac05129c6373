import CKernels
import NNQGraph

/// How an activation lies in the arena: images of height x width pixels of channels, as `nn_view` wants it.
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
  /// Throws `unsupportedRank` and `limitExceeded`.
  init(of tensor: Tensor, batch: Int) throws(RuntimeError) {
    guard let axes = ImageAxes(tensor.shape, absent: 1) else {
      throw .unsupportedRank(tensor: tensor.name, rank: tensor.shape.count)
    }
    elementByteCount = tensor.elementType.byteCount
    (height, width, channels) = (axes.height, axes.width, axes.channels)
    zeroPoint = tensor.quantization?.zeroPoint ?? 0
    // Safe: an extent fits 31 bits (format.md 5.1.1), so this does not overflow 64.
    let pixelByteCount = channels * elementByteCount
    let isNarrow = elementByteCount == 1 && channels <= 3
    pixelStride = isNarrow ? pixelByteCount : (pixelByteCount + 3) & ~3

    let limit = PlanLimits.tensorByteCount
    var byteCount = pixelStride
    for extent in [width, height, tensor.shape[0], batch] {
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= limit else {
        throw .limitExceeded(limit: .tensorByteCount, got: overflow ? Int.max : product, allowed: limit)
      }
      byteCount = product
    }
    imageCount = tensor.shape[0] * batch
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

  /// The same tensor with nothing between its pixels, whatever its number of channels.
  var compacted: ActivationLayout { ActivationLayout(like: self, pixelStride: channels * elementByteCount) }

  /// Safe: the initialiser has checked that the product of all factors fits 31 bits.
  func view(offset: Int = 0) -> nn_view {
    nn_view(
      offset: offset, height: Int32(height), width: Int32(width), channels: Int32(channels), pixel_stride: Int32(pixelStride),
      zero_point: zeroPoint, element_bytes: Int32(elementByteCount))
  }
}

/// One number for each axis of an image, out of an array with one for each axis of a tensor.
struct ImageAxes {
  let height: Int
  let width: Int
  let channels: Int

  /// - Parameter absent: the number for axes that a tensor of rank 2 or 3 lacks. Nil for other ranks.
  init?(_ perAxis: [Int], absent: Int) {
    switch perAxis.count {
    case 2: (height, width, channels) = (absent, absent, perAxis[1])
    case 3: (height, width, channels) = (perAxis[1], absent, perAxis[2])
    case 4: (height, width, channels) = (perAxis[1], perAxis[2], perAxis[3])
    default: return nil
    }
  }
}
