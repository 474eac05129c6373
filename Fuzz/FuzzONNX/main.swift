// Imports an ONNX file; a net that is accepted must be a legal float graph.
import CFuzz
import Glibc
import NNQFloat
import NNQONNX

@c(LLVMFuzzerTestOneInput)
public func importONNX(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let options = ImportOptions(maximumFoldedElementCount: 1 << 16)
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  guard let model = try? ONNXImporter.importModel(bytes: bytes, options: options) else { return 0 }
  do {
    try model.graph.validate()
  } catch {
    preconditionFailure("imported, but not legal: \(error)")
  }
  return 0
}

var (argc, argv) = (CommandLine.argc, CommandLine.unsafeArgv)
exit(LLVMFuzzerRunDriver(&argc, &argv, importONNX))
