import NNQFloat
import NNQFormat
import Testing

@testable import NNQConvert

@Suite struct ConverterSearchTests {
  private func convert(_ change: (inout ConvertOptions) -> Void) throws -> Converter.Conversion {
    let graph = try net()
    var options = ConvertOptions()
    change(&options)
    return try Converter(options: options, samples: ArraySamples((0..<18).map { graph.randomInputs(seed: $0) })).convert(graph)
  }

  /// conv -> conv -> dense.
  private func net() throws -> FloatGraph {
    var net = TestNet(seed: 9)
    let x = try net.relu(net.conv(net.input([1, 3, 4, 4]), 6))
    let y = try net.relu(net.conv(x, 8, kernel: 3, pad: 1))
    return try net.finish(net.dense(net.flatten(y), 5))
  }

  @Test func aModelFitsIntoTheBytesItMayTake() throws {
    let whole = try convert { _ in }.file.encoded().count
    let allowed = whole * 8 / 10
    for choosesBits in [false, true] {
      let conversion = try convert { ($0.goal, $0.choosesBits) = (.size(byteCount: allowed), choosesBits) }
      let byteCount = try conversion.file.encoded().count
      #expect(byteCount <= allowed && byteCount > allowed * 8 / 10)
      #expect(choosesBits == (conversion.report.sparsity < 0.2))
    }
  }

  @Test func moreLossAllowedGivesNoLargerModel() throws {
    for choosesBits in [false, true] {
      let sizes = try [0.0, 20, 100].map { percent in
        try convert { ($0.goal, $0.choosesBits) = (.drop(percent: percent), choosesBits) }.file.encoded().count
      }
      #expect(sizes[0] >= sizes[1] && sizes[1] >= sizes[2] && sizes[0] > sizes[2])
    }
  }

  @Test func thePlanOfWhatWasFoundGivesTheSameModel() throws {
    let whole = try convert { _ in }.file.encoded().count
    let found = try convert { ($0.goal, $0.choosesBits) = (.size(byteCount: whole * 8 / 10), true) }
    #expect(Set(found.plan.layers.compactMap(\.bits)).count > 1)
    let again = try convert { $0.plan = found.plan }
    #expect(try again.file.contentDigest() == found.file.contentDigest())
  }

  @Test func saysWhatCannotBeReached() throws {
    let size = #expect(throws: ConvertError.self) { try convert { $0.goal = .size(byteCount: 100) } }
    #expect(size?.location == "--size 100")
  }
}
