import NNQFloat
import NNQFormat
import NNQRuntime

/// Runs a freshly made integer model as its users will, through the runtime's public interface.
struct IntegerMeasurement {
  private let model: Model
  private let session: Session
  /// Name and shape of each input, in the float net's order.
  private let inputs: [(name: String, shape: [Int])]

  init(_ file: ModelFile, graph: FloatGraph, isa: ISA?) throws {
    model = try Model(file)
    session = try Session(model, isa: isa)
    inputs = graph.inputs.map { (graph.values[$0].name, graph.values[$0].shape) }
  }

  /// The first output in real numbers.
  func run(_ sample: [[Float]]) throws -> [Float] {
    let tensors = zip(inputs, sample).map { ($0.name, NNQRuntime.FloatTensor(shape: $0.shape, values: $1)) }
    let outputs = try session.run(Dictionary(uniqueKeysWithValues: tensors))
    return outputs[model.outputs[0].name]?.values ?? []
  }

  func selfTest(seed: UInt64) throws -> SelfTest {
    SelfTest(seed: seed, outputDigest: try model.selfTestDigest(seed: seed))
  }
}
