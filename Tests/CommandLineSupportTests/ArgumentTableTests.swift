import Testing

@testable import CommandLineSupport

@Suite struct ArgumentTableTests {
  let table = ArgumentTable(
    tool: "tool", summary: "does things", usages: ["[options] IN"],
    options: [
      .value("bits", "B", "weight bits"), .value("calib", "PATH", "samples", isRepeatable: true), .value("mean", "R,G,B", "mean"),
      .flag("json", "print JSON"),
    ],
    examples: [.init("tool --bits 8 in", "eight bits")])

  @Test func takesValuesAfterSpaceAndEqualsSign() throws {
    let arguments = try table.parse(["--bits", "8", "in", "--calib=a", "--calib", "b=c", "-", "--json"])
    #expect(try arguments.integer("bits", in: 1...8) == 8)
    #expect(arguments.values("calib") == ["a", "b=c"])
    #expect(arguments.operands == ["in", "-"])
    #expect(arguments.has("json"))
    #expect(!arguments.has("quiet"))
  }

  @Test func doubleDashEndsOptions() throws {
    #expect(try table.parse(["--", "--bits", "-x"]).operands == ["--bits", "-x"])
  }

  @Test func negativeNumbersAreValues() throws {
    #expect(try table.parse(["--mean", "-1.5,2"]).numbers("mean") == [-1.5, 2])
  }

  @Test(arguments: [
    (["--bit", "8"], "unknown option --bit; did you mean --bits?"),
    (["--clib=x"], "unknown option --clib; did you mean --calib?"),
    (["-q"], "unknown option -q"),
    (["--zzzzzz"], "unknown option --zzzzzz"),
    (["--bits"], "--bits needs a value: B"),
    (["--bits", "--json"], "--bits needs a value: B"),
    (["--json=1"], "--json takes no value, got \"1\""),
    (["--bits", "8", "--bits=4"], "--bits is given twice"),
  ])
  func refuses(line: [String], message: String) {
    #expect(throws: UsageError(message)) { _ = try table.parse(line) }
  }

  @Test(arguments: ["9", "0", "x", "", "1e1", "99999999999999999999"])
  func refusesIntegersOutsideTheirRange(text: String) throws {
    let arguments = try table.parse(["--bits=\(text)"])
    #expect(throws: UsageError("--bits: got \"\(text)\", expected an integer 1...8")) { _ = try arguments.integer("bits", in: 1...8) }
  }

  @Test(arguments: ["1,", "nan", "1;2", "inf,1"])
  func refusesWhatIsNoListOfNumbers(text: String) throws {
    let arguments = try table.parse(["--mean=\(text)"])
    #expect(throws: UsageError("--mean: got \"\(text)\", expected numbers separated by commas")) { _ = try arguments.numbers("mean") }
  }

  @Test func helpNamesEveryOptionAndFitsTheWidth() {
    for option in table.options { #expect(table.helpText.contains("  \(option.synopsis)")) }
    #expect(table.helpText.hasPrefix("tool: does things\n\nusage: tool [options] IN\n"))
    #expect(table.helpText.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }
}
