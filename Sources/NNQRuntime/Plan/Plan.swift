import CKernels
import NNQGraph

/// What a session asks of all its plans.
struct PlanOptions {
  var isa: ISA
  /// Threads to plan for, the caller's among them.
  var threads: Int
  /// Steps estimated to take less run on one thread.
  var worthwhileNanoseconds = WorkSplit.worthwhileNanoseconds
  /// Activations, by index, whose values hold to the end of a run, as those of graph outputs do.
  var kept: [Int] = []
}

/// A model made ready for one instruction set, batch size and number of threads: kernel steps, who does which part of each, and
/// where everything lies in the arena. Immutable.
final class Plan {
  let batch: Int
  let steps: [PlannedStep]
  let arenaByteCount: Int
  /// For each thread.
  let scratchByteCount: Int
  /// 1 when no step is worth a second thread.
  let threadCount: Int
  private let operands: [Lowering.Operand?]
  private let byteOffsets: [Int]
  /// What the kernels walk: flat C records.
  let walk: UnsafeMutablePointer<nn_plan>
  private let stepRecords: UnsafeMutableBufferPointer<nn_step>
  private let rangeRecords: UnsafeMutableBufferPointer<nn_range>

  /// - Parameter model: must outlive the plan, which points to its constants.
  init(_ model: Model, batch: Int, options: PlanOptions) throws(RuntimeError) {
    guard batch >= 1 else { throw .invalidBatch(batch) }
    let lowering = try Lowering(
      model.graph, constants: model.constants, kernels: options.isa.kernels, batch: batch, keeping: options.kept)
    let memory = MemoryPlan(lowering.buffers)
    var steps = lowering.steps
    for index in steps.indices { steps[index].place(at: memory.byteOffsets) }

    let isThreaded = options.threads > 1 && steps.contains { $0.estimatedNanoseconds >= options.worthwhileNanoseconds }
    threadCount = isThreaded ? options.threads : 1
    let ranges = steps.flatMap { [threadCount] in
      WorkSplit($0, threads: threadCount, worthwhileNanoseconds: options.worthwhileNanoseconds).ranges
    }

    self.batch = batch
    self.steps = steps
    arenaByteCount = memory.byteCount
    scratchByteCount = AlignedMemory.roundUp(steps.map(\.step.scratch_bytes).max() ?? 0)
    // `PlanLimits` keep this far below 2^63.
    let runByteCount = memory.byteCount + scratchByteCount * threadCount
    guard runByteCount <= model.runByteCountLimit else {
      throw .limitExceeded(limit: .runByteCount, got: runByteCount, allowed: model.runByteCountLimit)
    }
    operands = lowering.operands
    byteOffsets = memory.byteOffsets

    stepRecords = .allocate(capacity: steps.count)
    _ = stepRecords.initialize(from: steps.map(\.step))
    rangeRecords = .allocate(capacity: ranges.count)
    _ = rangeRecords.initialize(from: ranges)
    walk = .allocate(capacity: 1)
    // Safe: `PlanLimits.stepCount` bounds the steps, a session its threads.
    walk.initialize(
      to: nn_plan(
        steps: UnsafePointer(stepRecords.baseAddress), ranges: UnsafePointer(rangeRecords.baseAddress), step_count: Int32(steps.count),
        thread_count: Int32(threadCount)))
  }

  deinit {
    walk.deallocate()
    rangeRecords.deallocate()
    stepRecords.deallocate()
  }

  /// Where an activation lies; nil for constants.
  ///
  /// Its bytes hold the tensor after a run only if it is an output or was kept.
  func place(ofTensor index: Int) -> ActivationPlace? {
    operands[index].map { ActivationPlace(layout: $0.layout, byteOffset: byteOffsets[$0.buffer]) }
  }
}

struct ActivationPlace {
  let layout: ActivationLayout
  let byteOffset: Int

  var view: nn_view { layout.view(offset: byteOffset) }
}
