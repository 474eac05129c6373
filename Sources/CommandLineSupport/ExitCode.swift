/// What a command tells the shell; the numbers are those of sysexits.h.
package enum ExitCode: Int32, Sendable {
  case ok = 0
  case failure = 1
  case usage = 64
  case badData = 65
  case noInput = 66
  case internalError = 70
  case cannotCreate = 73
}

/// The reason a command ends early: one line for stderr, and its exit code.
package struct CommandError: Error, Equatable {
  package var exitCode: ExitCode
  package var message: String

  package init(_ exitCode: ExitCode, _ message: String) {
    self.exitCode = exitCode
    self.message = message
  }
}
