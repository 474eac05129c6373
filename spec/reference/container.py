"""format.md, chapters 3 and 4: header, section table, sections."""
import zlib
from dataclasses import dataclass

from refusal import Cursor, Origin, Refusal

SIGNATURE = bytes.fromhex("894E4E510D0A1A0A")
GRAPH, STORAGE, POSITIONS, VALUES, LABELS, PREPROCESSING, PROVENANCE, SELF_TEST = 1, 2, 3, 4, 16, 17, 18, 19


@dataclass(frozen=True)
class KnownType:
    critical: bool
    safe_to_copy: bool
    least: int
    most: int


# 4.1
KNOWN = {
    GRAPH: KnownType(True, False, 1, 1),
    STORAGE: KnownType(True, False, 1, 1),
    POSITIONS: KnownType(True, False, 0, 2**20),
    VALUES: KnownType(True, False, 0, 2**20),
    LABELS: KnownType(False, True, 0, 1),
    PREPROCESSING: KnownType(False, True, 0, 1),
    PROVENANCE: KnownType(False, False, 0, 1),
    SELF_TEST: KnownType(False, False, 0, 1),
}


@dataclass(frozen=True)
class Limits:
    """Chapter 8."""
    file: int = 2**31
    raw: int = 2**31
    constants: int = 2**31
    activations: int = 2**31
    sections: int = 65_536
    tensors: int = 2**20
    nodes: int = 2**20
    lines: int = 65_536


@dataclass(frozen=True)
class Header:
    section_count: int
    file_byte_count: int
    raw_byte_count: int
    constant_byte_count: int
    activation_byte_count: int
    mac_count: int
    table_crc: int


@dataclass(frozen=True)
class Section:
    row: int  # offset of its row in the file
    type: int
    safe_to_copy: bool
    codec: int
    crc: int
    offset: int
    stored_byte_count: int
    raw_byte_count: int
    padding: int  # bytes before it

    @property
    def origin(self):
        return Origin(self.offset, inflated=self.codec == 1)


def read_header(file, limits):
    """Chapter 3."""
    for at, byte in enumerate(file[:8]):
        if byte != SIGNATURE[at]:
            raise Refusal("badSignature", at)
    if len(file) < 64:
        raise Refusal("truncated", len(file))
    cursor = Cursor(file[:64], Origin(0))
    cursor.take(8)
    major = cursor.unsigned(2)
    cursor.require(major == 1, "unsupportedVersion")
    if zlib.crc32(file[:60]) != int.from_bytes(file[60:64], "little"):
        raise Refusal("checksumMismatch", 60)
    cursor.unsigned(2)  # [F6] any minor

    def limited(count, limit):
        value = cursor.unsigned(count)
        cursor.require(value <= limit, "limitExceeded")
        return value

    section_count = cursor.unsigned(4)
    cursor.require(2 <= section_count <= 2**20, "sectionCount")
    cursor.require(section_count <= limits.sections, "limitExceeded")
    header = Header(section_count, limited(8, limits.file), limited(8, limits.raw), limited(8, limits.constants),
                    limited(8, limits.activations), cursor.unsigned(8), cursor.unsigned(4))
    if len(file) < header.file_byte_count:
        raise Refusal("truncated", len(file))
    if len(file) > header.file_byte_count:
        raise Refusal("trailingBytes", header.file_byte_count)
    return header


def read_table(file, header):
    """Chapter 4: every row, and the places that follow from them."""
    size = 24 * header.section_count
    if 64 + size > len(file):
        raise Refusal("truncated", len(file))
    rows = file[64:64 + size]
    if zlib.crc32(rows) != header.table_crc:
        raise Refusal("checksumMismatch", 56)
    cursor = Cursor(rows, Origin(64))
    sections, end = [], 64 + size
    for _ in range(header.section_count):
        sections.append(read_row(cursor, sections[-1].type if sections else 1, end, header.file_byte_count))
        end = sections[-1].offset + sections[-1].stored_byte_count
    check_counts(sections)
    if sum(s.raw_byte_count for s in sections) != header.raw_byte_count:
        raise Refusal("sizeMismatch", 24)
    if end != header.file_byte_count:
        raise Refusal("sizeMismatch", 16)
    return sections


def read_row(cursor, previous_type, end, file_byte_count):
    row = 64 + cursor.at
    kind = cursor.unsigned(2)
    cursor.require(kind >= previous_type, "sectionOrder")
    flags = cursor.unsigned(1)
    cursor.require(flags < 4, "reservedNotZero")
    critical, safe_to_copy = bool(flags & 1), bool(flags & 2)
    known = KNOWN.get(kind)
    if known is None:
        cursor.require(not critical, "unsupportedSection")
    else:
        cursor.require((critical, safe_to_copy) == (known.critical, known.safe_to_copy), "sectionFlags")
    codec = cursor.unsigned(1)
    cursor.require(codec in (0, 1), "unsupportedCodec")
    crc = cursor.unsigned(4)
    padding = -end % 64 if codec == 0 else 0
    stored = cursor.unsigned(8)
    cursor.require(1 <= stored and end + padding + stored <= file_byte_count, "sectionSize")
    raw = cursor.unsigned(8)
    cursor.require(1 <= raw <= (262_144 if kind in (POSITIONS, VALUES) else 2**26), "sectionSize")
    cursor.require(raw == stored if codec == 0 else stored < raw <= 1032 * stored, "sectionSize")
    return Section(row, kind, safe_to_copy, codec, crc, end + padding, stored, raw, padding)


def check_counts(sections):
    """[F19], at the first row of the type, or where it would be."""
    for kind, known in KNOWN.items():
        before = [s for s in sections if s.type < kind]
        count = sum(s.type == kind for s in sections)
        if not known.least <= count <= known.most:
            raise Refusal("sectionCount", 64 + 24 * len(before))


def read_section(file, section):
    """Padding, checksum, codec: the raw contents."""
    for at in range(section.offset - section.padding, section.offset):
        if file[at] != 0:
            raise Refusal("paddingNotZero", at)
    stored = file[section.offset:section.offset + section.stored_byte_count]
    if zlib.crc32(stored) != section.crc:
        raise Refusal("checksumMismatch", section.offset)
    return stored if section.codec == 0 else inflate(stored, section)


def inflate(stored, section):
    """[F18]"""
    decompressor = zlib.decompressobj()
    try:
        raw = decompressor.decompress(stored, section.raw_byte_count + 1)
    except zlib.error as error:
        raise Refusal("corruptStream", section.offset, detail=str(error)) from None
    if len(raw) != section.raw_byte_count or not decompressor.eof or decompressor.unused_data:
        raise Refusal("corruptStream", section.offset, detail=f"{len(raw)} bytes inflated")
    return raw
