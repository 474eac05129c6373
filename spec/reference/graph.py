"""format.md, 5.1: the graph section."""
import struct
from dataclasses import dataclass, field

import numpy as np

# elementType -> numpy, in the order of the codes. [F28]
ELEMENT_TYPES = {1: np.uint8, 2: np.int8, 3: np.uint16, 4: np.int16, 5: np.int32, 6: np.uint32, 7: np.float32}
TYPE_NAMES = {1: "u8", 2: "s8", 3: "u16", 4: "s16", 5: "s32", 6: "u32", 7: "f32"}
SMALLEST_SCALE = 2.0**-126


@dataclass
class Tensor:
    type: str  # u8, s8, u16, s16, s32, u32, f32
    is_constant: bool
    name: str
    shape: tuple
    scale: float | None = None
    zero_point: int | None = None
    elements: object = None  # a numpy array, of constants

    @property
    def dtype(self):
        return {name: ELEMENT_TYPES[code] for code, name in TYPE_NAMES.items()}[self.type]

    @property
    def width(self):
        return np.dtype(self.dtype).itemsize

    @property
    def element_count(self):
        count = 1
        for extent in self.shape:
            count *= extent
        return count

    @property
    def byte_count(self):
        return self.element_count * self.width


@dataclass
class Node:
    opcode: int
    inputs: list
    outputs: list
    attributes: list


@dataclass
class Port:
    tensor: int
    channels_first: bool


@dataclass
class Graph:
    is_integer: bool
    tensors: list = field(default_factory=list)
    nodes: list = field(default_factory=list)
    inputs: list = field(default_factory=list)
    outputs: list = field(default_factory=list)

    @property
    def constants(self):
        return [t for t in self.tensors if t.is_constant]


def read_text(cursor, count):
    """[F2]"""
    try:
        text = cursor.take(count).decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise cursor.origin.refusal("invalidText", cursor.field, str(error)) from None
    cursor.require("\0" not in text, "invalidText")
    return text


def read_graph(cursor, limits):
    kind = cursor.unsigned(1)
    cursor.require(kind in (0, 1), "valueOutOfRange")
    cursor.reserved(3)
    tensor_count = read_count(cursor, 6, limits.tensors)
    node_count = read_count(cursor, 12, limits.nodes)
    input_count = cursor.unsigned(2)
    cursor.require(input_count >= 1, "valueOutOfRange")
    output_count = cursor.unsigned(2)
    cursor.require(output_count >= 1, "valueOutOfRange")

    graph, names = Graph(is_integer=kind == 0), set()
    for _ in range(tensor_count):
        graph.tensors.append(read_tensor(cursor, names, graph.is_integer))
    for _ in range(node_count):
        graph.nodes.append(read_node(cursor, graph.tensors))
    graph.inputs = [read_port(cursor, graph.tensors) for _ in range(input_count)]
    graph.outputs = [read_port(cursor, graph.tensors) for _ in range(output_count)]
    cursor.end()
    return graph


def read_count(cursor, least_byte_count, limit):
    """A number of records, which cannot be more than fit."""
    count = cursor.unsigned(4)
    cursor.require(count <= limit, "limitExceeded")
    cursor.require(count * least_byte_count <= cursor.left, "contentSize")
    return count


def read_tensor(cursor, names, is_integer):
    """5.1.1"""
    code = cursor.unsigned(1)
    cursor.require(code in ELEMENT_TYPES, "valueOutOfRange")
    role = cursor.unsigned(1)
    cursor.require(role in (0, 1), "valueOutOfRange")
    rank = cursor.unsigned(1)
    cursor.require(rank <= 8, "valueOutOfRange")
    cursor.reserved(1)
    name_byte_count = cursor.unsigned(2)
    cursor.require(name_byte_count <= 1024, "valueOutOfRange")
    name = read_text(cursor, name_byte_count)
    cursor.require(not name or name not in names, "duplicateName")
    names.add(name)
    tensor = Tensor(TYPE_NAMES[code], role == 1, name, ())
    for _ in range(rank):
        extent = cursor.unsigned(4)
        cursor.require(1 <= extent < 2**31, "valueOutOfRange")
        tensor.shape += (extent,)
        cursor.require(tensor.byte_count < 2**31, "valueOutOfRange")
    if is_integer and not tensor.is_constant:
        read_quantization(cursor, tensor)
    return tensor


def read_quantization(cursor, tensor):
    """[F33]"""
    tensor.scale = struct.unpack("<f", cursor.take(4))[0]
    cursor.require(SMALLEST_SCALE <= tensor.scale < float("inf"), "valueOutOfRange")
    tensor.zero_point = cursor.signed(4)
    if tensor.type == "f32":
        cursor.require(tensor.zero_point == 0, "valueOutOfRange")
    else:
        bounds = np.iinfo(tensor.dtype)
        cursor.require(bounds.min <= tensor.zero_point <= bounds.max, "valueOutOfRange")


def read_node(cursor, tensors):
    """5.1.2"""
    opcode = cursor.unsigned(2)
    cursor.require(cursor.unsigned(1) == 1, "unsupportedVersion")
    input_count = cursor.unsigned(1)
    output_count = cursor.unsigned(1)
    cursor.require(output_count >= 1, "valueOutOfRange")
    attribute_count = cursor.unsigned(1)
    cursor.reserved(2)

    def index():
        value = cursor.unsigned(4)
        cursor.require(value < len(tensors), "indexOutOfRange")
        return value

    inputs = [index() for _ in range(input_count)]
    outputs = [index() for _ in range(output_count)]
    return Node(opcode, inputs, outputs, [cursor.signed(4) for _ in range(attribute_count)])


def read_port(cursor, tensors):
    """5.1.3"""
    tensor = cursor.unsigned(4)
    cursor.require(tensor < len(tensors) and not tensors[tensor].is_constant, "indexOutOfRange")
    layout = cursor.unsigned(1)
    cursor.require(layout in (0, 1), "valueOutOfRange")
    cursor.reserved(3)
    return Port(tensor, layout == 1)
