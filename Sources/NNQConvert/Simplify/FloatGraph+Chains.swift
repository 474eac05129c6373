import NNQFloat

/// One operation of several that take the place of one node.
struct ChainLink {
  var operation: FloatOperation
  /// Operands after the first, which is what the link before gives.
  var constants: [FloatValue] = []
  /// Of what it gives.
  var shape: [Int]
}

extension FloatGraph {
  /// Puts operations that build on each other in the place of a node; the last one gives what the node gave.
  ///
  /// - Parameter x: what the first one reads.
  mutating func replace(node index: Int, by chain: [ChainLink], of x: Int) {
    let (name, output) = (nodes[index].name, nodes[index].outputs[0])
    var (links, value): ([FloatNode], Int) = ([], x)
    for (position, link) in chain.enumerated() {
      let constants = link.constants.map { adopt($0) }
      let isLast = position == chain.count - 1
      let result = isLast ? output : adopt(FloatValue(name: freshName("\(values[output].name).\(link.operation.name)"), shape: link.shape))
      links.append(FloatNode(name: name, link.operation, inputs: [value] + constants, outputs: [result]))
      value = result
    }
    nodes.replaceSubrange(index...index, with: links)
  }

  mutating func adopt(_ value: FloatValue) -> Int {
    values.append(value)
    return values.count - 1
  }

  func freshName(_ base: String) -> String {
    let names = Set(values.map(\.name))
    var (name, number) = (base, 1)
    while names.contains(name) {
      number += 1
      name = "\(base).\(number)"
    }
    return name
  }
}

extension [ChainLink] {
  /// The links less the reshapes and transpositions that change nothing.
  ///
  /// - Parameter shape: of what the first link reads.
  func withoutIdleMoves(of shape: [Int]) -> [ChainLink] {
    let shapesBefore = [shape] + map(\.shape)
    return zip(self, shapesBefore).filter { link, shape in
      switch link.operation {
      case .reshape: link.shape != shape
      case .transpose(let permutation): !permutation.elementsEqual(permutation.indices)
      default: true
      }
    }.map(\.0)
  }
}
