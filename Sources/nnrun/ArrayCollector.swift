import NNQFormat
import NNQInput
import NNQRuntime

/// A tensor's values over all runs, joined along the batch axis.
struct ArrayCollector {
  private var shape: [Int] = []
  private var floats: [Float] = []
  private var bytes: [UInt8] = []
  private var elementType = ElementType.f32

  mutating func add(_ tensor: FloatTensor) {
    floats += tensor.values
    extend(tensor.shape)
  }

  mutating func add(_ tensor: RawTensor) {
    bytes += tensor.bytes
    elementType = tensor.elementType
    extend(tensor.shape)
  }

  private mutating func extend(_ added: [Int]) {
    shape = shape.isEmpty ? added : [shape[0] + added[0]] + shape.dropFirst()
  }

  var array: InputArray {
    switch elementType {
    case .u8: InputArray(shape: shape, values: .uint8(bytes))
    case .s16: InputArray(shape: shape, values: .int16(littleEndianElements(bytes)))
    default: InputArray(shape: shape, values: .float32(floats))
    }
  }
}

private func littleEndianElements(_ bytes: [UInt8]) -> [Int16] {
  stride(from: 0, to: bytes.count - 1, by: 2).map { Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8) }
}
