/// What is wrong with a compressed stream. The raw value completes a message.
enum DeflateDefect: String, Error {
  case notZlib = "no zlib stream"
  case presetDictionary = "a preset dictionary"
  case truncated = "a zlib stream without its end"
  case trailingBytes = "bytes after the zlib stream"
  case tooLong = "a longer zlib stream"
  case tooShort = "a shorter zlib stream"
  case checksum = "a zlib stream with another Adler-32"
  case blockType = "a deflate block of reserved type"
  case storedLength = "a stored block whose two lengths differ"
  case codeLengths = "code lengths that make no Huffman code"
  case code = "a code without a symbol"
  case distance = "a match from before the start"
}
