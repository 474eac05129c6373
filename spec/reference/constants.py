"""format.md, 5.2 to 5.5: how the elements of constants are stored."""
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from graph import TYPE_NAMES
from refusal import Refusal

DENSE, MASK, GAPS = 0, 1, 2
TYPE_ORDER = {name: code for code, name in TYPE_NAMES.items()}


@dataclass
class Record:
    """5.2"""
    positions: int
    bits: int
    has_table: bool
    has_nibble_planes: bool
    kept_count: int
    gap_byte_count: int

    @property
    def code_width(self):
        return next(width for width in (1, 2, 4, 8) if width >= self.bits)

    def positions_byte_count(self, tensor):
        return {DENSE: 0, MASK: (tensor.element_count + 7) // 8, GAPS: self.gap_byte_count}[self.positions]

    def values_byte_count(self, tensor):
        if self.bits == 0:
            return self.kept_count * tensor.width
        if self.has_nibble_planes:
            return 2 * ((self.kept_count + 1) // 2)
        return (2**self.bits if self.has_table else 0) + (self.kept_count * self.code_width + 7) // 8


def read_storage(cursor, constants):
    """5.2, [F39] to [F43]"""
    cursor.require(cursor.unsigned(4) == len(constants), "contentSize")
    records = [read_record(cursor, tensor) for tensor in constants]
    cursor.end()
    return records


def read_record(cursor, tensor):
    positions = cursor.unsigned(1)
    cursor.require(positions in (DENSE, MASK, GAPS), "valueOutOfRange")
    bits = cursor.unsigned(1)
    cursor.require(bits <= 8 and (bits == 0 or tensor.type == "s8"), "valueOutOfRange")
    levels = cursor.unsigned(1)
    cursor.require(levels <= (1 if bits else 0), "valueOutOfRange")
    planes = cursor.unsigned(1)
    cursor.require(planes <= (1 if bits == 8 and levels == 0 else 0), "valueOutOfRange")
    kept = cursor.unsigned(4)
    count = tensor.element_count
    cursor.require(kept == count if positions == DENSE else kept <= count, "valueOutOfRange")
    gap_bytes = cursor.unsigned(4)
    most = kept + (count - kept) // 255
    cursor.require(kept <= gap_bytes <= most if positions == GAPS else gap_bytes == 0, "valueOutOfRange")
    return Record(positions, bits, levels == 1, planes == 1, kept, gap_bytes)


class Stream:
    """5.3: the contents of sections of one type, one after the other."""

    def __init__(self, sections, contents):
        self.sections = sections
        self.bytes = b"".join(contents)
        self.starts = np.cumsum([0] + [len(c) for c in contents]).tolist()

    def refusal(self, code, at, detail=""):
        index = bisect_right(self.starts, at) - 1
        return self.sections[index].origin.refusal(code, at - self.starts[index], detail)


class Part:
    """The bytes of one constant in a stream."""

    def __init__(self, stream, start, count):
        self.stream, self.start = stream, start
        self.bytes = np.frombuffer(stream.bytes, np.uint8, count, start)

    def require(self, condition, code, at=0, detail=""):
        if not condition:
            raise self.stream.refusal(code, self.start + int(at), detail)


def check_stream_sizes(constants, records, sections_of):
    """[F44]"""
    for kind, size in ((3, "positions_byte_count"), (4, "values_byte_count")):
        expected = sum(getattr(r, size)(t) for t, r in zip(constants, records))
        if sum(s.raw_byte_count for s in sections_of(kind)) != expected:
            raise Refusal("sizeMismatch", sections_of.row(kind))


def decode_constants(constants, records, positions, values):
    """5.3: parts by ascending element type, then in the order of the records."""
    order = sorted(range(len(constants)), key=lambda i: (TYPE_ORDER[constants[i].type], i))
    at = {"positions": 0, "values": 0}
    for index in order:
        tensor, record = constants[index], records[index]
        sizes = record.positions_byte_count(tensor), record.values_byte_count(tensor)
        tensor.elements = decode(tensor, record, Part(positions, at["positions"], sizes[0]), Part(values, at["values"], sizes[1]))
        at["positions"] += sizes[0]
        at["values"] += sizes[1]


def decode(tensor, record, positions, values):
    kept = decode_raw(tensor, record, values) if record.bits == 0 else decode_codes(record, values)
    if record.positions == DENSE:
        return kept.reshape(tensor.shape)
    values.require(np.all(kept.view(f"u{tensor.width}") != 0), "invalidPositions", detail="a kept zero")
    indices = {MASK: mask_indices, GAPS: gap_indices}[record.positions](tensor, record, positions)
    elements = np.zeros(tensor.element_count, tensor.dtype)
    elements[indices] = kept
    return elements.reshape(tensor.shape)


def decode_raw(tensor, record, values):
    """5.5, bits = 0: byte planes."""
    planes = values.bytes.reshape(tensor.width, record.kept_count)
    return np.ascontiguousarray(planes.T).view(np.dtype(tensor.dtype).newbyteorder("<")).reshape(-1).astype(tensor.dtype)


def decode_codes(record, values):
    """5.5, bits = b."""
    table_byte_count = 2**record.bits if record.has_table else 0
    levels = read_levels(record, values)
    if record.has_nibble_planes:
        half = len(values.bytes) // 2
        codes = unpack(values, 0, half, record.kept_count, 4) | unpack(values, half, half, record.kept_count, 4) << 4
        places = np.arange(record.kept_count) // 2
    else:
        codes = unpack(values, table_byte_count, len(values.bytes) - table_byte_count, record.kept_count, record.code_width)
        places = table_byte_count + np.arange(record.kept_count) * record.code_width // 8
    legal = (codes < len(levels)) & (levels[np.minimum(codes, len(levels) - 1)] != -128)
    if not legal.all():
        values.require(False, "invalidCode", places[np.argmin(legal)])
    return levels[codes].astype(np.int8)


def unpack(values, start, byte_count, count, width):
    """Fields of `width` bits, the first in the least significant bits. [F52]"""
    if byte_count == 0:
        return np.zeros(0, np.int64)
    bits = np.unpackbits(values.bytes[start:start + byte_count], bitorder="little")
    values.require(not bits[count * width:].any(), "reservedNotZero", start + byte_count - 1)
    return bits[:count * width].reshape(count, width) @ (1 << np.arange(width))


def read_levels(record, values):
    """The element of each code that may occur. [F50] [F51]"""
    if not record.has_table:
        return np.arange(2**record.bits) - 2 ** (record.bits - 1)
    table = values.bytes[:2**record.bits].view(np.int8).astype(np.int64)
    steps = np.diff(table)
    distinct = 1 + int(np.argmin(np.append(steps > 0, False)))
    values.require(table[0] != -128 and not steps[distinct - 1:].any(), "invalidCode")
    return table[:distinct]


def mask_indices(tensor, record, positions):
    """5.4, mask."""
    bits = np.unpackbits(positions.bytes, bitorder="little")
    positions.require(not bits[tensor.element_count:].any(), "reservedNotZero", len(positions.bytes) - 1)
    indices = np.flatnonzero(bits)
    positions.require(len(indices) == record.kept_count, "invalidPositions")
    return indices


def gap_indices(tensor, record, positions):
    """5.4, gaps."""
    is_element = positions.bytes < 255
    positions.require(is_element.sum() == record.kept_count, "invalidPositions")
    positions.require(len(is_element) == 0 or is_element[-1], "invalidPositions")
    reached = np.cumsum(positions.bytes.astype(np.int64) + is_element) - 1
    indices = reached[is_element]
    if len(indices) and indices[-1] >= tensor.element_count:
        past = np.flatnonzero(is_element)[np.argmax(indices >= tensor.element_count)]
        positions.require(False, "invalidPositions", past)
    return indices
