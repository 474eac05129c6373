import Testing

@testable import NNQFormat

@Suite struct SHA256Tests {
  /// The examples of FIPS 180-4.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func matchesTheStandard(text: String, digest: String) {
    #expect(SHA256.digest(Array(text.utf8)).hexString == digest)
  }

  /// All lengths around the block size, in one piece and in two.
  @Test func doesNotDependOnPieces() {
    let bytes = (0..<200).map { UInt8($0) }
    for count in bytes.indices {
      for split in stride(from: 0, through: count, by: 13) {
        var hash = SHA256()
        hash.update(Array(bytes[..<split]))
        hash.update(Array(bytes[split..<count]))
        #expect(hash.finalize() == SHA256.digest(Array(bytes[..<count])))
      }
    }
  }
}
