import Foundation

struct NotPNM: Error { let path: String }

/// The samples of a binary PGM or PPM file without comments: row by row, 8 bits, red first.
func pixels(ofPNM path: String) throws -> [UInt8] {
  // "P5 WIDTH HEIGHT 255", one white-space character, samples.
  let whiteSpace: Set<UInt8> = [9, 10, 13, 32]
  let fields = try Data(contentsOf: URL(fileURLWithPath: path)).split(maxSplits: 4) { whiteSpace.contains($0) }
  guard fields.count == 5, [Data("P5".utf8), Data("P6".utf8)].contains(fields[0]), fields[3] == Data("255".utf8) else {
    throw NotPNM(path: path)
  }
  return [UInt8](fields[4])
}
