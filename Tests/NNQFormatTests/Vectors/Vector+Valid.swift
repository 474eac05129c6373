@testable import NNQFormat

extension Vector {
  static func valid() throws -> [Vector] {
    try wholeModels() + positions() + codes() + nibblePlanes() + sections()
  }

  private static func valid(_ name: String, _ rules: Int..., bytes: [UInt8]) -> Vector {
    Vector(name: name, rules: rules, bytes: bytes)
  }

  private static func wholeModels() throws -> [Vector] {
    var unnamed = SampleModels.smallest
    for index in unnamed.graph.tensors.indices { unnamed.graph.tensors[index].name = "" }
    return [
      valid("smallest", 3, 4, 5, 7, 8, 9, 11, 12, 20, 21, bytes: try SampleModels.smallest.encoded(.stored)),
      valid("annotated", 16, 17, 19, 53, 54, 55, 56, 57, 58, bytes: try SampleModels.annotated.encoded()),
      valid("float", 10, 25, bytes: try SampleModels.float([1, 0.5, -2, .leastNonzeroMagnitude, .infinity]).encoded()),
      valid("ranks", 29, 32, 33, bytes: try SampleModels.ranks.encoded()),
      valid("unnamed", 31, bytes: try unnamed.encoded()),
      valid("no_constants", 39, 44, bytes: try SampleModels.withoutConstants.encoded()),
    ]
  }

  /// Each way to place kept elements, at its edges.
  private static func positions() throws -> [Vector] {
    let sparse = SampleModels.weights(SampleModels.sparseElements, .uniform(bits: 8))
    let zeros = SampleModels.weights(Array(repeating: 0, count: 300), .uniform(bits: 8))
    let float = SampleModels.float([0, -0.0, 1.5, 0, 0, 0, 2.5, 0, 0])
    return [
      valid("dense", 42, bytes: try RawFile(sparse, positions: .dense).encoded()),
      valid("mask", 40, 45, 46, bytes: try RawFile(sparse, positions: .mask).encoded()),
      valid("gaps", 43, 47, 48, bytes: try RawFile(sparse, positions: .gaps).encoded()),
      valid("mask_zeros", 42, bytes: try RawFile(zeros, positions: .mask).encoded()),
      valid("gaps_zeros", 43, bytes: try RawFile(zeros, positions: .gaps).encoded()),
      valid("mask_float", 49, bytes: try RawFile(float, positions: .mask).encoded()),
      valid("gaps_float", 49, bytes: try RawFile(float, positions: .gaps).encoded()),
    ]
  }

  /// Each width of codes, with the uniform levels and with a table.
  private static func codes() throws -> [Vector] {
    try (1...8).flatMap { bits in
      let elements = SampleModels.randomElements(300, bits: bits, zeroShare: 0.1, seed: UInt64(bits))
      let levels = Set(elements).sorted()
      let uniform = try RawFile(SampleModels.weights(elements, .uniform(bits: bits)))
      let table = try RawFile(SampleModels.weights(elements, .levels(levels, bits: bits)))
      return [
        valid("uniform_\(bits)", 41, 51, 52, bytes: uniform.encoded()),
        valid("table_\(bits)", 41, 50, 52, bytes: table.encoded()),
      ]
    }
  }

  /// An even and an odd number of codes.
  private static func nibblePlanes() throws -> [Vector] {
    try [300, 301].map { count in
      let elements = SampleModels.randomElements(count, bits: 8, zeroShare: 0.1, seed: UInt64(count))
      var file = try RawFile(SampleModels.weights(elements, .uniform(bits: 8)))
      file.splitCodes(count: count)
      return valid("nibble_planes_\(count)", 41, 51, 52, bytes: file.encoded())
    }
  }

  /// What another writer may do.
  private static func sections() throws -> [Vector] {
    var later = try RawFile(SampleModels.smallest)
    later.patchHeader(at: 10, [7, 0])
    later.sections.append(RawFile.Section(type: 40, flags: 0, [1]))
    var cut = try RawFile(SampleModels.smallest)
    let values = cut.sections.removeLast()
    cut.sections += values.stored.map { RawFile.Section(type: values.type, flags: values.flags, [$0]) }
    var deflated = try RawFile(SampleModels.weights(SampleModels.sparseElements, .uniform(bits: 8)), positions: .mask)
    for type in [SectionType.graph, .positions] { deflated.deflate(type) }
    var unsafe = try RawFile(SampleModels.smallest)
    unsafe.sections.append(RawFile.Section(type: 40, flags: 2, [1]))
    unsafe.sections.append(RawFile.Section(type: 40, flags: 0, [2]))
    var accents = try RawFile(SampleModels.annotated)
    accents.edit(.labels) { $0 = Array("\u{301}\n\u{E9}\ne\u{301}\r\n\n\u{301}".utf8) }
    accents.edit(.provenance) { $0 = Array("a=\u{301}=\r\nb=".utf8) }
    return [
      valid("combining_marks", 53, 57, bytes: accents.encoded()),
      valid("later_minor", 6, 23, bytes: later.encoded()),
      valid("cut_anywhere", 15, 44, bytes: cut.encoded()),
      valid("deflated", 13, 14, 15, 18, bytes: deflated.encoded()),
      valid("unknown_sections", 22, 23, 24, bytes: unsafe.encoded()),
    ]
  }
}
