import CKernels
import NNQFloat
import TestSupport

/// The instruction sets of this CPU that have float kernels.
let availableISAs = (0..<NN_ISA_COUNT.rawValue).map { nn_isa($0) }.filter { nn_f32_kernels_for($0) != nil }

extension SeededRandom {
  mutating func floats(_ count: Int) -> [Float] { (0..<count).map { _ in Float.random(in: -1...1, using: &self) } }

  mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
}

/// Runs one operation whose operands are all graph inputs.
func evaluate(
  _ operation: FloatOperation, _ operands: [(shape: [Int], elements: [Float])], outputShape: [Int]? = nil,
  isa: nn_isa = nn_f32_best_isa()
) throws -> FloatTensor {
  var graph = FloatGraph()
  for (index, operand) in operands.enumerated() { try graph.addInput(name: "x\(index)", shape: operand.shape) }
  let y = try graph.append(operation, name: "node", inputs: graph.inputs, outputName: "y", outputShape: outputShape)
  graph.outputs = [y]
  let outputs = try FloatExecutor(graph, isa: isa).run(inputs: operands.map(\.elements))
  return FloatTensor(shape: graph.values[y].shape, elements: outputs[0])
}
