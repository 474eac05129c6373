/// Class numbers of samples, in their order: integers in .npy or IDX (also .gz), one number a line as text, or a folder whose
/// file names begin with the number ("0012.jpg" is class 12, "7_abc.png" class 7).
package func readLabels(_ path: String, limits: InputLimits = InputLimits()) throws(InputError) -> [Int] {
  if isFolder(path) { return try labels(ofFiles: try sampleFiles(inFolder: path)) }
  let file = try InputFile(path: path, limits: limits)
  guard let array = try arrayReader(file, limits: limits) else {
    return try labels(ofLines: try textLines(file, limits: limits), file: file.name)
  }
  guard let integers = try array.readAll().integers else {
    throw InputError(.mismatch, file.name, "labels", got: "real numbers", expected: "integers")
  }
  if let negative = integers.first(where: { $0 < 0 }) {
    throw InputError(.mismatch, file.name, "label", got: "\(negative)", expected: "0 or more")
  }
  return integers
}

/// The lines of a text file, without their ends; a last line that is empty does not count.
package func readTextLines(_ path: String, limits: InputLimits = InputLimits()) throws(InputError) -> [String] {
  try textLines(try InputFile(path: path, limits: limits), limits: limits)
}

private func textLines(_ file: InputFile, limits: InputLimits) throws(InputError) -> [String] {
  guard let text = String(validating: try file.readAll(limits: limits), as: UTF8.self), !text.utf8.contains(0) else {
    throw InputError(.malformed, file.name, "is no text in UTF-8")
  }
  var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map(String.init)
  if lines.last == "" { lines.removeLast() }
  return lines
}

private func labels(ofLines lines: [String], file: String) throws(InputError) -> [Int] {
  var labels: [Int] = []
  for (index, line) in lines.enumerated() {
    let words = line.split(separator: " ")
    guard words.count == 1, let label = Int(words[0]), label >= 0 else {
      throw InputError(.malformed, file, "line \(index + 1)", got: "\"\(line)\"", expected: "a class number")
    }
    labels.append(label)
  }
  return labels
}

private func labels(ofFiles paths: [String]) throws(InputError) -> [Int] {
  var labels: [Int] = []
  for path in paths {
    let name = path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...]
    guard let label = Int(name.prefix { ("0"..."9").contains($0) }) else {
      throw InputError(.mismatch, path, "the file's name does not begin with a class number", remedy: "name it like 12_cat.jpg")
    }
    labels.append(label)
  }
  return labels
}
