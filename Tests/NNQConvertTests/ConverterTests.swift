import CKernels
import NNQFloat
import NNQFormat
import NNQGraph
import NNQRuntime
import Testing

@testable import NNQConvert

@Suite struct ConverterTests {
  private func convert(
    _ graph: FloatGraph, bits: Int = 8, sparsity: Double = 0, threads: Int = 1, samples: (any CalibrationSamples)? = nil,
    change: (inout ConvertOptions) -> Void = { _ in }
  ) throws -> Converter.Conversion {
    var options = ConvertOptions()
    (options.bits, options.sparsity, options.threads) = (bits, sparsity, threads)
    change(&options)
    return try Converter(options: options, samples: samples ?? ArraySamples(graph)).convert(graph)
  }

  // MARK: Determinism

  @Test(arguments: [0.0, 0.4]) func anyNumberOfThreadsGivesTheSameBytes(sparsity: Double) throws {
    let graph = try TestNet.residual()
    let files = try [1, 2, 3, 1].map { try convert(graph, sparsity: sparsity, threads: $0).file.encoded() }
    #expect(files.allSatisfy { $0 == files[0] })
  }

  @Test func anyInstructionSetGivesTheSameBytes() throws {
    let graph = try TestNet.residual()
    let files = try ISA.available.map { isa in try convert(graph, sparsity: 0.2) { $0.isa = isa }.file.encoded() }
    #expect(files.allSatisfy { $0 == files[0] })
  }

  /// The converter's float sums do not depend on the CPU, or its models would.
  @Test(arguments: [LoweredNet.classifier, .residual, .grouped, .sequence, .sigmoid])
  func everyInstructionSetGivesTheSameFloats(net: LoweredNet) throws {
    let graph = try net.graph()
    let isas = (0..<NN_ISA_COUNT.rawValue).map { nn_isa($0) }.filter { nn_f32_kernels_for($0) != nil }
    let outputs = try isas.map { try FloatExecutor(graph, isa: $0).run(inputs: graph.randomInputs(seed: 1)) }
    #expect(outputs.allSatisfy { $0 == outputs[0] })
  }

  /// The header of a compressed array can claim what no file holds.
  @Test func takesSamplesThatClaimToBeAnyNumber() throws {
    struct Claim: CalibrationSamples {
      let samples: ArraySamples
      let count = Int.max
      var summary: String { samples.summary }
      func forEach(_ body: ([[Float]]) throws -> Void) throws { try samples.forEach(body) }
    }
    let graph = try TestNet.residual()
    #expect(try convert(graph, samples: Claim(samples: ArraySamples(graph))).report.agreement?.sampleCount == 6)
  }

  @Test func theSeedIsThatOfTheSelfTest() throws {
    let graph = try TestNet.residual()
    let files = try [7, 8].map { seed in try convert(graph) { $0.seed = seed }.file }
    #expect(files.map { $0.selfTest?.seed } == [7, 8])
    #expect(files[0].selfTest?.outputDigest != files[1].selfTest?.outputDigest)
    #expect(files[0].graph == files[1].graph)
  }

  // MARK: Float models

  @Test func aFloatModelIsTheSimplifiedNet() throws {
    let graph = try TestNet.residual()
    let conversion = try convert(graph, bits: 32, samples: ArraySamples([]))
    let read = try FloatGraph(ModelFile.read(bytes: conversion.file.encoded()))
    #expect(try read.largestDifference(from: graph) < 1e-5)
    #expect(conversion.report.agreement == nil)
    #expect(conversion.report.layers.filter { $0.weightCount > 0 }.map(\.bits) == [32, 32, 32, 32])
  }

  @Test(arguments: LoweredNet.allCases) func convertingAFloatModelFurtherGivesTheModelOfTheNet(net: LoweredNet) throws {
    let graph = try net.graph()
    let samples = ArraySamples(graph, count: 2)
    let float = try FloatGraph(ModelFile.read(bytes: convert(graph, bits: 32, samples: samples).file.encoded()))
    let (direct, further) = (try convert(graph, samples: samples).file, try convert(float, samples: samples).file)
    #expect(try further.contentDigest() == direct.contentDigest())
  }

