import NNQFloat
import Testing

@testable import NNQConvert

/// x -> x, two classes.
private let identity = FloatGraph(
  values: [FloatValue(name: "x", shape: [1, 2]), FloatValue(name: "y", shape: [1, 2])],
  nodes: [FloatNode(name: "y", .unary(.relu), inputs: [0], outputs: [1])], inputs: [0], outputs: [1])

@Suite struct AgreementTests {
  @Test func countsRightAnswersOfBothNets() {
    var agreement = Agreement()
    agreement.add(reference: [1, 2], result: [1, 2], expected: 1)
    agreement.add(reference: [1, 2], result: [2, 1], expected: 1)
    agreement.add(reference: [1, 2], result: [2, 1], expected: nil)
    #expect([agreement.sampleCount, agreement.sameTopCount] == [3, 1])
    #expect([agreement.labelledCount, agreement.floatCorrectCount, agreement.correctCount] == [2, 2, 1])
  }

  @Test func measuresAFloatNetThatNothingChanges() throws {
    var options = ConvertOptions()
    options.bits = 32
    options.expectedClasses = [0, 0, 1]
    let samples = ArraySamples([[[2, 1]], [[1, 2]], [[0, 3]]])
    let report = try Converter(options: options, samples: samples).convert(identity).report
    #expect(report.agreement?.floatCorrectCount == 2)
    #expect(report.agreement?.correctCount == 2)
  }

  @Test func refusesAnotherNumberOfClassesThanSamples() {
    var options = ConvertOptions()
    options.expectedClasses = [0]
    let converter = Converter(options: options, samples: ArraySamples([[[1, 2]], [[2, 1]]]))
    let expected = ConvertError(
      .badOption, at: "--expect", "it has 1 classes, there are 2 samples", remedy: "give one for each sample of --calib")
    #expect(throws: expected) { try converter.convert(identity) }
  }
}
