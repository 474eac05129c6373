import Testing

@testable import CommandLineSupport

@Suite struct JSONParserTests {
  private static let texts: [(String, JSON)] = [
    ("null", JSON.null), (" [ ] ", []), ("{}", JSON.object([])), ("-0", 0), ("12", 12), ("1.5e2", 150.0), ("1E-2", 0.01),
    ("9223372036854775808", 9_223_372_036_854_775_808.0), ("[1, [true, false]]", [1, [true, false]]),
    ("{\"b\": {\"a\": \"\"},\n \"a\": 0.5}", ["b": ["a": ""], "a": 0.5]),
    (#""\"\\\/\b\f\n\r\té\u00e9\ud83d\ude00""#, "\"\\/\u{8}\u{C}\n\r\téé😀"),
  ]

  @Test(arguments: texts) func reads(text: String, value: JSON) throws { #expect(try JSON(parsing: text) == value) }

  @Test(arguments: [
    ("", 1, 1, "a value"), ("[1, 2", 1, 6, "\",\" or \"]\""), ("{\"a\": 1,\n  b: 2}", 2, 3, "a name in quotation marks"),
    ("{\"a\" 1}", 1, 6, "\":\""), ("[01]", 1, 2, "a value"), ("[+1]", 1, 2, "a value"), ("[1.]", 1, 2, "a value"),
    ("[1e999]", 1, 2, "a value"), ("[nul]", 1, 2, "a value"), ("1 2", 1, 3, "the end"), ("\"é", 1, 3, "a quotation mark"),
    ("\"\\x\"", 1, 3, #"one of \" \\ \/ \b \f \n \r \t \u"#), ("\"\\u12g4\"", 1, 3, "four hexadecimal digits"),
    ("\"\\ud83d\"", 1, 8, "a pair of surrogates"), ("\"\\", 1, 3, "an escape"), ("\"\t\"", 1, 2, "no control character in a text"),
    ("{\"a\": 1, \"a\": 2}", 1, 13, "\"a\" once in an object"),
  ])
  func refuses(text: String, line: Int, column: Int, expected: String) {
    #expect(throws: JSONError(line: line, column: column, expected: expected)) { try JSON(parsing: text) }
  }

  @Test func nestsOnlySoDeep() throws {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: JSONError(line: 1, column: 66, expected: "no more than 64 values in each other")) { try JSON(parsing: deep) }
  }

  @Test func readsWhatIsWritten() throws {
    let value: JSON = ["a": [1, 2.5, "x\u{1}\"\\"], "b": .null, "c": ["d": true]]
    #expect(try JSON(parsing: value.line) == value)
    #expect(try JSON(parsing: value.indented) == value)
  }
}
