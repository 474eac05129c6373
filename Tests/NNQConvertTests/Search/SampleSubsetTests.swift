import Testing

@testable import NNQConvert

@Suite struct SampleSubsetTests {
  private func values(_ samples: any CalibrationSamples) throws -> [Float] {
    var values: [Float] = []
    let stream = samples.forEach
    try stream { values.append($0[0][0]) }
    #expect(values.count == samples.count)
    return values
  }

  @Test func everyThirdSampleMeasures() throws {
    let (fitted, measured) = SampleSubset.split(ArraySamples((0..<7).map { [[Float($0)]] }), .thirds)
    #expect(try values(fitted) == [0, 1, 3, 4, 6])
    #expect(try values(measured) == [2, 5])
  }

  @Test func fewSamplesDoBoth() throws {
    let (fitted, measured) = SampleSubset.split(ArraySamples([[[1]], [[2]]]), .thirds)
    #expect(try values(fitted) == [1, 2])
    #expect(try values(measured) == [1, 2])
  }
}
