import NNQFloat
import NNQFormat
import NNQGraph
import NNQRuntime

/// Measures an integer model layer by layer against the float net it was made from: what each gives in the model and in the
/// net, and what of the difference the layer adds itself.
public struct ModelComparison {
  private let alignment: ModelAlignment
  private let model: Graph
  private let executor: FloatExecutor
  private let session: Session
  private let threads: Int
  private let isa: ISA?

  /// - Throws: `ConvertError.badModel` for a model that was not made from the net, `GraphError` for one that is broken,
  ///   `RuntimeError` for one that does not run.
  public init(_ source: FloatGraph, _ file: ModelFile, threads: Int = 1, isa: ISA? = nil) throws {
    var graph = source
    _ = graph.simplify()
    model = try Graph(file)
    alignment = try ModelAlignment(LayerGraph(graph), model)
    executor = try FloatExecutor(graph, kernels: isa)
    session = try Session(Model(file), threads: threads, isa: isa, keeping: alignment.places.compactMap { $0?.name })
    (self.threads, self.isa) = (threads, isa)
  }

  /// - Parameter progress: called with the number of samples done.
  /// - Returns: the layers, worst first; without those that only move values.
  public func run(_ samples: any CalibrationSamples, progress: (Int) -> Void = { _ in }) throws -> [LayerComparison] {
    let alignment = try equalized(samples)
    let own = OwnNoise(alignment, try FloatExecutor(alignment.net.graph, kernels: isa))
    let layers = alignment.net.layers
    var noise = [LayerNoise](repeating: LayerNoise(), count: layers.count)
    try samples.forEach(of: executor.graph, threads: threads) { _, inputs in
      let values = try own.values(inputs)
      return (inputs: inputs, values: values, own: layers.indices.map { own.measure(layer: $0, values) })
    } deliver: { index, sample in
      try runModel(sample.inputs)
      for (index, layer) in layers.enumerated() {
        noise[index] += sample.own[index]
        guard let place = alignment.places[index], let exact = sample.values[layer.output] else { continue }
        // Safe: the order has an index of the value for each element of the tensor, by the alignment.
        noise[index].total += place.order.map { exact[$0] }.squaredError(of: try elements(at: place))
      }
      progress(index + 1)
    }
    let compared = layers.indices.filter { alignment.places[$0] != nil }.map { LayerComparison(layers[$0], noise[$0]) }
    // Stable: of equals the first comes first.
    return compared.enumerated().sorted { ($0.element.sqnrDecibels, $0.offset) < ($1.element.sqnrDecibels, $1.offset) }.map(\.element)
  }

  /// The net as the converter equalised it, next to the model.
  private func equalized(_ samples: any CalibrationSamples) throws -> ModelAlignment {
    var scales = RecoveredScales(alignment.net)
    let own = OwnNoise(alignment, executor)
    let held = try HeldSamples(samples, Array(0..<min(samples.count, RecoveredScales.sampleCount)), of: executor.graph)
    for sample in 0..<held.count {
      let inputs = try held.arrays(of: sample)
      let values = try own.values(inputs)
      try runModel(inputs)
      for (layer, place) in zip(alignment.net.layers, alignment.places) {
        guard let place, let exact = values[layer.output] else { continue }
        scales.add(layer, exact: exact, found: try elements(at: place), order: place.order)
      }
    }
    let factors = scales.factors()
    return factors.isEmpty ? alignment : try ModelAlignment(alignment.source.dividing(by: factors), model)
  }

  private func runModel(_ inputs: [[Float]]) throws(RuntimeError) {
    for (index, elements) in inputs.enumerated() {
      try elements.withUnsafeBufferPointer { (elements) throws(RuntimeError) in try session.quantizeInput(index, from: elements) }
    }
    session.runInPlace()
  }

  /// Of a tensor after a run, in memory order.
  private func elements(at place: ModelAlignment.Place) throws(RuntimeError) -> [Float] {
    try session.floatTensor(named: place.name, order: .asStored).values
  }
}
