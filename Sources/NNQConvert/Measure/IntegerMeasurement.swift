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
    let tensors = zip(model.inputs, sample).map { ($0.name, FloatTensor(shape: $0.shape, values: $1)) }
    let outputs = try session.run(Dictionary(uniqueKeysWithValues: tensors))
    return outputs[model.outputs[0].name]?.values ?? []
  }

  func selfTest(seed: UInt64) throws -> SelfTest {
    SelfTest(seed: seed, outputDigest: try model.selfTestDigest(seed: seed))
  }
}
