/// What rounding leaves for lowering: weights on their grid, and a bias that makes up for the mean error of rounding.
struct RoundedWeights {
  var shape: [Int]
  var quantized: QuantizedWeights
  var bias: [Float]

  /// In real numbers.
  var real: LayerWeights { LayerWeights(values: quantized.values, shape: shape, bias: bias) }
}
