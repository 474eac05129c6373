import Synchronization
import TestSupport
import Testing

@testable import NNQFormat

@Suite struct ConstantConsumerTests {
  /// Takes all constants, and puts their elements together again.
  private final class Collector: ConstantConsumer {
    let elements = Mutex<[Int: [UInt8]]>([:])
    let wanted: Set<Int>

    init(_ wanted: Set<Int>) { self.wanted = wanted }

    func wants(tensor: Int) -> Bool { wanted.contains(tensor) }

    func take(_ elements: UnsafeRawBufferPointer, of tensor: Int, from first: Int) {
      self.elements.withLock { all in
        let width = tensor == 1 ? 1 : SampleModels.smallest.graph.tensors[tensor].elementType.byteCount
        #expect(all[tensor, default: []].count == first * width, "elements come in their order")
        all[tensor, default: []] += elements
      }
    }
  }

  private static let threadCounts = [1, 2, 4]

  /// Several chunks, of a number that nothing divides.
  private static func weights(seed: UInt64, zeros: Double) -> [Int8] {
    var random = SeededRandom(seed: seed)
    return (0..<70_003).map { _ in Double.random(in: 0..<1, using: &random) < zeros ? 0 : Int8.random(in: -8...7, using: &random) }
  }

  private func expectElements(_ bytes: [UInt8], _ weights: [Int8]) throws {
    let whole = try ModelFile.read(bytes: bytes, threads: 1)
    for threads in Self.threadCounts {
      let collector = Collector([1, 3])
      let file = try withMemory(bytes) { (source) throws(FormatError) in
        try ModelFile.read(from: source, limits: .default, threads: threads) { _ in collector }
      }
      let taken = collector.elements.withLock { $0 }
      #expect(taken[1] == weights.map { UInt8(bitPattern: $0) })
      #expect(taken[3] == [0, 64])
      for (index, tensor) in file.graph.tensors.enumerated() {
        guard case .constant(let constant) = tensor.role, case .constant(let original) = whole.graph.tensors[index].role else { continue }
        #expect(constant.coding == original.coding)
        #expect(constant.bytes == (collector.wanted.contains(index) ? [] : original.bytes), "tensor \(index)")
      }
    }
  }

  @Test(arguments: StorageRecord.Positions.allCases, [4, 8])
  func takesElementsInTheirOrder(positions: StorageRecord.Positions, bits: Int) throws {
    let weights = Self.weights(seed: 1, zeros: positions == .gaps ? 0.95 : 0.5)
    try expectElements(RawFile(SampleModels.weights(weights, .uniform(bits: bits)), positions: positions).encoded(), weights)
  }

  /// What the writer chooses, in several sections.
  @Test func takesElementsOfNibblePlanes() throws {
    var random = SeededRandom(seed: 2)
    let weights = (0..<300_007).map { _ in (0..<4).reduce(Int8(0)) { sum, _ in sum + Int8.random(in: -31...31, using: &random) } }
    let bytes = try SampleModels.weights(weights, .uniform(bits: 8)).encoded()
    #expect(try ModelFile.inspect(from: TrickleSource(bytes)).storage[0].planes == .nibbles)
    try expectElements(bytes, weights)
  }

  @Test func knowsTheModelBeforeItsConstants() throws {
    let bytes = try SampleModels.smallest.encoded()
    var seen: ModelFile?
    let file = try withMemory(bytes) { (source) throws(FormatError) in
      try ModelFile.read(from: source, limits: .default) { file in
        seen = file
        return nil
      }
    }
    #expect(file == SampleModels.smallest)
    #expect(seen?.graph.nodes == file.graph.nodes)
    #expect(seen?.cost == file.cost)
  }

  /// Streams as a whole come before the parts in them.
  @Test(arguments: threadCounts) func reportsDamagedSectionsBeforeIllegalElements(threads: Int) throws {
    var file = try RawFile(SampleModels.weights(Self.weights(seed: 3, zeros: 0.5), .uniform(bits: 4)), positions: .mask)
    // Two zeros among the kept elements; the first byte is the shift's.
    file.patch(.values, at: 1, [0x88])
    let values = file.sections.removeLast()
    let middle = values.stored.count / 2
    file.sections += [values.stored[..<middle], values.stored[middle...]].map {
      RawFile.Section(type: values.type, flags: values.flags, Array($0))
    }
    var bytes = file.encoded()
    let illegal = #expect(throws: FormatError.self) { _ = try ModelFile.read(bytes: bytes, threads: threads) }
    #expect(illegal?.code == .invalidPositions)
    bytes[bytes.count - 1] ^= 1
    let damaged = #expect(throws: FormatError.self) { _ = try ModelFile.read(bytes: bytes, threads: threads) }
    #expect(damaged?.code == .checksumMismatch)
    #expect(damaged?.section?.index == file.sections.count - 1)
  }
}
