import NNQFloat
import NNQONNX

/// A case through the importer and the float executor, with the shapes that it states.
struct FloatCheck {
  private let testCase: TestCase

  init(_ testCase: TestCase) { self.testCase = testCase }

  /// Of the first choice of inputs to compute with that is not refused.
  var verdict: Verdict {
    var refusals: [[String]] = []
    for activations in testCase.choicesOfActivations {
      let verdict = verdict(activations)
      guard case .refused(let reasons) = verdict else { return verdict }
      refusals.append(reasons)
    }
    return .refused(refusals[0])
  }

  private func verdict(_ activations: [String]) -> Verdict {
    do {
      let model = try ONNXImporter.importStated(bytes: testCase.model, options: testCase.importOptions(activations: activations))
      let results = try results(of: model)
      for (index, result) in results.enumerated() {
        let tolerance = testCase.outline.outputs[index].isBFloat16 ? Tolerance.bfloat16 : .float
        if let difference = testCase.expected[index].difference(from: result, tolerance) { return .different(difference) }
      }
      return .equal
    } catch let error as ImportError {
      return .refused(error.reasons)
    } catch {
      return .refused(["\(error)"])
    }
  }

  private func results(of model: StatedModel) throws -> [HostTensor] {
    let graph = model.graph
    let inputs = testCase.elements(of: graph.inputs.map { graph.values[$0].name })
    let computed = graph.inputs.isEmpty ? [] : try FloatExecutor(graph).run(inputs: inputs)
    return model.outputs.map { output in
      switch output {
      case .constant(let tensor): tensor
      case .value(let index): HostTensor(shape: graph.values[graph.outputs[index]].shape, .floats(computed[index]))
      }
    }
  }
}
