import NNQFloat

/// A model as its file states it: the batch axis is an axis like any other.
package struct StatedModel {
  package enum Output {
    /// Computed while the model was imported.
    case constant(HostTensor)
    /// The value at this place of the graph's outputs.
    case value(Int)
  }

  package var graph: FloatGraph
  /// In the order of the model's outputs.
  package var outputs: [Output]
}
