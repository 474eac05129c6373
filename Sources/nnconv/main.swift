import CommandLineSupport

runCommand(.nnconv, describing: describe) { arguments, log in
  if arguments.has("compare") { return try CompareJob(arguments, log: log).run() }
  try ConversionJob(arguments, log: log).run()
}
