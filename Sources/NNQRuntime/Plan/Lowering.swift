import CKernels
import NNQGraph

/// Turns the nodes of a graph into kernel steps on arena buffers.
struct Lowering {
  /// A tensor, or what a step makes of it: where it is and how it lies there.
  struct Operand {
    let buffer: Int
    let layout: ActivationLayout
  }

  let graph: Graph
  let constants: PackedConstants
  let kernels: UnsafePointer<nn_kernels>
  let batch: Int
  private(set) var steps: [PlannedStep] = []
  private(set) var buffers: [ArenaBuffer] = []
  /// By tensor index; nil for constants and for tensors no step has defined yet.
  private(set) var operands: [Operand?]
  /// By tensor index: what reshapes, transpositions and slices give that only moves read, without a buffer of its own.
  var views: [Int: View] = [:]
  /// By tensor index: whether nothing but moves reads it.
  private let isMovedOnly: [Bool]

  /// - Parameters:
  ///   - graph: has been validated; its constants may be gone.
  ///   - kept: indices of activations that hold their values to the end of a run, as graph outputs do.
  init(
    _ graph: Graph, constants: PackedConstants, kernels: UnsafePointer<nn_kernels>, batch: Int, keeping kept: [Int]
  ) throws(RuntimeError) {
    self.graph = graph
    self.constants = constants
    self.kernels = kernels
    self.batch = batch
    operands = Array(repeating: nil, count: graph.tensors.count)
    isMovedOnly = graph.movedOnly(except: graph.outputs.map(\.tensor) + kept)
    for port in graph.inputs { _ = try define(port.tensor) }
    for index in graph.nodes.indices { try lower(index) }
    for tensor in graph.outputs.map(\.tensor) + kept {
      if let buffer = operands[tensor]?.buffer { buffers[buffer].extend(to: steps.count) }
    }
  }

  private mutating func lower(_ index: Int) throws(RuntimeError) {
    let node = graph.nodes[index]
    switch node.operation {
    case .conv2D, .dense: try lowerConvolution(index)
    case .add(let add): try lower(add, of: index)
    case .maxPool(let window): try lower(window, of: index)
    case .averagePool(let pool): try lower(pool, of: index)
    case .softmax: try lowerSoftmax(index)
    case .table: try lowerTable(index)
    case .pad(let before, let after, let fill): try lowerPad(before: before, after: after, fill: fill, of: index)
    case .slice(let begin, let step): try lowerSlice(begin: begin, step: step, of: index)
    case .reshape: try lowerReshape(index)
    case .concat(let axis): try lowerConcat(axis: axis, of: index)
    case .multiply(let multiply): try lower(multiply, of: index)
    case .maximum: try lowerExtremum(NN_MAXIMUM, of: index)
    case .minimum: try lowerExtremum(NN_MINIMUM, of: index)
    case .requantize(let requantize): try lower(requantize, of: index)
    case .transpose(let permutation): try lowerTranspose(permutation, of: index)
    case .take(let axis): try lowerTake(axis: axis, of: index)
    case .resize: try lowerResize(index)
    case .gather: try lowerGather(index)
    case .reduce(let reduction): try lower(reduction, of: index)
    case .matMul(let matMul): try lower(matMul, of: index)
    case .layerNorm(let norm): try lower(norm, of: index)
    }
  }
}

// MARK: What the operators' files build on

extension Lowering {
  /// Input `position` of a node.
  func input(_ position: Int, of node: Int) -> Operand {
    guard let operand = operands[graph.nodes[node].inputs[position]] else {
      preconditionFailure("a validated graph defines activations before their use")
    }
    return operand
  }

  /// The node's output, in a new buffer.
  mutating func output(of node: Int) throws(RuntimeError) -> Operand { try define(graph.nodes[node].outputs[0]) }

