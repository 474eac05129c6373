import CKernels

/// An instruction set the kernels were written for. All of them compute the same bytes.
public struct ISA: Hashable, Sendable, CustomStringConvertible {
  package let code: nn_isa

  private init(code: nn_isa) { self.code = code }

  /// Throws `unknownISA` for a name no kernel set has, `unavailableISA` for one this machine cannot run.
  public init(named name: String) throws(RuntimeError) {
    guard let isa = ISA.all.first(where: { $0.name == name }) else {
      throw .unknownISA(name: name, known: ISA.all.map(\.name))
    }
    guard isa.isAvailable else { throw .unavailableISA(name: name, available: ISA.available.map(\.name)) }
    self = isa
  }

  /// The instruction sets this CPU and operating system run, best last.
  public static let available = all.filter(\.isAvailable)

  public static var best: ISA { available.last ?? scalar }

  /// The definition of every kernel; runs everywhere.
  public static let scalar = ISA(code: NN_ISA_SCALAR)

  public var name: String { String(cString: nn_isa_name(code)) }

  public var description: String { name }

  public static func == (a: ISA, b: ISA) -> Bool { a.code.rawValue == b.code.rawValue }

  public func hash(into hasher: inout Hasher) { hasher.combine(code.rawValue) }

  var kernels: UnsafePointer<nn_kernels> { nn_kernels_for(code) }

  private static let all = (0..<NN_ISA_COUNT.rawValue).map { ISA(code: nn_isa(rawValue: $0)) }

  private var isAvailable: Bool { nn_isa_available(code) != 0 }
}
