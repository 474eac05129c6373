import NNQGraph
import Testing

/// Graphs built in memory are held to the ranges that the decoder asks for.
@Suite struct AttributeValidationTests {
  private let image = Tensor.activation("x", [1, 2, 2, 1])
  private let refused = Refusal(.attributeRange, at: "y")

  private func refusal(_ operation: NNQGraph.Operation) -> Refusal? {
    Graph(operation, [image], .activation("y", [1, 2, 2, 1])).refusal
  }

  @Test func rejectsStridesDilationsAndGroupsBelowOne() {
    func refusal(_ change: (inout Conv2D) -> Void) -> Refusal? {
      var conv = Conv2D.plain
      change(&conv)
      return AccumulatingGraph(x: image, weights: [1], [1, 1, 1, 1], y: [1, 2, 2, 1]).convolution(conv).refusal
    }
    #expect(refusal { _ in } == nil)
    #expect(refusal { $0.stride.width = 0 } == refused)
    #expect(refusal { $0.dilation.height = 0 } == refused)
    #expect(refusal { $0.groups = 0 } == refused)
    #expect(refusal { $0.groups = Int.max } == refused)
    #expect(refusal { $0.padding.top = -1 } == refused)
    #expect(self.refusal(.maxPool(Window(1, 1, stride: Extent2D(height: 0, width: 1)))) == refused)
    #expect(self.refusal(.maxPool(Window(Int.min, 1))) == refused)
  }

  @Test func rejectsPaddingsAndStepsNotOneForEachAxis() {
    let zeros = [0, 0, 0, 0]
    #expect(refusal(.pad(before: zeros, after: zeros, fill: 0)) == nil)
    #expect(refusal(.pad(before: [0, 0], after: zeros + [0, 0], fill: 0)) == refused)
    #expect(refusal(.pad(before: [], after: [], fill: 0)) == Refusal(.attributeCount, at: "y"))
    #expect(refusal(.pad(before: [0, -1, 0, 0], after: zeros, fill: 0)) == refused)
    #expect(refusal(.pad(before: [0, Int.max, 0, 0], after: zeros, fill: 0)) == refused)
    #expect(refusal(.pad(before: zeros, after: zeros, fill: 255)) == nil)
    #expect(refusal(.pad(before: zeros, after: zeros, fill: -1)) == refused)
    #expect(refusal(.pad(before: zeros, after: zeros, fill: 256)) == refused)
    #expect(refusal(.pad(before: zeros, after: zeros, fill: 32768)) == refused)
    #expect(refusal(.slice(begin: zeros, step: [1, 1, 1, 1])) == nil)
    #expect(refusal(.slice(begin: zeros, step: [1, 1, 1, 0])) == refused)
    #expect(refusal(.slice(begin: zeros, step: [1, 1, 1, 1, 1])) == Refusal(.attributeCount, at: "y"))
  }

  @Test func rejectsAxesOfNoTensor() {
    for axis in [-1, 0, 8, Int.max] {
      #expect(Graph(.concat(axis: axis), [image, .activation("x2", [1, 2, 2, 1])], .activation("y", [1, 2, 2, 2])).refusal == refused)
    }
  }
}
