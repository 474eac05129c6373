import Testing

@testable import CommandLineSupport

@Suite struct PrintableTextTests {
  @Test func writesOutWhatCommandsATerminal() {
    #expect("\u{1B}]0;owned\u{7}\r\u{7F}\u{9B}2J".printable == #"\u{1b}]0;owned\u{7}\u{d}\u{7f}\u{9b}2J"#)
  }

  @Test func leavesTextAndItsLayout() {
    let text = "Größe\t3\n猫 🐈\u{A0}"
    #expect(text.printable == text)
  }

  @Test func shortensToBytes() {
    #expect("abc".shortened(byteCount: 3) == "abc")
    #expect("abcd".shortened(byteCount: 3) == "abc...")
    #expect("aé".shortened(byteCount: 2) == "a\u{FFFD}...")
  }
}
