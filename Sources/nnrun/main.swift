import CommandLineSupport

runCommand(RunOptions.table, describing: commandError) { arguments, log in
  try run(RunOptions(arguments), log)
}
