/// Where a net of 8-bit tensors rounds, by whether 16 bits could help.
struct NarrowReads {
  /// An activation read by a layer; by the net's user for the index after the last layer.
  struct Read: Hashable {
    var layer: Int
    var value: Int
  }

  let groups: GridGroups
  /// Groups that could hold 16 bits.
  let candidates: [Int]
  /// By candidate.
  private var helpful: [Int: Set<Read>] = [:]
  /// Reads of tensors that can have only 8 bits, or by operators that take only 8 bits.
  private(set) var fixed: Set<Read> = []

  /// Of `fixed`, those of convolutions and dense layers, by the group they read: it could hold 16 bits, which are read as two
  /// operands of 8.
  private(set) var bytewise: [Int: Set<Read>] = [:]

  /// - Parameters:
  ///   - wide: groups that hold 16 bits, whatever reads them.
  ///   - inputs: of the net, that could hold 16 bits.
  init(_ net: LayerGraph, wide: Set<Int> = [], inputs: [Int] = []) {
    groups = GridGroups(net)
    candidates = groups.widthCandidates(net).filter { !wide.contains($0) }
    let free = groups.freelyWide(net).union(wide)
    for read in net.reads { add(Read(layer: read.layer, value: read.value), canBeWide: net.canBeWide(read, candidates, groups), free) }
    for output in net.graph.outputs { add(Read(layer: net.layers.count, value: output), canBeWide: true, free) }
    addBytewise(net, inputs)
  }

  private mutating func addBytewise(_ net: LayerGraph, _ inputs: [Int]) {
    let groups = groups.bytewise(net, inputs: inputs)
    for (index, layer) in net.layers.enumerated() where layer.weights != nil {
      let read = Read(layer: index, value: layer.inputs[0])
      let group = self.groups.group(of: read.value)
      if fixed.contains(read), groups.contains(group) { bytewise[group, default: []].insert(read) }
    }
  }

  private mutating func add(_ read: Read, canBeWide: Bool, _ free: Set<Int>) {
    let group = groups.group(of: read.value)
    guard !free.contains(group) else { return }
    if canBeWide && candidates.contains(group) { helpful[group, default: []].insert(read) } else { fixed.insert(read) }
  }

  func reads(of candidates: [Int]) -> Set<Read> { candidates.reduce(into: []) { $0.formUnion(helpful[$1] ?? []) } }

  var all: Set<Read> { fixed.union(reads(of: candidates)) }
}

extension LayerGraph {
  /// A residual can be wide where the sum can be: it is then added by a layer of its own.
  fileprivate func canBeWide(_ read: Read, _ candidates: [Int], _ groups: GridGroups) -> Bool {
    if layers[read.layer].residual == read.value { return candidates.contains(groups.group(of: layers[read.layer].output)) }
    return read.width != .narrow
  }
}
