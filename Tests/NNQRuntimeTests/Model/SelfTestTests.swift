import NNQFormat
import NNQGraph
import TestSupport
import Testing

@testable import NNQRuntime

/// Spec: format.md 6.4.
@Suite struct SelfTestTests {
  private static let seed: UInt64 = 42

  private static func expectedDigest(_ graph: Graph) -> [UInt8] { ReferenceExecutor(graph).selfTestDigest(seed: seed) }

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
