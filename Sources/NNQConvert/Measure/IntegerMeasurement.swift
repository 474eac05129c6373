import NNQFormat
import NNQRuntime

/// Runs a freshly made integer model as its users will, through the runtime's public interface.
struct IntegerMeasurement {
  private let model: Model
  private let session: Session

  init(_ file: ModelFile, isa: ISA?) throws {
    model = try Model(file)
    session = try Session(model, isa: isa)
  }

  /// The first output in real numbers.
  ///
  /// - Parameter sample: one array for each input, in the float net's order and layout, which are the model's.
  func run(_ sample: [[Float]]) throws -> [Float] {
    for (index, values) in sample.enumerated() {
      try values.withUnsafeBufferPointer { try session.quantizeInput(index, from: $0) }
    }
    session.runInPlace()
    var result = [Float](repeating: 0, count: model.outputs[0].shape.reduce(1, *))
    try result.withUnsafeMutableBufferPointer { try session.dequantizeOutput(into: $0) }
    return result
  }

  func selfTest(seed: UInt64) throws -> SelfTest {
    SelfTest(seed: seed, outputDigest: try model.selfTestDigest(seed: seed))
  }
}
