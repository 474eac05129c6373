extension HostTensor {
  /// Decodes a stored tensor; its type, dims and number of elements must agree.
  ///
  /// - Parameter place: where the tensor is, for messages.
  init(_ proto: TensorProto, at place: Place) throws(Refusal) {
    guard !proto.isExternal else {
      throw Refusal(
        .externalData, at: place, "its data is in another file, which is not read",
        remedy: "save the model as one file that holds all tensors")
    }
    guard let type = TensorProto.DataType(rawValue: proto.dataType) else {
      throw Refusal(
        .unsupportedType, at: place, "element type \(proto.dataType) of ONNX is not supported", remedy: "export the model in float32")
    }
    let shape = proto.dims.map { Int(clamping: $0) }
    guard let elementCount = Self.elementCount(shape) else {
      throw Refusal(.invalidTensor, at: place, "its dims are negative, too large or too many")
    }
    if let raw = proto.rawData, raw.count % type.byteCount != 0 {
      throw Refusal(.invalidTensor, at: place, "\(raw.count) bytes are no whole number of elements of \(type.byteCount) bytes")
    }
    var elements = proto.rawData.map { Elements(rawData: $0, type) } ?? Elements(typedDataOf: proto, type)
    if case .integers(let values) = elements, type == .uint4 || type == .int4, values.count == elementCount + 1 {
      // The second half of the last byte is padding.
      elements = .integers(values.dropLast())
    }
    guard elements.count == elementCount else {
      throw Refusal(.invalidTensor, at: place, "dims \(shape) ask for \(elementCount) elements, the data holds \(elements.count)")
    }
    self.init(shape: shape, elements)
  }
}

extension HostTensor.Elements {
  var count: Int {
    switch self {
    case .floats(let values): values.count
    case .integers(let values): values.count
    case .booleans(let values): values.count
    }
  }

  fileprivate init(rawData bytes: ArraySlice<UInt8>, _ type: TensorProto.DataType) {
    self =
      switch type {
      case .float32: .floats(bytes.littleEndian(UInt32.self).map { Float(bitPattern: $0) })
      case .float64: .floats(bytes.littleEndian(UInt64.self).map { Float(Double(bitPattern: $0)) })
      case .float16: .floats(bytes.littleEndian(UInt16.self).map { Float(Float16(bitPattern: $0)) })
      case .bfloat16: .floats(bytes.littleEndian(UInt16.self).map { Float(bitPattern: UInt32($0) << 16) })
      case .uint8: .integers(bytes.map { Int64($0) })
      case .int8: .integers(bytes.map { Int64(Int8(bitPattern: $0)) })
      case .int32: .integers(bytes.littleEndian(Int32.self).map { Int64($0) })
      case .int64: .integers(bytes.littleEndian(Int64.self))
      case .uint16: .integers(bytes.littleEndian(UInt16.self).map { Int64($0) })
      case .int16: .integers(bytes.littleEndian(Int16.self).map { Int64($0) })
      case .uint32: .integers(bytes.littleEndian(UInt32.self).map { Int64($0) })
      case .uint64: .integers(bytes.littleEndian(UInt64.self).map { Int64(clamping: $0) })
      case .bool: .booleans(bytes.map { $0 != 0 })
      case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz:
        .floats(bytes.map { SmallFloat(type).value(ofBits: $0) })
      case .uint4, .int4: .integers(bytes.flatMap { $0.halves(isSigned: type == .int4) })
      }
  }

  fileprivate init(typedDataOf proto: TensorProto, _ type: TensorProto.DataType) {
    self =
      switch type {
      case .float32: .floats(proto.floatData)
      case .float64: .floats(proto.doubleData.map { Float($0) })
      case .float16: .floats(proto.int32Data.map { Float(Float16(bitPattern: UInt16(truncatingIfNeeded: $0))) })
      case .bfloat16: .floats(proto.int32Data.map { Float(bitPattern: UInt32(truncatingIfNeeded: $0 << 16)) })
      case .uint8, .int8, .uint16, .int16, .int32: .integers(proto.int32Data)
      case .int64: .integers(proto.int64Data)
      case .uint32, .uint64: .integers(proto.uint64Data.map { Int64(clamping: UInt64(bitPattern: $0)) })
      case .bool: .booleans(proto.int32Data.map { $0 != 0 })
      case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz:
        .floats(proto.int32Data.map { SmallFloat(type).value(ofBits: UInt8(truncatingIfNeeded: $0)) })
      case .uint4, .int4: .integers(proto.int32Data.flatMap { UInt8(truncatingIfNeeded: $0).halves(isSigned: type == .int4) })
      }
  }
}

extension ArraySlice<UInt8> {
  /// The bytes as little-endian integers; their count is a multiple of the integer's.
  fileprivate func littleEndian<Integer: FixedWidthInteger & BitwiseCopyable>(_ type: Integer.Type) -> [Integer] {
    let byteCount = Integer.bitWidth / 8
    return withUnsafeBytes { buffer in
      // Safe: the last load starts at count - byteCount, for count is a multiple of byteCount.
      (0..<buffer.count / byteCount).map { index in
        Integer(littleEndian: buffer.loadUnaligned(fromByteOffset: index * byteCount, as: Integer.self))
      }
    }
  }
}

extension HostTensor {
  /// A file that holds one tensor, as ONNX's test data do.
  package init(tensorFile bytes: [UInt8]) throws(ImportError) {
    let proto = try TensorProto(WireReader(bytes))
    do { try self.init(proto, at: Place("tensor", proto.name)) } catch { throw .refused([error]) }
  }
}
