import NNQFloat

/// The equation of an Einsum: a letter for each axis of the operands and of the result.
struct EinsumEquation {
  let operands: [[Character]]
  let result: [Character]

  /// Nil for an equation with an ellipsis, with a letter twice in one operand, or of another number of operands than 1 or 2.
  init?(_ text: String) {
    let sides = text.filter { $0 != " " }.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    operands = (sides.first ?? "").split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
    let letters = operands.joined()
    if sides.count == 2 {
      guard sides[1].first == ">" else { return nil }
      result = Array(sides[1].dropFirst())
    } else {
      // Letters that occur once, in alphabetical order.
      result = Set(letters).filter { letter in letters.filter { $0 == letter }.count == 1 }.sorted()
    }
    guard (1...2).contains(operands.count), (letters + result).allSatisfy({ $0.isASCII && $0.isLetter }),
      (operands + [result]).allSatisfy({ Set($0).count == $0.count }), Set(result).isSubset(of: Set(letters))
    else { return nil }
  }
}

extension NodeReader {
  /// A sum of products over all letters that the result lacks: transpositions and a product of matrices.
  func einsum(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let text = try text("equation") ?? ""
    guard let equation = EinsumEquation(text), equation.operands.count == operands.count else {
      throw Refusal(
        .unsupportedAttribute, at: place("equation"), "'\(text)', only one or two operands without ellipses or diagonals are supported")
    }
    var factors: [EinsumFactor] = []
    for (index, letters) in equation.operands.enumerated() {
      let shape = try operand(index).shape
      guard shape.count == letters.count else {
        throw Refusal(.invalidOperand, at: place, "operand \(index) has shape \(shape), the equation \(letters.count) letters")
      }
      let value = try graph.valueOrConstant(self, operand: index)
      factors.append(EinsumFactor(letters: letters, shape: shape, value: value, constant: try? constant(index), operand: index))
    }
    let others = factors.count == 2 ? factors.map(\.letters).reversed() : [[]]
    for index in factors.indices {
      try sum(&factors[index], keeping: Set(others[index] + equation.result), &graph)
    }
    var product = factors[0]
    if factors.count == 2 { product = try multiply(factors[0], factors[1], keeping: equation.result, &graph) }
    let permutation = equation.result.map { product.letters.firstIndex(of: $0) ?? 0 }
    return try graph.append(.transpose(permutation: permutation), self, inputs: [product.value])
  }

  /// Sums over the letters that nothing else has.
  private func sum(_ factor: inout EinsumFactor, keeping kept: Set<Character>, _ graph: inout GraphBuilder) throws(Refusal) {
    let axes = factor.letters.indices.filter { !kept.contains(factor.letters[$0]) }
    guard !axes.isEmpty else { return }
    let letters = factor.letters.filter { kept.contains($0) }
    let shape = letters.map { factor.extent($0) }
    let links = [ChainLink("sum", .reduce(.sum, axes: axes)), ChainLink("rest", .reshape, shape: shape)]
    factor = EinsumFactor(letters: letters, shape: shape, value: try graph.append(steps: links, self, from: factor.value))
  }

  /// Letters of both factors and the result count matrices, those of both alone are summed over.
  private func multiply(
    _ a: EinsumFactor, _ b: EinsumFactor, keeping result: [Character], _ graph: inout GraphBuilder
  ) throws(Refusal) -> EinsumFactor {
    let shared = a.letters.filter { b.letters.contains($0) }
    for letter in shared where a.extent(letter) != b.extent(letter) {
      throw Refusal(.invalidOperand, at: place, "axes '\(letter)' have \(a.extent(letter)) and \(b.extent(letter)) elements")
    }
    let (batch, depth) = (shared.filter { result.contains($0) }, shared.filter { !result.contains($0) })
    let (rows, columns) = (a.letters.filter { !shared.contains($0) }, b.letters.filter { !shared.contains($0) })
    if batch.isEmpty, b.constant != nil { return try apply(b, columns, to: a, rows, depth, &graph) }
    if batch.isEmpty, a.constant != nil { return try apply(a, rows, to: b, columns, depth, &graph) }
    let left = try graph.append(steps: a.matrices(batch, rows, depth), self, from: a.value)
    let right = try graph.append(steps: b.matrices(batch, depth, columns), self, from: b.value)
    let product = try graph.append(step: "product", .matMul(scale: 1), self, inputs: [left, right])
    let letters = batch + rows + columns
    let shape = letters.map { a.letters.contains($0) ? a.extent($0) : b.extent($0) }
    let value = try graph.append(step: "axes", .reshape, self, inputs: [product], shape: shape)
    return EinsumFactor(letters: letters, shape: shape, value: value)
  }

  /// A dense layer of constant weights.
  private func apply(
    _ weights: EinsumFactor, _ outputs: [Character], to x: EinsumFactor, _ rows: [Character], _ depth: [Character],
    _ graph: inout GraphBuilder
  ) throws(Refusal) -> EinsumFactor {
    let matrix = [outputs, depth].map { $0.reduce(1) { $0 * weights.extent($1) } }
    let order = (outputs + depth).map { weights.letters.firstIndex(of: $0) ?? 0 }
    let constant = try graph.constant(self, operand: weights.operand, derivation: ".matrix\(order)", shape: matrix) { values in
      weights.constant?.transposed(order).floats ?? values
    }
    let links = x.matrices([], rows, depth) + [ChainLink("product", .dense, [constant])]
    let shape = rows.map { x.extent($0) } + outputs.map { weights.extent($0) }
    let value = try graph.append(steps: links + [ChainLink("axes", .reshape, shape: shape)], self, from: x.value)
    return EinsumFactor(letters: rows + outputs, shape: shape, value: value)
  }
}

/// An operand of an Einsum with a letter for each axis.
private struct EinsumFactor {
  var letters: [Character]
  var shape: [Int]
  /// Of the graph.
  var value: Int
  /// What the operand is, if it is one that nothing was done to.
  var constant: HostTensor?
  var operand = 0

  func extent(_ letter: Character) -> Int { letters.firstIndex(of: letter).map { shape[$0] } ?? 1 }

  /// The operand as matrices: leading axes, rows and columns, each of several letters or none.
  func matrices(_ leading: [Character], _ rows: [Character], _ columns: [Character]) -> [ChainLink] {
    let order = (leading + rows + columns).map { letters.firstIndex(of: $0) ?? 0 }
    let matrix = leading.map { extent($0) } + [rows, columns].map { $0.reduce(1) { $0 * extent($1) } }
    return [ChainLink("order", .transpose(permutation: order)), ChainLink("matrices", .reshape, shape: matrix)]
  }
}
