/// What the refit leaves for lowering: weights on their grid and a bias that makes up for what pruning and rounding moved.
struct RefittedWeights {
  var shape: [Int]
  var quantized: QuantizedWeights
  var bias: [Float]
}
