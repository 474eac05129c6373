// Reads samples as the commands do: .npy, .npz, IDX, PNG, JPEG, PNM, known by their first bytes.
import CFuzz
import Glibc
import NNQInput

let descriptor = fileno(tmpfile())
let path = "/proc/self/fd/\(descriptor)"
let inputs = [NetInput(name: "x", shape: [8, 8, 3], layout: .asStored)]
let limits = {
  var limits = InputLimits()
  (limits.pixelCount, limits.arrayByteCount) = (1 << 16, 1 << 20)
  return limits
}()

@c(LLVMFuzzerTestOneInput)
public func readSamples(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard ftruncate(descriptor, count) == 0, pwrite(descriptor, data, count, 0) == count else { return 0 }
  guard let source = try? SampleSource([path], inputs: inputs, preprocessing: nil, limits: limits) else { return 0 }
  _ = try? source.countSamples()
  var reader = source.makeReader()
  for _ in 0..<64 {
    guard let sample = try? reader.next() else { return 0 }
    precondition(source.realInputs(of: sample)[0].count == 8 * 8 * 3, "a sample of another size than the input's")
  }
  return 0
}

var (argc, argv) = (CommandLine.argc, CommandLine.unsafeArgv)
exit(LLVMFuzzerRunDriver(&argc, &argv, readSamples))
