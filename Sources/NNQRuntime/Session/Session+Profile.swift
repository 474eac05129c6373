import CKernels
import NNQGraph

/// The time one kernel step takes on one thread.
public struct ProfiledStep: Equatable, Sendable {
  /// What a kernel makes of the zeros among its weights.
  public enum Weights: String, Sendable {
    /// It multiplies them like others.
    case dense
    /// It skips blocks of zeros.
    case sparse
  }

  /// The node's name: that of its first output. A node may have several steps, or none.
  public let node: String
  /// The operator's name in operators.md.
  public let operation: String
  /// Which inner kernel computes it.
  public let kernel: String
  /// Nil for steps without weights.
  public let weights: Weights?
  public let minNanoseconds: UInt64
  public let medianNanoseconds: UInt64
  /// Multiply-accumulates of the whole batch.
  public let macCount: Int
  /// Activations read and written, and weights.
  public let byteCount: Int
}

extension Session {
  /// Runs `runs` times on the caller's thread alone, with the inputs as they are, and times each step.
  public func profile(runs: Int) -> [ProfiledStep] {
    precondition(runs > 0, "a profile needs a run")
    let walk = self.walk
    let stepCount = plan.steps.count
    var samples = [[UInt64]](repeating: [], count: stepCount)
    var nanoseconds = [UInt64](repeating: 0, count: stepCount)
    for _ in 0..<runs {
      nn_plan_walk_profiled(walk.plan, walk.arena, walk.scratch, &nanoseconds)
      for (index, time) in nanoseconds.enumerated() { samples[index].append(time) }
    }
    return zip(plan.steps, samples).map { step, samples in
      let ascending = samples.sorted()
      let node = model.graph.nodes[step.node]
      return ProfiledStep(
        node: model.graph.location(ofNode: step.node), operation: node.operation.name, kernel: kernelName(step, of: node),
        weights: weights(of: node), minNanoseconds: ascending[0],
        medianNanoseconds: ascending[ascending.count / 2], macCount: step.macCount, byteCount: step.byteCount)
    }
  }

  private func weights(of node: Node) -> ProfiledStep.Weights? {
    Convolution(node, in: model.graph).map { model.constants.weights($0, ofTensor: node.inputs[1]).isSparse ? .sparse : .dense }
  }

  private func kernelName(_ step: PlannedStep, of node: Node) -> String {
    switch node.operation {
    case .conv2D, .dense:
      var record = step.step
      return String(cString: nn_conv_kernel_name(isa.kernels, &record))
    default: return node.operation.isMove ? "move" : node.operation.name
    }
  }
}

extension ISA {
  /// Multiply-accumulates a nanosecond that the caller's core does now when it need not load or store anything, by the
  /// instructions of this set's convolutions: the peak of every step. Takes about 20 ms.
  public func measurePeak() -> Double {
    // About 0.1 ms, then 2 ms at a time: the first brings the clock up, the fastest of the others was interrupted least.
    let first = max(1, nn_time_peak(code, 1 << 20))
    let macCount = (2_000_000 << 20) / first
    let fastest = (0..<10).map { _ in max(1, nn_time_peak(code, macCount)) }.min() ?? 1
    return Double(macCount) / Double(fastest)
  }
}
