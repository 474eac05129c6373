// Runs a model over and over in two sessions on two threads, and compares every output with the right one.
//
// usage: Soak MODEL.nnq INFERENCES      exit code 1 if an output differs, or if memory grows
import Foundation
import NNQRuntime

guard CommandLine.arguments.count == 3, let count = Int(CommandLine.arguments[2]), count >= 2 else {
  print("usage: Soak MODEL.nnq INFERENCES")
  exit(64)
}

let soak = try Soak(Model(contentsOf: CommandLine.arguments[1]))
// Both sessions are warm, and the allocator has what it needs, before memory is compared.
let wrongEarly = soak.run(inferences: max(2, count / 10))
let memory = residentByteCount()
let start = ContinuousClock.now
let wrong = wrongEarly + soak.run(inferences: count - max(2, count / 10))
let seconds = Double((ContinuousClock.now - start) / .seconds(1))
let growth = residentByteCount() - memory
print(
  "\(count) inferences in two sessions, \(wrong) wrong; memory grew by \(growth / 1024) KiB; \(Int(Double(count) * 0.9 / seconds)) a second"
)
exit(wrong == 0 && growth < 4 << 20 ? 0 : 1)
