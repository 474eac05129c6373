import Dispatch
import Foundation
import NNQRuntime
import Synchronization

/// A model, inputs, and the outputs that each must give.
struct Soak: Sendable {
  private let model: Model
  private let inputs: [[String: FloatTensor]]
  private let outputs: [[String: FloatTensor]]

  private static let inputCount = 256

  /// The outputs are those of the plain code, which defines what every instruction set computes.
  init(_ model: Model) throws {
    self.model = model
    var random = SplitMix64()
    inputs = (0..<Soak.inputCount).map { _ in model.inputs.randomValues(using: &random) }
    let session = try Session(model, isa: ISA(named: "scalar"))
    outputs = try inputs.map { try session.run($0) }
  }

  /// Half of the inferences in each of two sessions, at the same time.
  /// - Returns: how many gave an error or another output.
  func run(inferences: Int) -> Int {
    let wrong = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 2) { part in
      let count = countWrong(inferences: part == 0 ? inferences / 2 : inferences - inferences / 2, from: part * Soak.inputCount / 2)
      wrong.add(count, ordering: .relaxed)
    }
    return wrong.load(ordering: .relaxed)
  }

  private func countWrong(inferences: Int, from first: Int) -> Int {
    guard let session = try? Session(model) else { return inferences }
    return (first..<first + inferences).count { index in
      let sample = index % inputs.count
      return (try? session.run(inputs[sample])) != outputs[sample]
    }
  }
}

extension [PortDescription] {
  /// Integers for inputs that number rows of a table; else as real numbers, a little more than the element type holds.
  fileprivate func randomValues(using random: inout some RandomNumberGenerator) -> [String: FloatTensor] {
    Dictionary(
      uniqueKeysWithValues: map { port in
        let count = port.shape.reduce(1, *)
        let values = (0..<count).map { _ in
          if let indexCount = port.indexCount { return Float(Int.random(in: 0..<indexCount, using: &random)) }
          return port.scale * (Float.random(in: -300...300, using: &random) - Float(port.zeroPoint))
        }
        return (port.name, FloatTensor(shape: port.shape, values: values))
      })
  }
}

/// The same numbers in every run.
private struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64 = 0

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// What the process holds in memory now.
func residentByteCount() -> Int {
  let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ").dropFirst().first
  return (pages.flatMap { Int($0) } ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
}