  @Test func aPrunedFloatModelIsMeasured() throws {
    let graph = try TestNet.residual()
    let conversion = try convert(graph, bits: 32, sparsity: 0.6)
    let report = conversion.report
    #expect(report.zeroCount == Int((0.6 * Double(report.weightCount)).rounded()))
    let decibels = try #require(report.agreement).sqnrDecibels
    #expect(decibels > 3 && decibels < 100)
    #expect(try FloatGraph(conversion.file).words.contains("batchNormalization") == false)
  }

  // MARK: Options

  @Test(arguments: 1...8) func everyNumberOfBitsIsRead(bits: Int) throws {
    let graph = try LoweredNet.residual.graph()
    let conversion = try convert(graph, bits: bits, sparsity: 0.2) { $0.delicateBits = bits }
    let file = try ModelFile.read(bytes: conversion.file.encoded())
    #expect(try file.contentDigest() == conversion.file.contentDigest())
    #expect(conversion.report.layers.map(\.bits) == [bits, bits, bits, bits])
    let decibels = try #require(conversion.report.agreement).sqnrDecibels
    #expect(decibels > 0, "\(decibels) dB")
  }

  @Test func excludedLayersKeepEightBits() throws {
    let report = try convert(TestNet.residual(), bits: 4) { $0.isExcluded = { $0.hasPrefix("dense") } }.report
    #expect(report.layers.filter { $0.weightCount > 0 }.map(\.bits) == [8, 8, 4, 8])
  }

  @Test func preprocessingFixesTheRangeOfTheInput() throws {
    let graph = try TestNet.residual()
    let rules = Preprocessing(colorOrder: .rgb, resize: .stretch, mean: [0, 0, 0], std: [127.5, 127.5, 127.5])
    let conversion = try convert(graph) { $0.preprocessing = rules }
    #expect(conversion.file.preprocessing == rules)
    let input = try Graph(conversion.file).tensors[0]
    #expect(input.quantization == Quantization(scale: Float(2.0 / 255), zeroPoint: 0))
  }

  @Test func labelsAndProvenanceAreStored() throws {
    let file = try convert(TestNet.residual()) { ($0.labels, $0.provenance) = (["a", "b", "c", "d", "e"], ["source": "test"]) }.file
    #expect(file.labels == ["a", "b", "c", "d", "e"])
    #expect(file.provenance == ["source": "test"])
  }

  @Test func withoutSamplesSyntheticOnesServe() throws {
    let graph = try LoweredNet.classifier.graph()
    let synthetic = SyntheticSamples(shapes: [[1, 3, 9, 8]], range: -1...1, seed: 0)
    let report = try convert(graph, samples: synthetic).report
    #expect(!report.isCalibrated)
    #expect(report.samples == "16 synthetic 1/f-noise samples (give --calib for real ones)")
    #expect(report.agreement?.sampleCount == 16)
    #expect(try convert(graph).report.isCalibrated)
  }

  @Test func inputsNeedNoNames() throws {
    let agreement = try #require(try convert(difference(of: ["", ""])).report.agreement)
    #expect(agreement.sqnrDecibels > 30)
  }

  /// The runtime calls an unnamed second input "input1" too.
  @Test func inputsMustBeTellable() throws {
    let graph = try difference(of: ["input1", ""])
    #expect(throws: RuntimeError.duplicatePortName("input1")) { try convert(graph) }
  }

  /// A net that subtracts its second input from its first.
  private func difference(of names: [String]) throws -> FloatGraph {
    var net = TestNet()
    let (a, b) = (try net.input([1, 4], name: names[0]), try net.input([1, 4], name: names[1]))
    return try net.finish(net.append(.binary(.sub), a, b))
  }

  @Test func progressCountsEveryStageToItsEnd() throws {
    var last: [Converter.Progress.Stage: Converter.Progress] = [:]
    var options = ConvertOptions()
    options.sparsity = 0.2
    let graph = try TestNet.residual()
    _ = try Converter(options: options, samples: ArraySamples(graph), progress: { last[$0.stage] = $0 }).convert(graph)
    #expect(Set(last.keys) == [.calibrate, .probe, .sweep, .measure])
    #expect(last.values.allSatisfy { $0.done == $0.total })
  }
}
