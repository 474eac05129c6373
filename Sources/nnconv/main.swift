import CommandLineSupport

runCommand(.nnconv, describing: describe) { arguments, log in
  try ConversionJob(arguments, log: log).run()
}
