/// A part of a picture that is resampled to `scaled`: the whole of it, or a crop of which only the pixels kept are computed.
struct ResampledWindow: Equatable {
  /// Size of the whole picture after resampling.
  var scaledHeight: Int
  var scaledWidth: Int
  /// The rows and columns of the scaled picture that are kept.
  var rows: Range<Int>
  var columns: Range<Int>

  /// Keeps `height` x `width` pixels in the middle; an odd remainder goes to the right and bottom.
  init(scaledHeight: Int, scaledWidth: Int, keeping height: Int, _ width: Int) {
    self.scaledHeight = scaledHeight
    self.scaledWidth = scaledWidth
    let (top, left) = ((scaledHeight - height) / 2, (scaledWidth - width) / 2)
    rows = top..<top + height
    columns = left..<left + width
  }
}

extension Pixels {
  /// Bilinear resampling with a filter that widens when the picture shrinks (the `bilinear` of Pillow and torchvision), in
  /// integers: the same bytes on every machine. Rows first, then columns, each rounded to 8 bits.
  /// - Precondition: scaled sizes are at most 2^30, those of the picture 2^26.
  func resampled(_ window: ResampledWindow) -> Pixels {
    var result = self
    if extent.width != window.scaledWidth || window.columns != 0..<extent.width {
      result = result.resampledRows(FilterTaps.bilinear(from: extent.width, to: window.scaledWidth, window.columns))
    }
    if extent.height != window.scaledHeight || window.rows != 0..<extent.height {
      result = result.resampledColumns(FilterTaps.bilinear(from: extent.height, to: window.scaledHeight, window.rows))
    }
    return result
  }

  private func resampledRows(_ taps: [FilterTaps]) -> Pixels {
    let target = ImageExtent(height: extent.height, width: taps.count, channels: extent.channels)
    var result: [UInt8] = []
    result.reserveCapacity(target.sampleCount)
    for y in 0..<extent.height {
      for tap in taps {
        let start = (y * extent.width + tap.first) * extent.channels
        for c in 0..<extent.channels { result.append(tap.sum(samples, from: start + c, stride: extent.channels)) }
      }
    }
    return Pixels(extent: target, samples: result)
  }

  private func resampledColumns(_ taps: [FilterTaps]) -> Pixels {
    let target = ImageExtent(height: taps.count, width: extent.width, channels: extent.channels)
    let rowStride = extent.width * extent.channels
    var result: [UInt8] = []
    result.reserveCapacity(target.sampleCount)
    for tap in taps {
      for x in 0..<rowStride { result.append(tap.sum(samples, from: tap.first * rowStride + x, stride: rowStride)) }
    }
    return Pixels(extent: target, samples: result)
  }
}

/// The source samples that make one destination sample, and their weights, which sum to 2^22.
struct FilterTaps: Equatable {
  var first: Int
  var weights: [Int32]

  private static let shift = 22

  /// With s = max(1, source / target), the weight of sample x for destination i is the triangle
  /// 1 - |x + 1/2 - (i + 1/2) * source / target| / s. Multiplied by 2 * max(source, target) it is an integer.
  static func bilinear(from source: Int, to target: Int, _ window: Range<Int>) -> [FilterTaps] {
    let peak = 2 * max(source, target)
    return window.map { i in
      let centre = (2 * i + 1) * source
      let first = max(0, (centre - peak) / (2 * target))
      let last = min(source - 1, (centre + peak) / (2 * target))
      let triangle = (first...last).map { x in max(0, peak - abs((2 * x + 1) * target - centre)) }
      return FilterTaps(first: first, weights: normalized(triangle))
    }
  }

  /// Scales to a sum of exactly 2^22, so that a constant picture stays constant: the partial sums are rounded, and a weight is
  /// the difference of two of them. However many taps there are, none is negative.
  private static func normalized(_ triangle: [Int]) -> [Int32] {
    let sum = triangle.reduce(0, +)
    // Of the scaled partial sum plus a half, what the weights so far have left over. A tap is at most 2^31 before scaling.
    var rest = sum / 2
    return triangle.map { tap in
      let (weight, remainder) = ((tap << shift) + rest).quotientAndRemainder(dividingBy: sum)
      rest = remainder
      return Int32(weight)
    }
  }

  func sum(_ samples: [UInt8], from start: Int, stride: Int) -> UInt8 {
    var sum: Int32 = 1 << (FilterTaps.shift - 1)
    var index = start
    for weight in weights {
      sum += weight * Int32(samples[index])
      index += stride
    }
    // The weights are not negative and sum to 2^22, so this is within 0...255.
    return UInt8(sum >> FilterTaps.shift)
  }
}
