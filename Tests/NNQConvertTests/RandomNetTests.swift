import NNQFloat
import NNQGraph
import Testing

@testable import NNQConvert

/// Whatever a net is made of: it is refused by a layer's name, or every form it takes agrees with it.
@Suite struct RandomNetTests {
  @Test(arguments: UInt64(0)..<24) func isRefusedOrConvertedFaithfully(seed: UInt64) throws {
    let graph = try TestNet.random(seed: seed)
    var options = ConvertOptions()
    options.calibrator = .minmax
    func convert(_ source: FloatGraph, bits: Int = 8) throws -> Converter.Conversion {
      options.bits = bits
      return try Converter(options: options, samples: ArraySamples(graph, count: 3)).convert(source)
    }
    let float = try FloatGraph(convert(graph, bits: 32).file)
    #expect(try float.largestDifference(from: graph) < 1e-4)
    let conversion: Converter.Conversion
    do { conversion = try convert(graph) } catch let error as ConvertError {
      #expect(error.code == .unsupported)
      return
    }
    let decibels = try #require(conversion.report.agreement).sqnrDecibels
    #expect(decibels > 20, "\(decibels) dB")
    #expect(try ReferenceExecutor(Graph(conversion.file)).selfTestDigest(seed: 0) == conversion.file.selfTest?.outputDigest)
    #expect(try convert(float).file.contentDigest() == conversion.file.contentDigest())
  }
}
