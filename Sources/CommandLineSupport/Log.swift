#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Lines on stderr: errors, warnings, progress. Results go to stdout and not through here.
package struct Log: Sendable {
  package enum Level: Int, Sendable { case quiet, normal, verbose }

  package var tool: String
  package var level: Level

  package init(tool: String, level: Level) {
    self.tool = tool
    self.level = level
  }

  /// What a file may make a message hold.
  private static let longestError = 8192

  package func error(_ message: String) { write("\(tool): error: \(message.shortened(byteCount: Log.longestError).printable)\n") }

  package func warning(_ message: String) {
    if level != .quiet { write("\(tool): warning: \(message.printable)\n") }
  }

  package func note(_ message: String) {
    if level != .quiet { write("\(message.printable)\n") }
  }

  package func detail(_ message: String) {
    if level == .verbose { write("\(message.printable)\n") }
  }

  /// One system call a line, so that lines of two processes do not mix; a stderr that is closed is nobody's loss.
  func write(_ text: String) {
    _ = Array(text.utf8).withUnsafeBytes { systemWrite(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

/// write(2), under a name that does not clash with the method.
private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int { write(descriptor, buffer, count) }
