import CKernels
import TestSupport
import Testing

/// Expects every instruction set to give the bytes of the scalar definition, whatever the placement and the split.
func expectEqualToScalar(
  _ kernelCase: KernelCase, _ description: String, using random: inout SeededRandom, sourceLocation: SourceLocation = #_sourceLocation
) {
  let expected = kernelCase.run(NN_ISA_SCALAR)
  for isa in KernelCase.isas {
    for placement in GuardedMemory.Placement.allCases {
      let actual = kernelCase.run(isa, placement: placement)
      expectSame(actual, expected, "\(KernelCase.name(isa)): \(description)", sourceLocation)
    }
    let split = kernelCase.run(isa, ranges: kernelCase.randomSplit(using: &random))
    expectSame(split, expected, "\(KernelCase.name(isa)), split: \(description)", sourceLocation)
  }
}

private func expectSame(_ actual: [UInt8], _ expected: [UInt8], _ description: String, _ sourceLocation: SourceLocation) {
  guard actual != expected else { return }
  let index = zip(actual, expected).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? 0
  Issue.record(
    "\(description): byte \(index) is \(actual[index]), expected \(expected[index])", sourceLocation: sourceLocation)
}
