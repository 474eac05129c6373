import NNQFloat
import NNQFormat
import NNQGraph
import NNQRuntime

/// Measures an integer model layer by layer against the float net it was made from: what each gives in the model and in the
/// net, and what of the difference the layer adds itself.
public struct ModelComparison {
  private let alignment: ModelAlignment
  private let executor: FloatExecutor
  private let session: Session
  private let threads: Int

  /// - Throws: `ConvertError.badModel` for a model that was not made from the net, `GraphError` for one that is broken,
  ///   `RuntimeError` for one that does not run.
  public init(_ source: FloatGraph, _ file: ModelFile, threads: Int = 1, isa: ISA? = nil) throws {
    var graph = source
    _ = graph.simplify()
    alignment = try ModelAlignment(LayerGraph(graph), Graph(file))
    executor = if let isa { try FloatExecutor(graph, isa: isa.code) } else { try FloatExecutor(graph) }
    session = try Session(Model(file), threads: threads, isa: isa, keeping: alignment.places.compactMap { $0?.name })
    self.threads = threads
  }

  /// - Parameter progress: called with the number of samples done.
  /// - Returns: the layers, worst first; without those that only move values.
  public func run(_ samples: any CalibrationSamples, progress: (Int) -> Void = { _ in }) throws -> [LayerComparison] {
    let (layers, own) = (alignment.net.layers, OwnNoise(alignment, executor))
    var noise = [LayerNoise](repeating: LayerNoise(), count: layers.count)
    try samples.forEach(of: executor.graph, threads: threads) { _, inputs in
      let values = try own.values(inputs)
      return (inputs: inputs, values: values, own: layers.indices.map { own.measure(layer: $0, values) })
    } deliver: { index, sample in
      try runModel(sample.inputs)
      for (index, layer) in layers.enumerated() {
        noise[index] += sample.own[index]
        noise[index].total += try modelNoise(index, sample.values[layer.output] ?? [])
      }
      progress(index + 1)
    }
    let compared = layers.indices.filter { alignment.places[$0] != nil }.map { LayerComparison(layers[$0], noise[$0]) }
    // Stable: of equals the first comes first.
    return compared.enumerated().sorted { ($0.element.sqnrDecibels, $0.offset) < ($1.element.sqnrDecibels, $1.offset) }.map(\.element)
  }

  private func runModel(_ inputs: [[Float]]) throws(RuntimeError) {
    for (index, elements) in inputs.enumerated() {
      try elements.withUnsafeBufferPointer { (elements) throws(RuntimeError) in try session.quantizeInput(index, from: elements) }
    }
    session.runInPlace()
  }

  /// The squared error of a layer's tensor after a run.
  private func modelNoise(_ index: Int, _ exact: [Float]) throws(RuntimeError) -> Double {
    guard let place = alignment.places[index] else { return 0 }
    let found = try session.floatTensor(named: place.name, order: .asStored).values
    // Safe: the order has an index of the value for each element of the tensor, by the alignment.
    return place.order.map { exact[$0] }.squaredError(of: found)
  }
}
