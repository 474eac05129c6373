#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A bar on stderr, drawn only on a terminal and unless `--quiet`; elsewhere it costs nothing and prints nothing.
package struct Progress {
  private let log: Log
  private let title: String
  private let total: Int?
  private let isVisible: Bool
  private var count = 0
  private var lastDrawn: ContinuousClock.Instant?

  /// - Parameter total: number of steps, nil when it is not known ahead.
  package init(_ title: String, total: Int?, log: Log) {
    self.log = log
    self.title = title
    self.total = total
    isVisible = log.level != .quiet && isatty(STDERR_FILENO) == 1
  }

  /// Adds finished steps and redraws, ten times a second at most.
  package mutating func advance(by steps: Int = 1) {
    guard isVisible else { return }
    count += steps
    let now = ContinuousClock.now
    if let lastDrawn, now - lastDrawn < .milliseconds(100) { return }
    lastDrawn = now
    log.write("\r\(bar)\u{1B}[K")
  }

  /// Removes the bar.
  package func finish() {
    if isVisible { log.write("\r\u{1B}[K") }
  }

  var bar: String {
    guard let total, total > 0 else { return "\(title) \(count)" }
    let width = 30
    let filled = min(width, count * width / total)
    return "\(title) [" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "] \(count)/\(total)"
  }
}
