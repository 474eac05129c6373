#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The version of the product, as `--version` and a model's provenance give it.
package let productVersion = "0.1.0"

/// Runs a tool from command line to exit code: parses, answers `--help` and `--version`, prints one line for an error.
///
/// - Parameters:
///   - describe: turns an error of a library into what the tool says about it.
///   - body: the tool's work; what it prints is flushed before the exit.
package func runCommand(
  _ table: ArgumentTable, describing describe: (any Error) -> CommandError, _ body: (ParsedArguments, Log) throws -> Void
) -> Never {
  var log = Log(tool: table.tool, level: .normal)
  // A file that grows beyond the user's limit is then an error of write(2) like any other.
  signal(SIGXFSZ, SIG_IGN)
  // Swift's runtime says how many bytes of memory it could not get, and aborts: a failure like any other, not a crash.
  signal(SIGABRT) { _ in _exit(ExitCode.failure.rawValue) }
  do {
    let arguments = try table.parse(Array(CommandLine.arguments.dropFirst()))
    if arguments.has("help") {
      print(table.helpText)
    } else if arguments.has("version") {
      print("\(table.tool) \(productVersion)")
    } else {
      log.level = arguments.has("quiet") ? .quiet : arguments.has("verbose") ? .verbose : .normal
      try body(arguments, log)
    }
    guard fflush(nil) == 0 else { throw CommandError(.failure, "cannot write the results to stdout") }
    exit(ExitCode.ok.rawValue)
  } catch {
    let failure = commandError(error, describe)
    fflush(nil)
    log.error(failure.message)
    exit(failure.exitCode.rawValue)
  }
  func commandError(_ error: any Error, _ describe: (any Error) -> CommandError) -> CommandError {
    switch error {
    case let error as CommandError: error
    case let error as UsageError: CommandError(.usage, "\(error.message) (see \(table.tool) --help)")
    default: describe(error)
    }
  }
}
