import CKernels
import NNQGraph
import TestSupport
import Testing

@testable import NNQRuntime

@Suite struct PlanTests {
  private static let options = PlanOptions(isa: .scalar, threads: 3, worthwhileNanoseconds: 0)

  /// Every row and panel of every step belongs to exactly one thread.
  @Test(arguments: UInt64(0)..<20) func sharesEachStepOutOnce(seed: UInt64) throws {
    let plan = try Plan(try Model(graph: randomGraph(seed: seed)), batch: 2, options: Self.options)
    for step in plan.steps {
      var owners = [Int](repeating: 0, count: step.rowCount * step.panelCount)
      for range in WorkSplit(step, threads: 3, worthwhileNanoseconds: 0).ranges {
        for row in Int(range.row_begin)..<Int(range.row_end) {
          for panel in Int(range.column_begin)..<Int(range.column_end) { owners[row * step.panelCount + panel] += 1 }
        }
      }
      #expect(owners.allSatisfy { $0 == 1 })
    }
  }

  @Test func takesOneThreadWhenNoStepIsWorthTwo() throws {
    var options = Self.options
    options.worthwhileNanoseconds = WorkSplit.worthwhileNanoseconds
    #expect(try Plan(try Model(graph: convolutionGraph()), batch: 1, options: options).threadCount == 1)
    #expect(try Plan(try Model(graph: convolutionGraph()), batch: 1, options: Self.options).threadCount == 3)
  }

  /// Nothing lies between pixels of 4 or of 1 to 3 channels: such reshapes cost no step. One to 5 channels spreads the elements.
  @Test func reshapesWithoutCopyWhereMemoryAllows() throws {
    func stepCount(_ from: [Int], _ to: [Int]) throws -> Int {
      var builder = GraphBuilder(seed: 1)
      let x = builder.addInput(from)
      builder.addOutput(builder.addReshape(x, to))
      return try Plan(try Model(graph: builder.graph), batch: 2, options: Self.options).steps.count
    }
    #expect(try stepCount([1, 2, 2, 4], [1, 16]) == 0)
    #expect(try stepCount([1, 5, 4, 1], [1, 20]) == 0)
    #expect(try stepCount([1, 2, 2, 5], [1, 20]) == 1)
    #expect(try stepCount([1, 20], [1, 2, 2, 5]) == 1)
    #expect(try stepCount([1, 2, 3, 5], [1, 5, 6]) == 2)
  }

  /// Planning takes quadratic time, so a file of very many nodes is refused.
  @Test func refusesMoreBuffersThanItCanPlaceInTime() throws {
    var builder = GraphBuilder(seed: 1)
    var x = builder.addInput([1, 1])
    for _ in 0..<PlanLimits.stepCount { x = builder.addPad(x, before: [0, 0], after: [0, 0]) }
    builder.addOutput(x)
    let model = try Model(graph: builder.graph)
    let allowed = PlanLimits.stepCount
    #expect(throws: RuntimeError.limitExceeded(limit: .bufferCount, got: allowed + 1, allowed: allowed)) { try Session(model) }
  }
}
