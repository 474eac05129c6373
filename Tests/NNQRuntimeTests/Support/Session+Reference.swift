import NNQFormat
import NNQGraph

@testable import NNQRuntime

extension Session {
  /// Sets the inputs to those of the first items of a reference run.
  func write(_ reference: ReferenceRun, batch: Int) throws {
    for (index, port) in model.inputs.enumerated() {
      try setRaw(port, reference.bytes(ofInput: index, batch: batch), order: .asStored)
    }
  }

  /// Whether a run gives the outputs of the reference run's first item.
  func gives(_ reference: ReferenceRun) throws -> Bool {
    try write(reference, batch: 1)
    runInPlace()
    return model.outputs.allSatisfy {
      rawTensor($0.tensor, order: .asStored).bytes == reference.bytes(ofTensor: $0.tensor, batch: 1)
    }
  }
}
