/// The number of classes that an output of this shape scores; nil if it is no list of scores, which has no more than one axis
/// beside the batch that is not 1.
package func classCount(ofOutput shape: [Int]) -> Int? {
  let extents = shape.dropFirst().filter { $0 != 1 }
  return shape.count > 1 && extents.count <= 1 ? extents.first ?? 1 : nil
}

/// The names of a net's classes, one a line.
///
/// - Parameter shape: the net's first output. One that is no list of scores takes any number of names.
/// - Throws: `mismatch` for another number of names than classes, and for an empty name at the end, which no model stores.
package func readClassNames(_ path: String, forOutput shape: [Int]) throws(InputError) -> [String] {
  let names = try readTextLines(path)
  guard let last = names.last, !last.isEmpty else {
    throw InputError(.mismatch, path, "labels", got: names.isEmpty ? "none" : "an empty last line", expected: "one name a line")
  }
  if let count = classCount(ofOutput: shape), names.count != count {
    throw InputError(.mismatch, path, "labels", got: "\(names.count)", expected: "\(count), one for each class")
  }
  return names
}
