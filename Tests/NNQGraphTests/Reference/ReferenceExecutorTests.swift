import NNQFormat
import NNQGraph
import Testing

@Suite struct ReferenceExecutorTests {
  @Test func keepsEveryActivation() throws {
    let graph = Graph(
      tensors: [
        .activation("x", [1, 2]), .constant("t", .u8, (0..<256).map { 255 - $0 }), .activation("y", [1, 2]), .activation("z", [1, 1]),
      ],
      nodes: [Node(.table, inputs: [0, 1], outputs: [2]), Node(.slice(begin: [0, 1], step: [1, 1]), inputs: [2], outputs: [3])],
      inputs: [Port(tensor: 0, layout: .asStored)], outputs: [Port(tensor: 3, layout: .asStored)])
    try graph.validate()
    #expect(ReferenceExecutor(graph).run([[1, 2]]) == [[1, 2], nil, [254, 253], [253]])
  }

  /// Splitmix64 of seed 0 gives E220A8397B1DCDAF, then 6E789E6AA1B965F4: bytes AF and F4; words CDAF and 65F4. Spec: format.md 6.4.
  @Test func selfTestDigestsOutputsOfSplitmixInputs() {
    func digest(_ type: ElementType) -> [UInt8] {
      let graph = Graph(.reshape, [.activation("x", [1, 2], type)], .activation("y", [1, 2, 1], type))
      return ReferenceExecutor(graph).selfTestDigest(seed: 0)
    }
    #expect(digest(.u8) == sha256([0xAF, 0xF4]))
    #expect(digest(.s16) == sha256([0xAF, 0xCD, 0xF4, 0x65]))
  }

  /// Inputs are drawn one after the other, outputs digested in port order.
  @Test func selfTestGoesThroughPortsInOrder() {
    let tensors = ["a", "b"].map { Tensor.activation($0, [1, 1]) }
    let graph = Graph(
      tensors: tensors, nodes: [], inputs: [Port(tensor: 1, layout: .asStored), Port(tensor: 0, layout: .asStored)],
      outputs: [Port(tensor: 0, layout: .asStored), Port(tensor: 1, layout: .asStored)])
    #expect(ReferenceExecutor(graph).selfTestDigest(seed: 0) == sha256([0xF4, 0xAF]))
  }

  private func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finalize()
  }
}
