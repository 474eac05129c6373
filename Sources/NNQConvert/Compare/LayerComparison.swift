/// How far a layer of an integer model is from the float net's, over a set of samples.
public struct LayerComparison: Equatable, Sendable {
  public var name: String
  public var kind: String
  /// Signal to noise ratio of what the layer gives in the model, with all that the layers before it have added; infinite
  /// without noise.
  public var sqnrDecibels: Double
  /// The same for the noise that the layer adds itself, to the float net's own activations.
  public var ownDecibels: Double
  /// Shares of that noise: of weights that were removed, of rounding the others, of the grids of what is read and given. They
  /// add up to 1, or are all 0.
  public var pruningShare: Double
  public var weightShare: Double
  public var activationShare: Double
}

extension LayerComparison {
  init(_ layer: Layer, _ noise: LayerNoise) {
    let parts = [noise.pruning, noise.weights - noise.pruning, noise.activations]
    let own = parts.reduce(0, +)
    func share(_ part: Double) -> Double { own > 0 ? part / own : 0 }
    self.init(
      name: layer.name, kind: layer.kind, sqnrDecibels: noise.decibels(noise.total), ownDecibels: noise.decibels(own),
      pruningShare: share(parts[0]), weightShare: share(parts[1]), activationShare: share(parts[2]))
  }
}

/// Sums of squares over the elements of a layer's output.
struct LayerNoise: Equatable, Sendable {
  var signal = 0.0
  /// Of the model's tensor.
  var total = 0.0
  /// Of the stored weights and bias on the float net's activations.
  var weights = 0.0
  /// Of the float net's weights, rounded but not pruned; equal to `weights` where none was pruned.
  var rounding = 0.0
  /// Of the float net's weights on activations that are put on their grids, and so is what they give.
  var activations = 0.0

  /// What is not explained by rounding to the nearest level is due to the weights that are gone.
  var pruning: Double { max(0, weights - rounding) }

  func decibels(_ noise: Double) -> Double { noise > 0 ? NNQConvert.decibels(signal / noise) : .infinity }

  static func += (sum: inout LayerNoise, part: LayerNoise) {
    sum.signal += part.signal
    sum.total += part.total
    sum.weights += part.weights
    sum.rounding += part.rounding
    sum.activations += part.activations
  }
}
