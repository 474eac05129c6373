// Reads a container; what is accepted must be written and read again as the same model.
import CFuzz
import ContainerMutation
import Glibc
import NNQFormat

@c(LLVMFuzzerTestOneInput)
public func readContainer(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var limits = Limits()
  (limits.rawByteCount, limits.constantByteCount) = (1 << 20, 1 << 20)
  guard let file = try? ModelFile.read(bytes: UnsafeRawBufferPointer(start: data, count: count), limits: limits, threads: 1) else {
    return 0
  }
  do {
    let again = try ModelFile.read(bytes: try file.encoded(), threads: 1)
    precondition(again == file, "written and read again it is another model")
  } catch {
    preconditionFailure("accepted, but not written or read again: \(error)")
  }
  return 0
}

var (argc, argv) = (CommandLine.argc, CommandLine.unsafeArgv)
exit(LLVMFuzzerRunDriver(&argc, &argv, readContainer))
