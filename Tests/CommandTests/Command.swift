import Foundation
import Testing

/// A built tool of this package, run as a user runs it.
struct Command {
  let tool: String

  struct Result: Equatable {
    var exitCode: Int32
    var output: String
    var errors: String
  }

  /// Tools lie beside the test bundle.
  private var executable: URL {
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
    let program = bundle ?? URL(fileURLWithPath: CommandLine.arguments[0])
    return program.deletingLastPathComponent().appendingPathComponent(tool)
  }

  func run(_ arguments: String..., input: [UInt8] = []) throws -> Result { try run(list: arguments, input: input) }

  /// Under the thread sanitizer none does: it writes a file before the tool starts.
  static let takesFileSizeLimit = ProcessInfo.processInfo.environment["TSAN_OPTIONS"] == nil

  /// - Parameter fileSizeLimit: bytes of the files it writes, at most; in units of 512.
  func run(list arguments: [String], fileSizeLimit: Int) throws -> Result {
    // Where coverage is measured, its profile would be larger than the limit.
    let script = "ulimit -f \(fileSizeLimit / 512); LLVM_PROFILE_FILE=/dev/null exec \"$0\" \"$@\""
    return try run(URL(fileURLWithPath: "/bin/sh"), ["-c", script, executable.path] + arguments, input: [])
  }

  func run(list arguments: [String], input: [UInt8] = []) throws -> Result { try run(executable, arguments, input: input) }

  private func run(_ executable: URL, _ arguments: [String], input: [UInt8]) throws -> Result {
    let process = Process()
    let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
    process.executableURL = executable
    process.arguments = arguments
    (process.standardInput, process.standardOutput, process.standardError) = (stdin, stdout, stderr)
    try process.run()
    // All of these are less than a pipe holds, so none of the writes blocks.
    stdin.fileHandleForWriting.write(Data(input))
    try stdin.fileHandleForWriting.close()
    let output = String(decoding: stdout.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let errors = String(decoding: stderr.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return Result(exitCode: process.terminationStatus, output: output, errors: errors)
  }

  /// The largest resident set of a run that succeeds, as far as the system has told a millisecond before its end.
  func peakBytes(_ arguments: [String]) throws -> Int {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    // One arena, and no memory kept from use by a sanitizer: what is measured is what the tool holds.
    process.environment = [
      "MALLOC_ARENA_MAX": "1", "ASAN_OPTIONS": "quarantine_size_mb=0:detect_leaks=0", "LLVM_PROFILE_FILE": "/dev/null",
    ]
    try process.run()
    var peak = 0
    while process.isRunning {
      let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      peak = max(peak, line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
      usleep(1000)
    }
    try #require(process.terminationStatus == 0)
    return peak << 10
  }
}