  /// A buffer for something that is no tensor of the graph.
  mutating func temporary(_ layout: ActivationLayout) throws(RuntimeError) -> Operand {
    guard buffers.count < PlanLimits.stepCount else {
      throw .limitExceeded(limit: .bufferCount, got: buffers.count + 1, allowed: PlanLimits.stepCount)
    }
    buffers.append(ArenaBuffer(byteCount: layout.byteCount, lifetime: steps.count...steps.count))
    return Operand(buffer: buffers.count - 1, layout: layout)
  }

  /// Whether nothing but moves reads the node's output.
  func isOutputMovedOnly(of node: Int) -> Bool { isMovedOnly[graph.nodes[node].outputs[0]] }

  /// Makes the node's output another reading of the input's buffer.
  mutating func alias(_ operand: Operand, asOutputOf node: Int) throws(RuntimeError) {
    let tensor = graph.nodes[node].outputs[0]
    operands[tensor] = Operand(buffer: operand.buffer, layout: try ActivationLayout(of: graph.tensors[tensor], batch: batch))
  }

  func layoutOfOutput(of node: Int) throws(RuntimeError) -> ActivationLayout {
    try ActivationLayout(of: graph.tensors[graph.nodes[node].outputs[0]], batch: batch)
  }

  /// Appends a step.
  ///
  /// - Parameters:
  ///   - rowCount: what the threads share out, where it is not the output's rows.
  ///   - configure: fills in the kernel's parameters.
  mutating func emit(
    _ kernel: nn_kernel?, of node: Int, from input: Operand, and other: Operand? = nil, to output: Operand, splitsColumns: Bool = false,
    rowCount: Int? = nil, macCount: Int = 0, constantByteCount: Int = 0, configure: (inout nn_step) -> Void
  ) throws(RuntimeError) {
    guard steps.count < PlanLimits.stepCount else {
      throw .limitExceeded(limit: .stepCount, got: steps.count + 1, allowed: PlanLimits.stepCount)
    }
    var step = nn_step()
    step.kernel = kernel
    step.input = input.layout.view()
    step.output = output.layout.view()
    if let other { step.other = other.layout.view() }
    step.splits_columns = splitsColumns ? 1 : 0
    configure(&step)
    step.scratch_bytes = nn_scratch_bytes(kernels, &step)
    guard step.scratch_bytes <= PlanLimits.scratchByteCount else {
      throw .limitExceeded(limit: .scratchByteCount, got: step.scratch_bytes, allowed: PlanLimits.scratchByteCount)
    }

    let panel = NN_PANEL
    let activations = [input, output] + (other.map { [$0] } ?? [])
    steps.append(
      PlannedStep(
        node: node, step: step, inputBuffer: input.buffer, outputBuffer: output.buffer, otherBuffer: other?.buffer,
        rowCount: rowCount ?? output.layout.rowCount, panelCount: (output.layout.channels + panel - 1) / panel, macCount: macCount,
        byteCount: activations.reduce(constantByteCount) { $0 + $1.layout.byteCount }))
    for operand in activations { buffers[operand.buffer].extend(to: steps.count - 1) }
  }

  private mutating func define(_ tensor: Int) throws(RuntimeError) -> Operand {
    let operand = try temporary(try ActivationLayout(of: graph.tensors[tensor], batch: batch))
    operands[tensor] = operand
    return operand
  }
}

extension ArenaBuffer {
  fileprivate mutating func extend(to step: Int) { lifetime = lifetime.lowerBound...max(lifetime.upperBound, step) }
}

extension Graph {
  /// By tensor index: whether it is read, and by moves alone.
  fileprivate func movedOnly(except kept: [Int]) -> [Bool] {
    var isMovedOnly = [Bool](repeating: true, count: tensors.count)
    for node in nodes where !node.operation.isMove {
      for input in node.inputs { isMovedOnly[input] = false }
    }
    for tensor in kept { isMovedOnly[tensor] = false }
    return isMovedOnly
  }
}
