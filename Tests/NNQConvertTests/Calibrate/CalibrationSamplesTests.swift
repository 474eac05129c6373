import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct CalibrationSamplesTests {
  private func graph() throws -> FloatGraph {
    var net = TestNet()
    return try net.finish(net.relu(net.input([1, 2])))
  }

  @Test(arguments: 1...4) func resultsComeInTheOrderOfTheSamples(threads: Int) throws {
    let samples = ArraySamples((0..<7).map { [[Float($0), 0]] })
    var results: [Float] = []
    try samples.forEach(of: graph(), threads: threads) { index, inputs in
      inputs[0][0] * 10 + Float(index)
    } deliver: { index, result in
      #expect(index == results.count)
      results.append(result)
    }
    #expect(results == (0..<7).map { Float($0) * 11 })
  }

  @Test(arguments: [Float.nan, .infinity]) func refusesWhatIsNoNumber(value: Float) throws {
    let error = ConvertError(.badSample, at: "sample 2", "it holds NaN or infinity", remedy: "leave it out")
    let samples = ArraySamples([[[0, 1]], [[1, 2]], [[1, value]]])
    #expect(throws: error) { try Converter(options: ConvertOptions(), samples: samples).convert(graph()) }
  }

  @Test func refusesAnotherNumberOfElements() throws {
    let error = ConvertError(
      .badSample, at: "sample 1", "it has [3] elements, the inputs take [2]", remedy: "give samples of shape [[1, 2]]")
    let samples = ArraySamples([[[0, 1]], [[1, 2, 3]]])
    #expect(throws: error) { try Converter(options: ConvertOptions(), samples: samples).convert(graph()) }
  }

  @Test func refusesNone() throws {
    let error = ConvertError(.badSample, at: "--calib", "there are no samples", remedy: "give a folder or file that holds some")
    #expect(throws: error) { try Converter(options: ConvertOptions(), samples: ArraySamples([])).convert(graph()) }
  }
}
