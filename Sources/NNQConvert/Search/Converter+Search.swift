import NNQFloat
import NNQFormat

/// Finds how much can or must be removed. Every candidate is a whole conversion, and what it costs is measured on the model.
extension Converter {
  /// Of a path of bits, evenly spaced: at most six of them are tried.
  private static let stepCount = 32

  /// - Throws: `ConvertError.badOption` if no step reaches the goal.
  func search(_ goal: ConversionGoal, _ net: LayerGraph, _ executor: FloatExecutor) throws -> CompressionStep {
    switch goal {
    case .drop(let percent):
      let (fitted, measured) = SampleSubset.split(samples, .thirds)
      let judge = Converter(options: options.withoutClasses, samples: measured, progress: progress)
      return try Converter(options: options.withoutClasses, samples: fitted, progress: progress).last(net) { conversion in
        let measurement = try IntegerMeasurement(conversion.file, isa: options.isa)
        let agreement = try judge.measureAgreement(executor) { try measurement.run($0) }
        return 100 * Double(agreement.sampleCount - agreement.sameTopCount) <= percent * Double(agreement.sampleCount)
      } orThrow: {
        ConvertError(
          .badOption, at: "--max-drop \(percent)", "8-bit weights alone change more answers", remedy: "allow more, or take --bits 32")
      }
    case .size(let byteCount):
      return try last(net, reversed: true) { conversion in
        var file = conversion.file
        annotate(&file)
        // A digest, which does not compress, in place of the one that takes a run.
        file.selfTest = SelfTest(seed: options.seed, outputDigest: SHA256.digest([]))
        return try file.encoded().count <= byteCount
      } orThrow: {
        ConvertError(
          .badOption, at: "--size \(byteCount)", "the smallest model that can be made is larger", remedy: "allow more bytes")
      }
    }
  }

  /// The last step of the path, or the first one, up to which conversions are accepted: what one loses or takes grows or
  /// shrinks along the path.
  private func last(
    _ net: LayerGraph, reversed: Bool = false, isAccepted: (Conversion) throws -> Bool, orThrow error: () -> ConvertError
  ) throws -> CompressionStep {
    let start = WeightBits(net, options)
    var preparation = try prepare(net, start)
    let path = try self.path(preparation, start)
    let steps = reversed ? path.reversed() : path
    var (accepted, rejected) = (-1, steps.count)
    while rejected - accepted > 1 {
      let middle = (accepted + rejected) / 2
      if try isAccepted(build(&preparation, steps[middle], ConversionReport())) { accepted = middle } else { rejected = middle }
    }
    guard accepted >= 0 else { throw error() }
    return steps[accepted]
  }

  /// From the model nearest to the float net to the smallest one.
  private func path(_ preparation: Preparation, _ start: WeightBits) throws -> [CompressionStep] {
    guard options.choosesBits else {
      // Some layers stay as they are, so that not every share can go.
      return (0..<20).map { CompressionStep(sparsity: Double($0) / 20, bits: start) }.prefix {
        (try? pruningGoal(preparation.net, sparsity: $0.sparsity)) != nil
      }.map(\.self)
    }
    let path = try bitCosts(preparation, start).path(from: start)
    let count = min(Self.stepCount, path.count)
    return (0..<count).map { CompressionStep(sparsity: options.sparsity, bits: path[$0 * (path.count - 1) / max(count - 1, 1)]) }
  }

  private func bitCosts(_ preparation: Preparation, _ start: WeightBits) throws -> [BitCosts] {
    let net = preparation.net
    let delicate = net.delicateLayers
    let open = net.layers.indices.filter { index in
      let layer = net.layers[index]
      return layer.weights != nil && options.plan.layer(named: layer.name)?.bits == nil && !options.isExcluded(layer: layer.name)
        && (options.delicateBits == nil || !delicate.contains(index))
    }
    let probe = LayerProbe(
      net: net, executor: preparation.executor, layers: open, groups: net.weightGroups(options.prunePattern), threads: options.threads)
    let samples = try held(SampleWalk.sampleLimit(for: net), of: net)
    return try probe.bitCosts(samples, preparation.plan(start)) {
      progress(Progress(stage: .probe, done: $0, total: net.layers.count))
    }
  }
}

extension ConvertOptions {
  /// Those of some of the samples: the classes belong to all.
  fileprivate var withoutClasses: ConvertOptions {
    var options = self
    options.expectedClasses = nil
    return options
  }
}
