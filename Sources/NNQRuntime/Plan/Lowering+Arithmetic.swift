import CKernels
import NNQGraph

/// add, multiply, maximum, minimum and requantize. Spec: operators.md 3.1 and 3.13 to 3.15.
extension Lowering {
  mutating func lower(_ add: Add, of index: Int) throws(RuntimeError) {
    var parameters = nn_arithmetic(NN_ADD, lo: add.lo, hi: add.hi)
    let multipliers = [add.multiplierA, add.multiplierB]
    (parameters.multiplier_a, parameters.multiplier_b, parameters.shift) = (multipliers[0], multipliers[1], add.shift)
    parameters.c = constant(multipliers, shift: add.shift, of: index)
    try emitArithmetic(parameters, of: index)
  }

  mutating func lower(_ requantize: Requantize, of index: Int) throws(RuntimeError) {
    var parameters = nn_arithmetic(NN_REQUANTIZE, lo: requantize.lo, hi: requantize.hi)
    (parameters.multiplier_a, parameters.shift) = (requantize.multiplier, requantize.shift)
    parameters.c = constant([requantize.multiplier], shift: requantize.shift, of: index)
    try emitArithmetic(parameters, of: index)
  }

  mutating func lower(_ multiply: Multiply, of index: Int) throws(RuntimeError) {
    var parameters = nn_arithmetic(NN_MULTIPLY, lo: multiply.lo, hi: multiply.hi)
    (parameters.shift_a, parameters.shift_b, parameters.multiplier) = (multiply.shiftA, multiply.shiftB, multiply.multiplier)
    try emitArithmetic(parameters, of: index)
  }

  mutating func lowerExtremum(_ operation: nn_operation, of index: Int) throws(RuntimeError) {
    let isU8 = graph.tensors[graph.nodes[index].outputs[0]].elementType == .u8
    try emitArithmetic(nn_arithmetic(operation, lo: isU8 ? 0 : -32768, hi: isU8 ? 255 : 32767), of: index)
  }

  /// c of operators.md 3.1 for one multiplier for each operand.
  private func constant(_ multipliers: [Int32], shift: Int32, of index: Int) -> Int32 {
    func zeroPoint(_ tensor: Int) -> Int { Int(graph.tensors[tensor].quantization?.zeroPoint ?? 0) }
    let node = graph.nodes[index]
    let start = zeroPoint(node.outputs[0]) << Int(shift) + half(Int(shift))
    // Safe: the bound 5.4 keeps the sum within 32 bits when every operand is 0.
    return Int32(zip(node.inputs, multipliers).reduce(start) { $0 - zeroPoint($1.0) * Int($1.1) })
  }

  /// The second operand, if there is one, is an activation or a constant.
  private mutating func emitArithmetic(_ parameters: nn_arithmetic, of index: Int) throws(RuntimeError) {
    let a = try operand(0, of: index)
    if let constant = constants.operand(ofNode: index) {
      try emit(
        kernels.pointee.arithmetic, of: index, from: a, to: try output(of: index), constantByteCount: constant.layout.byteCount
      ) { step in
        step.other = constant.layout.view()
        step.u.arithmetic = parameters
        step.u.arithmetic.constant = constant.bytes
      }
    } else {
      let b = graph.nodes[index].inputs.count > 1 ? try operand(1, of: index) : nil
      try emit(kernels.pointee.arithmetic, of: index, from: a, and: b, to: try output(of: index)) { $0.u.arithmetic = parameters }
    }
  }

  /// An activation, written out along its rows where it repeats along some of their axes only.
  private mutating func operand(_ position: Int, of index: Int) throws(RuntimeError) -> Operand {
    let x = input(position, of: index)
    var tensor = graph.tensors[graph.nodes[index].inputs[position]]
    guard let shape = tensor.shape.withWholeRows(of: graph.tensors[graph.nodes[index].outputs[0]].shape) else { return x }
    let source = View(operand: x, elements: StridedView(x.layout, shape: tensor.shape).repeated(to: shape))
    tensor.shape = shape
    let whole = try temporary(ActivationLayout(of: tensor, batch: batch))
    try move(source, to: View(operand: whole, elements: StridedView(whole.layout, shape: shape)), of: index)
    return whole
  }
}

extension nn_arithmetic {
  fileprivate init(_ operation: nn_operation, lo: Int32, hi: Int32) {
    self.init()
    (self.operation, self.lo, self.hi) = (operation, lo, hi)
  }
}
