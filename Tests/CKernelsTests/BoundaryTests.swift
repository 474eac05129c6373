import CKernels
import Testing

/// Real numbers to integers and back. Spec: operators.md 4.
struct BoundaryTests {
  private func quantize(_ values: [Float], _ boundary: nn_boundary, elementByteCount: Int = 1) -> [Int] {
    let activation = Activation(channels: values.count, elementByteCount: elementByteCount)
    let memory = GuardedMemory(byteCount: activation.byteCount, placement: .atEnd)
    var (view, limits) = (activation.view(offset: 0), boundary)
    nn_quantize_f32(values, 0, 0, 1, memory.start, &view, 0, &limits)
    return memory.start.withMemoryRebound(to: Int16.self, capacity: activation.byteCount / 2) { words in
      values.indices.map { elementByteCount == 1 ? Int(memory.start[$0]) : Int(words[$0]) }
    }
  }

  private let unit = nn_boundary(inverse_scale: 1, scale: 1, zero_point: 3, min: 0, max: 255)

  @Test func roundsHalfToEven() {
    #expect(quantize([0.5, 1.5, 2.5, -0.5, -1.5, 0.49999997, 100.5], unit) == [3, 5, 5, 3, 1, 3, 103])
  }

  @Test func clampsAndGivesTheZeroPointForNaN() {
    let values: [Float] = [.infinity, -.infinity, .nan, 1e30, -1e30, .greatestFiniteMagnitude, 252, 253, -3, -4]
    #expect(quantize(values, unit) == [255, 0, 3, 255, 0, 255, 255, 255, 0, 0])
  }

  @Test func fillsWordsToo() {
    let words = nn_boundary(inverse_scale: 1000, scale: 0.001, zero_point: 0, min: -32768, max: 32767)
    #expect(quantize([1, -1, 40, -40, 0.0015], words, elementByteCount: 2) == [1000, -1000, 32767, -32768, 2])
  }

  /// Either layout of the outside, in batches, through the view and back.
  @Test(arguments: [true, false]) func permutesAndReturns(channelsFirst: Bool) {
    let activation = Activation(height: 3, width: 5, channels: 6, batch: 2)
    let memory = GuardedMemory(byteCount: activation.byteCount, placement: .atEnd)
    let strides = channelsFirst ? (5, 1, 15) : (30, 6, 1)
    var (view, boundary) = (activation.view(offset: 0), nn_boundary(inverse_scale: 2, scale: 0.5, zero_point: 7, min: 0, max: 255))
    let source = (0..<180).map { Float($0 % 90) / 2 }
    var result = Array(repeating: Float(-1), count: 180)
    for image in 0..<2 {
      source.withUnsafeBufferPointer { values in
        nn_quantize_f32(values.baseAddress! + image * 90, strides.0, strides.1, strides.2, memory.start, &view, Int32(image), &boundary)
      }
      result.withUnsafeMutableBufferPointer { values in
        nn_dequantize_f32(
          memory.start, &view, Int32(image), values.baseAddress! + image * 90, strides.0, strides.1, strides.2, &boundary)
      }
    }
    #expect(result == source)
    let expected = channelsFirst ? 15 + 7 : 1 + 7
    #expect(memory.start[1] == UInt8(expected))
  }
}
