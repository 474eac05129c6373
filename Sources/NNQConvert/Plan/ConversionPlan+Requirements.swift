import NNQFloat

/// What a plan may ask of a net.
extension ConversionPlan {
  /// - Throws: `ConvertError.badPlan`, for the first layer that is not as the plan takes it to be.
  func requireFit(to net: LayerGraph) throws(ConvertError) {
    var known: Set<String> = []
    let groups = GridGroups(net)
    var types: [Int: LayerPlan] = [:]
    for plan in layers {
      guard known.insert(plan.name).inserted else { throw .badPlan(plan, "name", got: "it twice", expected: "each layer once") }
      guard let layer = net.layers.first(where: { $0.name == plan.name }) else {
        throw .badPlan(plan, "name", got: "a layer that the net has not", expected: "one that --write-plan writes")
      }
      try plan.requireFit(to: layer)
      guard let output = plan.output else { continue }
      let group = groups.group(of: layer.output)
      if output == .s16, !groups.writableAsWide(net).contains(group) {
        throw .badPlan(plan, "output", got: "s16", expected: "u8, as an operator here knows no other type")
      }
      if let other = types[group], other.output != output {
        throw .badPlan(plan, "output", got: output.rawValue, expected: "the type of '\(other.name)', which shares its grid")
      }
      types[group] = plan
    }
  }

  /// The values that hold 16 bits, by the plan and, where it is silent, as found.
  func wideValues(_ net: LayerGraph, found: Set<Int>) -> Set<Int> {
    let groups = GridGroups(net)
    var wide = found
    for layer in net.layers {
      guard let output = self.layer(named: layer.name)?.output else { continue }
      let members = groups.members(of: [layer.output], in: net)
      switch output {
      case .u8: wide.subtract(members)
      case .s16: wide.formUnion(members)
      }
    }
    return wide
  }
}

extension ConversionPlan.LayerPlan {
  fileprivate func requireFit(to layer: Layer) throws(ConvertError) {
    if layer.weights == nil {
      for (key, isGiven) in [("bits", bits != nil), ("share", share != nil), ("excluded", isExcluded != nil)] where isGiven {
        throw .badPlan(self, key, got: "it for a layer of kind \(layer.kind)", expected: "a layer with weights")
      }
    }
    if let bits, !(1...8).contains(bits) { throw .badPlan(self, "bits", got: "\(bits)", expected: "1...8") }
    if let share, !(0...0.99).contains(share) { throw .badPlan(self, "share", got: "\(share)", expected: "0...0.99") }
    guard isExcluded == true else { return }
    if let bits, bits != 8 { throw .badPlan(self, "bits", got: "\(bits)", expected: "8, as the layer is excluded") }
    if let share, share > 0 { throw .badPlan(self, "share", got: "\(share)", expected: "0, as the layer is excluded") }
  }
}

extension ConvertError {
  fileprivate static func badPlan(
    _ layer: ConversionPlan.LayerPlan, _ key: String, got: String, expected: String
  ) -> ConvertError {
    ConvertError(.badPlan, at: "layer '\(layer.name)', \(key)", "got \(got)", remedy: "expected \(expected)")
  }
}
