import CKernels
import NNQFormat
import NNQGraph

/// What each 8-bit sample becomes: 256 entries for each channel of the first input. Spec: operators.md 4.
struct PixelTable: Sendable {
  /// For u8 inputs the low byte counts.
  private let entries: [Int16]

  init(_ preprocessing: Preprocessing, of input: Tensor) {
    var entries: [Int16] = []
    for (mean, std) in zip(preprocessing.mean, preprocessing.std) {
      // Each operation is rounded to single precision; Swift contracts none.
      let values = (0..<256).map { (Float($0) - mean) / std }
      entries += PixelTable.quantize(values, nn_boundary(input))
    }
    self.entries = entries
  }

  /// - Parameters:
  ///   - pixels: height x width x channels samples an image, as many images as `layout` has.
  ///   - activation: the start of the activation in the arena.
  func apply(to pixels: UnsafeBufferPointer<UInt8>, layout: ActivationLayout, activation: UnsafeMutableRawPointer) {
    guard let samples = pixels.baseAddress else { return }
    entries.withUnsafeBufferPointer { entries in
      for pixel in 0..<layout.pixelCount {
        // Safe: the caller has checked that there are pixelCount * channels samples, and the model that there are
        // 256 entries for each channel.
        let source = samples + pixel * layout.channels
        let destination = activation + pixel * layout.pixelStride
        for channel in 0..<layout.channels {
          let entry = entries[channel << 8 + Int(source[channel])]
          if layout.elementByteCount == 1 {
            destination.storeBytes(of: UInt8(truncatingIfNeeded: entry), toByteOffset: channel, as: UInt8.self)
          } else {
            destination.storeBytes(of: entry, toByteOffset: 2 * channel, as: Int16.self)
          }
        }
      }
    }
  }

  /// Quantises `values` as s16 elements, which hold the range of u8 too.
  private static func quantize(_ values: [Float], _ boundary: nn_boundary) -> [Int16] {
    // One row of pixels with one s16 channel, which take 4 bytes each.
    var view = nn_view(
      offset: 0, height: 1, width: Int32(values.count), channels: 1, pixel_stride: 4, zero_point: boundary.zero_point, element_bytes: 2)
    var boundary = boundary
    var pixels = [Int16](repeating: 0, count: 2 * values.count)
    pixels.withUnsafeMutableBytes { bytes in
      // Safe: 4 bytes for each value, as the view says.
      guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
      nn_quantize_f32(values, 0, 1, 1, start, &view, 0, &boundary)
    }
    return values.indices.map { pixels[2 * $0] }
  }
}
