/// What becomes of each layer, as far as it is not left to the converter: what a conversion says it has done, and what the
/// next one is to do.
public struct ConversionPlan: Equatable, Sendable {
  /// The type of a layer's output.
  public enum OutputType: String, Sendable, CaseIterable { case u8, s16 }

  /// A nil is the converter's choice, by the other options.
  public struct LayerPlan: Equatable, Sendable {
    public var name: String
    /// Weight bits, 1...8.
    public var bits: Int?
    /// Share of the layer's weights to remove, 0...0.99.
    public var share: Double?
    /// How the range of the output is chosen.
    public var calibrator: Calibrator?
    public var output: OutputType?
    /// Not pruned, and 8 bits.
    public var isExcluded: Bool?

    public init(
      name: String, bits: Int? = nil, share: Double? = nil, calibrator: Calibrator? = nil, output: OutputType? = nil,
      isExcluded: Bool? = nil
    ) {
      (self.name, self.bits, self.share, self.calibrator) = (name, bits, share, calibrator)
      (self.output, self.isExcluded) = (output, isExcluded)
    }
  }

  public var layers: [LayerPlan]

  public init(layers: [LayerPlan] = []) { self.layers = layers }

  func layer(named name: String) -> LayerPlan? { layers.first { $0.name == name } }
}

/// The plan before the options for all layers.
extension ConvertOptions {
  func isExcluded(layer name: String) -> Bool { plan.layer(named: name)?.isExcluded ?? isExcluded(name) }

  /// Excluded layers keep 8 bits.
  func bits(ofLayer name: String, otherwise common: Int) -> Int {
    plan.layer(named: name)?.bits ?? (isExcluded(layer: name) ? 8 : common)
  }

  /// - Parameter chosen: for layers that the plan does not name.
  func calibrator(ofLayer name: String, chosen: Calibrator) -> Calibrator { plan.layer(named: name)?.calibrator ?? chosen }

  /// Whether any weights are to go.
  public var prunes: Bool { sparsity > 0 || plan.layers.contains { $0.share ?? 0 > 0 } }
}
