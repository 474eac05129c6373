import CKernels

/// One step, run by the kernels of any instruction set, on memory with guard pages around every operand.
struct KernelCase {
  var kernel: KeyPath<nn_kernels, nn_kernel?>
  var input = Activation()
  var other = Activation()
  var output = Activation()
  /// Rows of a range, where they are not the output's.
  var rowCount: Int?
  /// Whether the kernel takes ranges of output panels.
  var splitsColumns = false
  /// Weights, tables and the like, as bytes.
  var constants: [[UInt8]] = []
  /// Fills in the operator's parameters; the pointers are those of `constants`.
  var configure: (inout nn_step, [UnsafeMutablePointer<UInt8>]) -> Void

  /// The instruction sets this machine runs, the scalar definition first.
  static var isas: [nn_isa] {
    (0..<NN_ISA_COUNT.rawValue).map { nn_isa($0) }.filter { nn_isa_available($0) == 1 }
  }

  static func name(_ isa: nn_isa) -> String { String(cString: nn_isa_name(isa)) }

  var wholeRange: nn_range {
    nn_range(row_begin: 0, row_end: Int32(rowCount ?? output.rowCount), column_begin: 0, column_end: Int32((output.channels + 15) / 16))
  }

  /// The elements of the output after the kernel has run over the ranges in turn.
  func run(_ isa: nn_isa, placement: GuardedMemory.Placement = .atEnd, ranges: [nn_range]? = nil) -> [UInt8] {
    let kernels = nn_kernels_for(isa)
    let operands = [input, other, output].map { GuardedMemory($0.bytes, placement: placement) }
    let constantMemory = constants.map { GuardedMemory($0, placement: placement) }
    // Views are offsets from the arena: its start is the lowest of the three.
    let arena = operands.map(\.start).min()!
    var step = nn_step()
    step.input = input.view(offset: operands[0].start - arena)
    step.other = other.view(offset: operands[1].start - arena)
    step.output = output.view(offset: operands[2].start - arena)
    step.splits_columns = splitsColumns ? 1 : 0
    step.kernel = kernels?.pointee[keyPath: kernel]
    configure(&step, constantMemory.map(\.start))
    step.scratch_bytes = nn_scratch_bytes(kernels, &step)
    let scratch = GuardedMemory(byteCount: (step.scratch_bytes + 63) / 64 * 64, placement: placement)
    for range in ranges ?? [wholeRange] { step.kernel?(&step, arena, scratch.start, range) }
    return withExtendedLifetime((operands, constantMemory)) { output.elements(of: operands[2].bytes) }
  }

  /// The whole range cut at random rows and, where the kernel allows it, panels.
  func randomSplit(using random: inout some RandomNumberGenerator) -> [nn_range] {
    let whole = wholeRange
    let row = Int32.random(in: 0...whole.row_end, using: &random)
    let column = splitsColumns ? Int32.random(in: 0...whole.column_end, using: &random) : 0
    return [(0, row), (row, whole.row_end)].flatMap { rows in
      [(0, column), (column, whole.column_end)].filter { $0.0 < $0.1 && rows.0 < rows.1 }
        .map { nn_range(row_begin: rows.0, row_end: rows.1, column_begin: $0.0, column_end: $0.1) }
    }
  }
}
