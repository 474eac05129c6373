import NNQFormat

extension Pixels {
  /// The net's real input: v' = (v - mean[c]) / std[c], each operation rounded to single precision. Spec: operators.md 4.
  ///
  /// - Parameters:
  ///   - mean, std: one value per channel, or one for all.
  ///   - layout: channelsFirst gives C,H,W, asStored H,W,C.
  package func normalized(mean: [Float], std: [Float], layout: Port.Layout) -> [Float] {
    let channels = extent.channels
    let tables = (0..<channels).map { c in
      let (mean, std) = (mean[mean.count == 1 ? 0 : c], std[std.count == 1 ? 0 : c])
      return (0..<256).map { (Float($0) - mean) / std }
    }
    switch layout {
    case .asStored:
      return samples.indices.map { tables[$0 % channels][Int(samples[$0])] }
    case .channelsFirst:
      return (0..<channels).flatMap { c in
        stride(from: c, to: samples.count, by: channels).map { tables[c][Int(samples[$0])] }
      }
    }
  }
}

extension Preprocessing {
  /// Pixels taken as 0...255, stretched to the net's size: what holds when a model and a command line say nothing.
  package static func identity(channels: Int) -> Preprocessing {
    Preprocessing(
      colorOrder: channels == 1 ? .gray : .rgb, resize: .stretch, mean: Array(repeating: 0, count: channels),
      std: Array(repeating: 1, count: channels))
  }
}
