/// Disjoint sets of indices.
struct UnionFind {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  func find(_ index: Int) -> Int {
    var root = index
    while parents[root] != root { root = parents[root] }
    return root
  }

  /// The smaller representative stays one.
  mutating func unite(_ a: Int, _ b: Int) {
    let (a, b) = (find(a), find(b))
    parents[max(a, b)] = min(a, b)
  }
}
