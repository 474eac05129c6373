import NNQFormat

extension Pixels {
  /// The net's real input: v' = (v - mean[c]) / std[c], each operation rounded to single precision. Spec: operators.md 4.
  ///
  /// - Parameters:
  ///   - mean, std: one value per channel.
  ///   - layout: channelsFirst gives C,H,W, asStored H,W,C.
  package func normalized(mean: [Float], std: [Float], layout: Port.Layout) -> [Float] {
    let channels = extent.channels
    let tables = (0..<channels).map { c in
      let (mean, std) = (mean[c], std[c])
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
