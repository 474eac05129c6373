import NNQFormat
import NNQGraph
import TestSupport
import Testing

@testable import NNQRuntime

/// Spec: format.md 6.4.
@Suite struct SelfTestTests {
  private static let seed: UInt64 = 42

  /// The digest computed from the text: splitmix64 (that of the tests), the reference executor, SHA-256.
  private static func expectedDigest(_ graph: Graph) -> [UInt8] {
    var random = SeededRandom(seed: seed)
    let inputs = graph.inputs.map { port in
      (0..<graph.tensors[port.tensor].elementCount).map { _ in
        let value = random.next()
        return graph.tensors[port.tensor].elementType == .u8
          ? Int32(UInt8(truncatingIfNeeded: value)) : Int32(Int16(truncatingIfNeeded: value))
      }
    }
    let activations = ReferenceExecutor(graph).run(inputs)
    var hash = SHA256()
    for port in graph.outputs {
      let type = graph.tensors[port.tensor].elementType
      hash.update(
        (activations[port.tensor] ?? []).flatMap { value in
          (0..<type.byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * Int32($0))) }
        })
    }
    return hash.finalize()
  }

  @Test(arguments: [1, 2, 3]) func digestIsThatOfTheSpec(graphSeed: UInt64) throws {
    let graph = randomGraph(seed: graphSeed)
    let model = try Model(graph: graph)
    for isa in ISA.available {
      #expect(try model.selfTestDigest(seed: Self.seed, threads: 2, isa: isa) == Self.expectedDigest(graph), "\(isa)")
    }
  }

  @Test func verifiesAgainstTheStoredDigest() throws {
    let graph = convolutionGraph()
    var file = graph.modelFile
    #expect(throws: RuntimeError.noSelfTest) { try Model(file).verify() }
    file.selfTest = SelfTest(seed: Self.seed, outputDigest: Self.expectedDigest(graph))
    #expect(try Model(file).verify())
    file.selfTest?.outputDigest[0] ^= 1
    #expect(try !Model(file).verify())
  }
}
