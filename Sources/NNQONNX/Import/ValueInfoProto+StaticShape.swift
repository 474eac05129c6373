extension ValueInfoProto {
  /// Nil for what is not a tensor of numbers.
  var dataType: TensorProto.DataType? { elementType.flatMap(TensorProto.DataType.init) }

  /// As a graph input.
  var place: Place { Place("input", name, byteOffset: byteOffset) }

  /// The shape of a graph input.
  ///
  /// The first axis is the batch: 1 where it is open, and where the model fixes it as it is fixed. Other axes must be fixed by
  /// the model or by the caller.
  /// - Parameters:
  ///   - requested: the caller's shape of this input, all axes; its batch is 1.
  ///   - keepsBatch: whether the batch axis is to be an axis like any other.
  func staticShape(_ requested: [Int]?, keepsBatch: Bool = false) throws(Refusal) -> [Int] {
    guard dataType != nil else {
      throw Refusal(.unsupportedType, at: place, "element type \(elementType.map { "\($0)" } ?? "none") of ONNX is not supported")
    }
    if keepsBatch, let requested { return requested }
    guard let dimensions = shape ?? requested?.map({ .fixed(Int64($0)) }) else {
      throw Refusal(.symbolicAxis, at: place, "the model does not state its shape", remedy: "give it with --input-shape \(name)=1,...")
    }
    guard !dimensions.isEmpty || keepsBatch else { throw Refusal(.batchAxis, at: place, "it is a scalar, without a batch axis") }
    guard dimensions.count <= HostTensor.maximumRank else {
      throw Refusal(.invalidShape, at: place, "it has \(dimensions.count) axes, at most \(HostTensor.maximumRank) are supported")
    }
    if let requested, requested.count != dimensions.count {
      throw Refusal(.invalidOption, at: place, "shape \(requested) is given for an input with \(dimensions.count) axes")
    }
    var extents: [Int] = []
    for axis in dimensions.indices { extents.append(try extent(of: axis, dimensions, requested: requested?[axis], place)) }
    return extents
  }

  private func extent(of axis: Int, _ dimensions: [Dimension], requested: Int?, _ place: Place) throws(Refusal) -> Int {
    // Some exporters write -1 or 0 for an axis that is open.
    if case .fixed(let extent) = dimensions[axis], extent >= 1 {
      guard requested == nil || requested.map({ Int64($0) }) == extent || axis == 0 && requested == 1 else {
        throw Refusal(.invalidOption, at: place, "axis \(axis) is given as \(requested ?? 0), the model fixes it at \(extent)")
      }
      return Int(clamping: extent)
    }
    if axis == 0 {
      guard requested ?? 1 == 1 else {
        throw Refusal(.invalidOption, at: place, "batch \(requested ?? 1) is given, a model is converted for batch 1 and runs with any")
      }
      return 1
    }
    guard let requested else { throw symbolic(axis, dimensions, place) }
    return requested
  }

  private func symbolic(_ axis: Int, _ dimensions: [Dimension], _ place: Place) -> Refusal {
    var label = ""
    if case .symbolic(let parameter) = dimensions[axis], !parameter.isEmpty { label = " '\(parameter)'" }
    let example = dimensions.enumerated().map { axis, dimension in
      if case .fixed(let extent) = dimension, extent >= 1 { return "\(extent)" }
      return axis == 0 ? "1" : "?"
    }
    return Refusal(
      .symbolicAxis, at: place, "axis \(axis)\(label) is not fixed",
      remedy: "give the shape with --input-shape \(name)=\(example.joined(separator: ","))")
  }
}
