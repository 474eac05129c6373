import CKernels
import NNQFormat
import NNQGraph

extension nn_boundary {
  /// The quantiser and dequantiser of an activation. Spec: operators.md 4.
  init(_ tensor: Tensor) {
    let scale = tensor.quantization?.scale ?? 1
    let range: ClosedRange<Int32> = tensor.elementType == .u8 ? 0...255 : -32768...32767
    self.init(
      inverse_scale: 1 / scale, scale: scale, zero_point: tensor.quantization?.zeroPoint ?? 0, min: range.lowerBound,
      max: range.upperBound)
  }
}
