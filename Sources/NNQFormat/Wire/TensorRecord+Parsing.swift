extension TensorRecord {
  private enum RoleCode: UInt8 {
    case activation = 0
    case constant
  }

  /// Spec: format.md 5.1.1.
  /// - Returns: the record, a constant without its elements; and the place of its name.
  static func parse(
    _ parser: inout ContentParser, kind: GraphRecord.Kind
  ) throws(FormatError) -> (tensor: TensorRecord, nameOffset: Int) {
    let elementType: ElementType = try parser.value("element type")
    let role: RoleCode = try parser.value("role")
    let rank: UInt8 = try parser.integer("rank", in: 0...UInt8(GraphSection.maximumRank))
    try parser.reserved(1)
    let nameByteCount: UInt16 = try parser.integer("bytes of a name", in: 0...UInt16(GraphSection.maximumNameByteCount))
    let name = try parser.text(Int(nameByteCount))
    let nameOffset = parser.fieldOffset
    var tensor = TensorRecord(name: name, elementType: elementType, shape: [], role: .activation(nil))
    tensor.shape = try parseShape(&parser, rank: Int(rank), elementType: elementType)
    switch (role, kind) {
    case (.constant, _): tensor.role = .constant(Constant(bytes: []))
    case (.activation, .integer): tensor.role = .activation(try Quantization(&parser, elementType: elementType))
    case (.activation, .float): break
    }
    return (tensor, nameOffset)
  }

  private static func parseShape(
    _ parser: inout ContentParser, rank: Int, elementType: ElementType
  ) throws(FormatError) -> [Int] {
    var shape: [Int] = []
    var byteCount = elementType.byteCount
    for _ in 0..<rank {
      let extent = Int(try parser.integer("extent", in: UInt32(1)...UInt32(Int32.max)))
      // Both factors are below 2^31.
      byteCount *= extent
      guard byteCount <= GraphSection.maximumTensorByteCount else {
        throw parser.fieldError(.valueOutOfRange, got: "a tensor of \(byteCount) bytes or more", expected: "2^31-1 at most")
      }
      shape.append(extent)
    }
    return shape
  }
}

extension Quantization {
  fileprivate init(_ parser: inout ContentParser, elementType: ElementType) throws(FormatError) {
    let scale = try parser.float()
    guard scale.isFinite, scale >= GraphSection.minimumScale else {
      throw parser.fieldError(.valueOutOfRange, got: "scale \(scale)", expected: "finite and at least 2^-126")
    }
    self.init(scale: scale, zeroPoint: try parser.integer("zero point", in: elementType.zeroPointRange))
  }
}

extension ElementType {
  /// The values of the type as far as 32 bits hold them; 0 for f32.
  fileprivate var zeroPointRange: ClosedRange<Int32> {
    switch self {
    case .u8: 0...255
    case .s8: -128...127
    case .u16: 0...65_535
    case .s16: -32_768...32_767
    case .s32: Int32.min...Int32.max
    case .u32: 0...Int32.max
    case .f32: 0...0
    }
  }
}
