import CKernels
import NNQFormat
import NNQGraph

/// An input or output where it is in a session's arena: images of height x width pixels, in the order N,H,W,C.
///
/// Rank 2 tensors are one pixel an image, rank 3 (N,L,C) one column of L pixels.
public struct InPlaceTensor {
  /// Starts at the first pixel. Bytes between a pixel's channels and its stride mean nothing.
  public let bytes: UnsafeMutableRawBufferPointer
  /// `u8`, `s16` or `s32`.
  public let elementType: ElementType
  public let batch: Int
  public let height: Int
  public let width: Int
  public let channels: Int
  /// Bytes from a pixel to the next.
  public let pixelStride: Int
}

/// Access without copies. Indices are those of `Model.inputs` and `Model.outputs`. Nothing here allocates.
extension Session {
  /// The memory is valid during `body` only.
  public func withUnsafeInput<Result, Failure: Error>(
    _ index: Int = 0, _ body: (InPlaceTensor) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(inPlaceTensor(model.inputs[index]))
  }

  /// The memory is valid during `body` only.
  public func withUnsafeOutput<Result, Failure: Error>(
    _ index: Int = 0, _ body: (InPlaceTensor) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(inPlaceTensor(model.outputs[index]))
  }

  /// Quantises real values into an input; one of integers is checked (`indexOutOfRange`).
  ///
  /// - Parameter values: the whole batch in the layout of `Model.inputs[index].shape`; their number is checked.
  public func quantizeInput(_ index: Int = 0, from values: UnsafeBufferPointer<Float>) throws(RuntimeError) {
    let port = model.inputs[index]
    let place = place(of: port.tensor)
    guard values.count == place.layout.elementCount, let source = values.baseAddress else {
      throw .wrongElementCount(tensor: port.name, got: values.count, expected: place.layout.elementCount)
    }
    if let count = port.indexCount { return try setIndices(port, values, count: count) }
    let external = ExternalLayout(place.layout, order: port.layout)
    var view = place.view
    var boundary = nn_boundary(model.graph.tensors[port.tensor])
    for image in 0..<place.layout.imageCount {
      nn_quantize_f32(
        source + image * external.imageStride, external.rowStride, external.columnStride, external.channelStride, arenaBytes, &view,
        Int32(truncatingIfNeeded: image), &boundary)
    }
  }

  /// Writes an output's real values.
  ///
  /// - Parameter values: room for the whole batch in the layout of `Model.outputs[index].shape`; its size is checked.
  public func dequantizeOutput(_ index: Int = 0, into values: UnsafeMutableBufferPointer<Float>) throws(RuntimeError) {
    let port = model.outputs[index]
    try dequantize(port.tensor, order: port.layout, into: values)
  }

  func dequantize(_ tensor: Int, order: Port.Layout, into values: UnsafeMutableBufferPointer<Float>) throws(RuntimeError) {
    let place = place(of: tensor)
    guard values.count == place.layout.elementCount, let destination = values.baseAddress else {
      throw .wrongElementCount(
        tensor: model.graph.tensors[tensor].name, got: values.count, expected: place.layout.elementCount)
    }
    if model.graph.tensors[tensor].elementType == .s32 { return readIndices(place, into: values) }
    let external = ExternalLayout(place.layout, order: order)
    var view = place.view
    var boundary = nn_boundary(model.graph.tensors[tensor])
    for image in 0..<place.layout.imageCount {
      nn_dequantize_f32(
        arenaBytes, &view, Int32(truncatingIfNeeded: image), destination + image * external.imageStride, external.rowStride,
        external.columnStride, external.channelStride, &boundary)
    }
  }

  /// Every activation has a place.
  func place(of tensor: Int) -> ActivationPlace {
    guard let place = plan.place(ofTensor: tensor) else { preconditionFailure("tensor \(tensor) is no activation") }
    return place
  }

  /// The start of an activation.
  func pointer(to place: ActivationPlace) -> UnsafeMutableRawPointer { arena.base + place.byteOffset }

  /// Safe: bound to bytes for kernels that check nothing; the views they get lie within the arena by the plan.
  private var arenaBytes: UnsafeMutablePointer<UInt8> { arena.base.assumingMemoryBound(to: UInt8.self) }

  private func inPlaceTensor(_ port: PortDescription) -> InPlaceTensor {
    let place = place(of: port.tensor)
    let layout = place.layout
    return InPlaceTensor(
      bytes: UnsafeMutableRawBufferPointer(start: pointer(to: place), count: layout.byteCount), elementType: port.elementType,
      batch: layout.imageCount, height: layout.height, width: layout.width, channels: layout.channels,
      pixelStride: layout.pixelStride)
  }
}
