import CKernels

/// What each operation computes. Every sum has one order: products as CKernels.h says (float kernels), everything else in
/// memory order in Double. So the bits do not depend on the CPU.
extension FloatOperation {
  /// The same with the best kernels of this CPU.
  package func evaluate(_ operands: [FloatTensor], outputShape: [Int]) -> [Float] {
    evaluate(operands, outputShape: outputShape, isa: nn_f32_best_isa())
  }

  /// - Parameters:
  ///   - operands: of shapes `outputShape(operands:declared:)` accepts.
  ///   - outputShape: what it gave.
  func evaluate(_ operands: [FloatTensor], outputShape: [Int], isa: nn_isa) -> [Float] {
    let x = operands[0]
    switch self {
    case .conv(let conv): return conv.evaluate(operands, outputShape: outputShape, isa: isa)
    case .dense: return evaluateDense(operands, isa: isa)
    case .batchNormalization(let epsilon): return evaluateBatchNormalization(operands, epsilon: epsilon)
    case .binary(let function): return function.evaluate(x, operands[1], outputShape: outputShape)
    case .unary(let function): return function.evaluate(x.elements)
    case .maxPool(let window): return window.maxima(x, outputShape: outputShape)
    case .averagePool(let window, let countIncludePad):
      return window.averages(x, outputShape: outputShape, countIncludePad: countIncludePad)
    case .globalAveragePool: return evaluateGlobalAveragePool(x)
    case .softmax(let axis): return evaluateSoftmax(x, axis: axis)
    case .reshape: return x.elements
    case .transpose(let permutation): return evaluateTranspose(x, permutation, outputShape: outputShape)
    case .pad(let before, after: _, let value): return evaluatePad(x, before: before, value: value, outputShape: outputShape)
    case .slice(let begin, let step): return evaluateSlice(x, begin: begin, step: step, outputShape: outputShape)
    case .convTranspose(let conv): return conv.evaluateTransposed(operands, outputShape: outputShape)
    case .take(let axis): return x.interpolated(along: axis, at: operands[1].elements).elements
    case .resize: return evaluateResize(operands)
    case .concat(let axis): return evaluateConcat(operands, axis: axis, outputShape: outputShape)
    case .matMul(let scale): return evaluateMatMul(x, operands[1], scale: scale, outputShape: outputShape, isa: isa)
    case .layerNormalization(let norm): return evaluateLayerNormalization(operands, norm)
    case .gather: return evaluateGather(x, operands[1])
    case .reduce(let reduction, axes: _): return evaluateReduction(x, reduction, outputShape: outputShape)
    }
  }
}
