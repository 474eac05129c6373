import NNQConvert
import NNQFloat
import NNQONNX
import NNQRuntime

/// A case through the converter, calibrated on the case's own input, and the integer runtime. The first axis of its inputs is
/// the batch.
struct IntegerCheck {
  private let testCase: TestCase

  init(_ testCase: TestCase) { self.testCase = testCase }

  /// Of the first choice of inputs to compute with that is not refused.
  var verdict: Verdict {
    guard !isFolded else { return .folded }
    var refusals: [[String]] = []
    for activations in testCase.choicesOfActivations where !activations.isEmpty {
      let verdict = verdict(activations)
      guard case .refused(let reasons) = verdict else { return verdict }
      refusals.append(reasons)
    }
    return refusals.first.map { .refused($0) } ?? .folded
  }

  /// Whether every output is known while the model is imported, with all real inputs open.
  private var isFolded: Bool {
    let options = testCase.importOptions(activations: testCase.realInputs)
    guard let model = try? ONNXImporter.importStated(bytes: testCase.model, options: options) else { return false }
    return model.outputs.allSatisfy { if case .constant = $0 { true } else { false } }
  }

  private func verdict(_ activations: [String]) -> Verdict {
    do {
      let results = try results(activations)
      for (expected, result) in zip(testCase.expected, results) {
        if let difference = expected.difference(from: result, .quantized) { return .different(difference) }
      }
      return .equal
    } catch let error as ImportError {
      return .refused(error.reasons)
    } catch {
      return .refused(["\(error)"])
    }
  }

  private func results(_ activations: [String]) throws -> [HostTensor] {
    var options = testCase.importOptions(activations: activations)
    for (name, shape) in options.inputShapes { options.inputShapes[name] = [1] + shape.dropFirst() }
    let graph = try ONNXImporter.importModel(bytes: testCase.model, options: options).graph
    let samples = BatchSamples(graph, testCase)
    var convertOptions = ConvertOptions()
    convertOptions.calibrator = .minmax
    let file = try Converter(options: convertOptions, samples: samples).convert(graph).file
    let session = try Session(Model(bytes: file.encoded()))
    let outputs = try session.run(samples.tensors)
    return testCase.outline.outputs.map { port in
      outputs[port.name].map { HostTensor(shape: $0.shape, .floats($0.values)) } ?? HostTensor(shape: [], .floats([]))
    }
  }
}

/// The items of a case's inputs, each a sample.
private struct BatchSamples: CalibrationSamples {
  let count: Int
  let summary = "the case's input"
  /// One array for each input of the graph, with all items.
  private let elements: [[Float]]
  /// By name, with the batch axis.
  let tensors: [String: NNQRuntime.FloatTensor]

  init(_ graph: FloatGraph, _ testCase: TestCase) {
    let values = graph.inputs.map { graph.values[$0] }
    let elements = testCase.elements(of: values.map(\.name))
    let count = zip(values, elements).map { $1.count / $0.elementCount }.min() ?? 0
    self.elements = elements
    self.count = count
    let pairs = zip(values, elements).map { ($0.name, NNQRuntime.FloatTensor(shape: [count] + $0.shape.dropFirst(), values: $1)) }
    tensors = Dictionary(pairs) { first, _ in first }
  }

  func forEach(_ body: ([[Float]]) throws -> Void) throws {
    for index in 0..<count {
      try body(elements.map { Array($0[$0.count / count * index..<$0.count / count * (index + 1)]) })
    }
  }
}
