/// The candidate that a mistyped word most likely meant; nil when none is close.
///
/// Close means: at most a third of the word's letters need an insertion, a removal or a replacement, or the word begins a
/// single candidate. Of equally close candidates the first is taken.
package func nearest(to word: String, among candidates: [String]) -> String? {
  let completions = candidates.filter { word.count > 1 && $0.hasPrefix(word) }
  if completions.count == 1 { return completions[0] }
  let ranked = candidates.map { (candidate: $0, distance: editDistance(word, $0)) }
  guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
  return best.distance <= max(1, word.count / 3) ? best.candidate : nil
}

/// Levenshtein's distance, one row of the table at a time.
func editDistance(_ a: String, _ b: String) -> Int {
  let b = Array(b)
  var row = Array(0...b.count)
  for (i, letter) in a.enumerated() {
    var diagonal = i
    row[0] = i + 1
    for j in b.indices {
      let replaced = diagonal + (letter == b[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[b.count]
}
