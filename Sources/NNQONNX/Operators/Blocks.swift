import NNQFloat

/// Squares of pixels become channels, and back.
extension NodeReader {
  func depthToSpace(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let x = try value(0)
    let (block, (n, c, h, w)) = try blocks(of: x.shape)
    guard c % (block * block) == 0 else { throw notWhole(x.shape, block) }
    let depth = c / (block * block)
    let mode = try text("mode") ?? "DCR"
    guard ["DCR", "CRD"].contains(mode) else { throw Refusal(.invalidAttribute, at: place("mode"), "'\(mode)' is not DCR or CRD") }
    // Channels count block rows, block columns, then what stays a channel; or that first.
    let isDepthFirst = mode == "DCR"
    let split = isDepthFirst ? [n, block, block, depth, h, w] : [n, depth, block, block, h, w]
    let permutation = isDepthFirst ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3]
    return try rearranged(x.index, split, permutation, to: [n, depth, h * block, w * block], &graph)
  }

  func spaceToDepth(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let x = try value(0)
    let (block, (n, c, h, w)) = try blocks(of: x.shape)
    guard h % block == 0, w % block == 0 else { throw notWhole(x.shape, block) }
    return try rearranged(
      x.index, [n, c, h / block, block, w / block, block], [0, 3, 5, 1, 2, 4], to: [n, c * block * block, h / block, w / block], &graph)
  }

  private func blocks(of shape: [Int]) throws(Refusal) -> (Int, (Int, Int, Int, Int)) {
    guard shape.count == 4 else { throw Refusal(.invalidShape, at: place, "the input has shape \(shape), four axes are needed") }
    guard let block = try integer("blocksize"), (1...65_535).contains(block) else {
      throw Refusal(.invalidAttribute, at: place("blocksize"), "it is missing or not in 1...65535")
    }
    return (block, (shape[0], shape[1], shape[2], shape[3]))
  }

  private func notWhole(_ shape: [Int], _ block: Int) -> Refusal {
    Refusal(.invalidShape, at: place, "\(shape) is not a whole number of blocks of \(block) x \(block)")
  }

  private func rearranged(
    _ x: Int, _ split: [Int], _ permutation: [Int], to shape: [Int], _ graph: inout GraphBuilder
  ) throws(Refusal) -> Operand {
    let blocks = try graph.append(step: "blocks", .reshape, self, inputs: [x], shape: split)
    let moved = try graph.append(step: "moved", .transpose(permutation: permutation), self, inputs: [blocks])
    return try graph.append(.reshape, self, inputs: [moved], shape: shape)
  }
}
