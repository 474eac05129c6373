"""operators.md, chapters 4 and 5: what makes a graph legal, and a run of it."""
import hashlib

import numpy as np

import accumulating, elementwise, gathering, movement  # noqa: E401,F401 (they fill the table of operators)
from arithmetic import BOUNDS
from call import OPERATORS, Call
from refusal import Refusal


# Chapter 5.


def check(model):
    """Raises Refusal with an error of annex A of operators.md."""
    graph = model.graph
    if not graph.is_integer:
        raise Refusal("wrongKind")
    for tensor in graph.tensors:
        check_tensor(tensor)
    check_definitions(graph)
    for node in graph.nodes:
        check_node(node, graph.tensors)
    check_integer_inputs(graph)
    if (model.header.activation_byte_count, model.header.mac_count) != (activation_byte_count(graph), mac_count(graph)):
        raise Refusal("costMismatch")


def check_tensor(tensor):
    """[O1] [O2]"""
    if tensor.is_constant:
        legal, code = tensor.type != "f32", "operandType"
    elif tensor.type not in ("u8", "s16", "s32"):
        legal, code = False, "operandType"
    else:
        legal, code = len(tensor.shape) >= 1 and tensor.shape[0] == 1, "shapeMismatch"
    if not legal:
        raise Refusal(code, detail=f"tensor {tensor.name!r}")


def check_definitions(graph):
    """5.2"""
    ports = graph.inputs + graph.outputs
    if any(graph.tensors[p.tensor].is_constant for p in ports):
        raise Refusal("badPort")
    defined = {i for i, t in enumerate(graph.tensors) if t.is_constant}

    def define(index):
        if index in defined:
            raise Refusal("redefinedTensor", detail=f"{graph.tensors[index].name!r}")
        defined.add(index)

    for port in graph.inputs:
        define(port.tensor)
    for node in graph.nodes:
        if not defined.issuperset(node.inputs):
            raise Refusal("undefinedTensor", detail=f"node {graph.tensors[node.outputs[0]].name!r}")
        for output in node.outputs:
            define(output)
    if not defined.issuperset(p.tensor for p in graph.outputs):
        raise Refusal("badPort", detail="an output")
    used = {i for node in graph.nodes for i in node.inputs} | {p.tensor for p in graph.outputs}
    if len(used) != len(graph.tensors):
        raise Refusal("unusedTensor")


def check_node(node, tensors):
    call = Call(node, tensors)
    kind = OPERATORS.get(node.opcode)
    call.require(kind is not None, "unknownOperator", f"opcode {node.opcode}")
    call.require(len(node.inputs) >= 1, "operandCount")
    call.require(len(node.attributes) == kind.attribute_count(call), "attributeCount")
    kind.check(call)


def check_integer_inputs(graph):
    """[O40]"""
    inputs = {p.tensor for p in graph.inputs}
    outputs = {p.tensor for p in graph.outputs}
    readers = {i for node in graph.nodes if node.opcode != 19 for i in node.inputs}
    for index, tensor in enumerate(graph.tensors):
        if tensor.is_constant or tensor.type != "s32":
            continue
        if index not in inputs or index in outputs or index in readers:
            raise Refusal("operandType", detail=f"tensor {tensor.name!r}")
        if (tensor.scale, tensor.zero_point) != (1, 0):
            raise Refusal("quantizationMismatch", detail=f"tensor {tensor.name!r}")


def mac_count(graph):
    """5.5"""
    count = 0
    for node in graph.nodes:
        if node.opcode in (1, 2):
            weights = graph.tensors[node.inputs[1]]
            count += graph.tensors[node.outputs[0]].element_count * weights.element_count // weights.shape[0]
        elif node.opcode == 21:
            count += graph.tensors[node.outputs[0]].element_count * graph.tensors[node.inputs[0]].shape[-1]
    return count


def activation_byte_count(graph):
    """5.5"""
    last = max(len(graph.nodes) - 1, 0)
    lives = {port.tensor: [0, 0] for port in graph.inputs}
    for at, node in enumerate(graph.nodes):
        for index in node.inputs:
            if index in lives:
                lives[index][1] = at
        for index in node.outputs:
            lives[index] = [at, at]
    for port in graph.outputs:
        lives[port.tensor][1] = last
    live = np.zeros(last + 2, np.int64)
    for index, (first, final) in lives.items():
        byte_count = -(-graph.tensors[index].byte_count // 64) * 64
        live[first] += byte_count
        live[final + 1] -= byte_count
    return int(live.cumsum().max())


# A run.


def run(graph, inputs):
    """inputs: integer arrays, one for each input port, the batch along axis 0. Gives the value of every activation by index."""
    values = {i: t.elements.astype(np.int64) for i, t in enumerate(graph.tensors) if t.is_constant}
    for port, elements in zip(graph.inputs, inputs):
        values[port.tensor] = np.asarray(elements, np.int64)
    for node in graph.nodes:
        call = Call(node, graph.tensors, values)
        values[node.outputs[0]] = OPERATORS[node.opcode].run(call)
    return {i: v for i, v in values.items() if not graph.tensors[i].is_constant}


# Chapter 4.


def quantize(reals, tensor):
    """(11), in single precision."""
    reciprocal = np.float32(1) / np.float32(tensor.scale)
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = np.clip(np.asarray(reals, np.float32) * reciprocal, np.float32(-(2**20)), np.float32(2**20))
    steps = np.where(np.isnan(scaled), np.float32(0), np.rint(scaled)).astype(np.int64)
    return np.clip(steps + tensor.zero_point, *BOUNDS[tensor.type])


def dequantize(q, tensor):
    """(12)"""
    return np.float32(tensor.scale) * (q - tensor.zero_point).astype(np.float32)


# format.md, 6.4.


def splitmix64(state):
    mask = 2**64 - 1
    while True:
        state = (state + 0x9E3779B97F4A7C15) & mask
        z = state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & mask
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & mask
        yield z ^ (z >> 31)


def row_count(graph, index):
    """V of operators.md 3.19."""
    return min(graph.tensors[node.inputs[1]].shape[0] for node in graph.nodes if node.inputs[0] == index)


def self_test_digest(graph, seed):
    """SHA-256 of the outputs of a run on inputs drawn from seed."""
    random = splitmix64(seed)
    inputs = []
    for port in graph.inputs:
        tensor = graph.tensors[port.tensor]
        drawn = np.array([next(random) for _ in range(tensor.element_count)], np.uint64)
        if tensor.type == "s32":
            drawn %= np.uint64(row_count(graph, port.tensor))
        inputs.append(drawn.astype(tensor.dtype).reshape(tensor.shape))
    values = run(graph, inputs)
    sha = hashlib.sha256()
    for port in graph.outputs:
        tensor = graph.tensors[port.tensor]
        sha.update(values[port.tensor].astype(np.dtype(tensor.dtype).newbyteorder("<")).tobytes())
    return sha.digest()
