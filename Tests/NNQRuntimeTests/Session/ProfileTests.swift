import NNQGraph
import Testing

@testable import NNQRuntime

@Suite struct ProfileTests {
  @Test func namesStepsAndCountsTheirWork() throws {
    let model = try Model(graph: convolutionGraph())
    let session = try Session(model, batch: 3, isa: .scalar)
    let profile = session.profile(runs: 3)
    let names = model.graph.nodes.map { model.graph.tensors[$0.outputs[0]].name }
    #expect(profile.map(\.node) == names)
    #expect(profile.map(\.operation) == ["conv2D", "table"])
    #expect(profile.map(\.kernel) == ["conv_scalar", "table"])
    #expect(profile.map(\.weights) == [.dense, nil])
    #expect(profile.map(\.macCount) == [3 * 16 * 5 * 18, 0])
    for step in profile {
      #expect(step.minNanoseconds <= step.medianNanoseconds)
      #expect(step.byteCount > 0)
    }
  }

  @Test(arguments: ISA.available) func measuresWhatTheCoreCanDo(isa: ISA) {
    let peak = isa.measurePeak()
    #expect(peak > 0.01 && peak < 10_000)
  }
}
