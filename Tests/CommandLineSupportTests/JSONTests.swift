import Testing

@testable import CommandLineSupport

@Suite struct JSONTests {
  @Test func keepsTheOrderOfMembers() {
    let value: JSON = ["isa": ["scalar", "avx2"], "runs": 3, "ms": 0.25, "ok": true, "none": .null, "empty": [:]]
    #expect(value.line == #"{"isa": ["scalar", "avx2"], "runs": 3, "ms": 0.25, "ok": true, "none": null, "empty": {}}"#)
  }

  @Test func escapesWhatJSONReserves() {
    #expect(JSON.string("a\"b\\c\n\u{01}\u{9B}é").line == #""a\"b\\c\n\u0001\u009bé""#)
  }

  @Test func writesNumbersThatJSONLacksAsNull() {
    #expect(JSON.array([.number(.nan), .number(.infinity), 1e-7]).line == "[null, null, 1e-07]")
  }

  @Test func indentsByTwoSpaces() {
    let value: JSON = ["a": [1, 2], "b": []]
    #expect(value.indented == "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": []\n}")
  }
}
