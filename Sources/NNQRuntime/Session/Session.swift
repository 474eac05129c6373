import CKernels
import NNQFormat
import NNQGraph

/// Runs a model: owns the memory of one run, planned ahead, and the threads. One session serves one thread at a time; make one
/// for each thread that runs the model.
///
/// `run` takes and gives arrays. Callers that count microseconds write inputs where they are (`withUnsafeInput`,
/// `quantizeInput`), call `runInPlace`, and read outputs where they are: these allocate nothing.
public final class Session {
  public static let allowedThreadCounts = 1...64

  public let model: Model
  private let options: PlanOptions
  /// Nil as long as no plan had a step worth a second thread.
  private var pool: WorkerPool?
  private let barrier: AlignedMemory
  private(set) var plan: Plan
  private(set) var arena: AlignedMemory
  private var scratch: AlignedMemory

  /// - Parameters:
  ///   - batch: items of a run; `resize` and `run` change it.
  ///   - threads: that a run may use, the caller's among them; no more than processors are online, as threads that share one
  ///     would wait for each other.
  ///   - isa: nil takes the best this machine has.
  ///   - names: of activations to keep readable after a run (`floatTensor(named:)`), at the price of memory.
  public convenience init(
    _ model: Model, batch: Int = 1, threads: Int = 1, isa: ISA? = nil, keeping names: [String] = []
  ) throws(RuntimeError) {
    guard Session.allowedThreadCounts.contains(threads) else {
      throw .invalidThreadCount(threads, allowed: Session.allowedThreadCounts)
    }
    let kept = try names.map { (name) throws(RuntimeError) in try model.activation(named: name) }
    let options = PlanOptions(isa: isa ?? ISA.best, threads: min(threads, Workers.availableCount), kept: kept)
    try self.init(model, batch: batch, options: options)
  }

  init(_ model: Model, batch: Int, options: PlanOptions) throws(RuntimeError) {
    self.model = model
    self.options = options
    plan = try Plan(model, batch: batch, options: options)
    arena = try AlignedMemory(byteCount: plan.arenaByteCount)
    scratch = try AlignedMemory(byteCount: plan.scratchByteCount * plan.threadCount)
    barrier = try AlignedMemory(zeroed: MemoryLayout<nn_barrier>.size)
    pool = try plan.makePool()
  }

  public var isa: ISA { options.isa }

  /// Threads that a run may use, the caller's among them. A run uses one where no step is worth more.
  public var threads: Int { options.threads }

  public var batch: Int { plan.batch }

  /// Bytes of activations of one run.
  public var arenaByteCount: Int { plan.arenaByteCount }

  /// Plans for another number of batch items. Inputs and outputs are lost.
  ///
  /// Throws `invalidBatch`, `limitExceeded`, `outOfMemory`, and then leaves the session as it was.
  public func resize(batch: Int) throws(RuntimeError) {
    guard batch != self.batch else { return }
    let plan = try Plan(model, batch: batch, options: options)
    let arena = try AlignedMemory(byteCount: plan.arenaByteCount)
    let scratch = try AlignedMemory(byteCount: plan.scratchByteCount * plan.threadCount)
    if pool == nil { pool = try plan.makePool() }
    (self.plan, self.arena, self.scratch) = (plan, arena, scratch)
  }

  /// Computes the outputs from the inputs, all where they are in the arena. Allocates nothing.
  ///
  /// The memory of an input is used again once its last reader has run: write inputs before each run.
  public func runInPlace() {
    let walk = self.walk
    if let pool, plan.threadCount > 1 {
      pool.run(walk)
    } else {
      walk.walk(thread: 0)
    }
  }

  var walk: PlanWalk {
    // Safe: the allocations have the sizes the plan asks for, for each of its threads; a walk ends before they are replaced.
    PlanWalk(
      plan: UnsafePointer(plan.walk), barrier: barrier.base.assumingMemoryBound(to: nn_barrier.self),
      arena: arena.base.assumingMemoryBound(to: UInt8.self),
      scratch: scratch.base.assumingMemoryBound(to: UInt8.self), scratchByteCount: plan.scratchByteCount)
  }

  /// Index of an activation that can be read after a run.
  func readableTensor(named name: String) throws(RuntimeError) -> Int {
    let index = try model.activation(named: name)
    guard options.kept.contains(index) || model.outputs.contains(where: { $0.tensor == index }) else { throw .tensorNotKept(name: name) }
    return index
  }
}

extension Model {
  fileprivate func activation(named name: String) throws(RuntimeError) -> Int {
    guard let index = graph.tensors.firstIndex(where: { $0.name.utf8.elementsEqual(name.utf8) && $0.quantization != nil }) else {
      throw .tensorNotKept(name: name)
    }
    return index
  }
}

extension Plan {
  fileprivate func makePool() throws(RuntimeError) -> WorkerPool? {
    threadCount > 1 ? try WorkerPool(workerCount: threadCount - 1) : nil
  }
}

extension AlignedMemory {
  fileprivate convenience init(zeroed byteCount: Int) throws(RuntimeError) {
    try self.init(byteCount: byteCount)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
  }
}
