import CAllocCount
import NNQGraph
import TestSupport
import Testing

@testable import NNQRuntime

/// After its first run a session allocates nothing.
@Suite(.enabled(if: alloc_count_is_available() != 0, "allocations are counted with glibc's malloc only"))
struct AllocationTests {
  @Test func countsAllocations() {
    alloc_count_begin()
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 100, alignment: 16)
    let count = alloc_count_end()
    memory.deallocate()
    #expect(count == 1)
  }

  @Test(arguments: [1, 2]) func allocatesNothingAfterTheFirstRun(threads: Int) throws {
    let model = try Model(graph: randomGraph(seed: 7, nodeCount: 16))
    for isa in ISA.available {
      let options = PlanOptions(isa: isa, threads: threads, worthwhileNanoseconds: 0)
      let session = try Session(model, batch: 2, options: options)
      let values = [Float](repeating: 0.5, count: session.place(of: model.inputs[0].tensor).layout.elementCount)
      var results = [Float](repeating: 0, count: session.place(of: model.outputs[0].tensor).layout.elementCount)
      try runBetweenBoundaries(session, values, &results)
      alloc_count_begin()
      try runBetweenBoundaries(session, values, &results)
      #expect(alloc_count_end() == 0, "\(isa)")
    }
  }

  private func runBetweenBoundaries(_ session: Session, _ values: [Float], _ results: inout [Float]) throws {
    try values.withUnsafeBufferPointer { try session.quantizeInput(from: $0) }
    session.withUnsafeInput { $0.bytes[0] = 1 }
    session.runInPlace()
    try results.withUnsafeMutableBufferPointer { try session.dequantizeOutput(into: $0) }
  }
}
