"""ONNX files that attack the importer: nodes that make no sense, names without number, little files that ask for much."""

import onnx_wire as onnx
from onnx_wire import chunk, graph, ints_attribute, model, net, node, tensor, value

RELU = node("Relu", ["x"])
IMAGE = value("x", (1, 2, 8, 8))


def cases():
    """Threat, name, what the refusal says, what makes the file."""
    return [*order(), *attributes(), *names(), *bombs(), *many()]


def order():
    yield "S15", "cycle_of_1", "Relu 'n': 'y' is defined by this or a later node", lambda: net(node("Relu", ["y"]))
    yield "S15", "cycle_of_2", "'b' is defined by this or a later node", lambda: net(
        node("Relu", ["b"], ["y"]), node("Relu", ["y"], ["b"]))
    yield "S15", "cycle_of_1000", "'v999' is defined by this or a later node", lambda: net(
        *(node("Relu", [f"v{(i - 1) % 1000}"], [f"v{i}"]) for i in range(1000)), outputs=[value("v999")])
    yield "S15", "use_before_definition", "is defined by this or a later node", lambda: net(
        node("Relu", ["a"], ["y"]), node("Relu", ["x"], ["a"]))
    yield "S10", "operand_undefined", "'nowhere' is not defined", lambda: net(node("Relu", ["nowhere"]))
    yield "S10", "output_undefined", "output 'z': 'z' is not defined", lambda: net(RELU, outputs=[value("z")])
    yield "S10", "gather_past_the_end", "Gather 'n'", lambda: net(node("Gather", ["x", "i"]), constants=[onnx.integers("i", [1 << 40])])
    yield "S12", "no_inputs", "it has no inputs", lambda: net(inputs=[], outputs=[])
    yield "S12", "no_outputs", "it has no outputs", lambda: net(RELU, outputs=[])
    yield "S13", "duplicate_result", "'y' is already defined", lambda: net(RELU, RELU)
    yield "S13", "duplicate_constant", "initializer 'w': 'w' is already defined", lambda: net(
        node("Add", ["x", "w"]), constants=[onnx.floats("w", [1], [1])] * 2)
    yield "S13", "duplicate_input", "input 'x': 'x' is already defined", lambda: net(RELU, inputs=[value("x")] * 2)
    yield "S13", "name_empty", "what it defines has no name", lambda: net(node("Relu", ["x"], [""]))
    yield "S13", "name_not_utf8", "field 2 is not UTF-8", lambda: net(node("Relu", ["x"], []) + chunk(2, b"\xff\xfe"))
    yield "S13", "name_of_a_path", r"Foo '\.\./\.\./etc/passwd': the operator", lambda: net(node("Foo", ["x"], name="../../etc/passwd"))
    yield "S13", "name_controls_terminal", r"Foo '[^\x00-\x1f\x7f-\x9f]*': the operator", lambda: net(
        node("Foo", ["x"], name="\x1b]0;owned\x07\x1b[2J\x9b31m\x7f"))
    yield "S18", "operator_of_code", "PyOp 'n': operators of the domain 'ai.onnx.contrib'", lambda: net(
        node("PyOp", ["x"], ["y"], onnx.attribute("func", 3, chunk(4, "__import__('os').system('id')")), domain="ai.onnx.contrib"))
    yield "S18", "function", "it defines the function 'f'", lambda: model(graph([RELU]), more=chunk(25, chunk(1, "f")))


def attributes():
    kernel = onnx.floats("w", [2, 2, 3, 3], [1] * 36)

    def conv(*attributes, constant=kernel, image=IMAGE):
        return lambda: net(node("Conv", ["x", "w"], ["y"], *attributes), constants=[constant], inputs=[image])

    yield "S11", "strides_0", "Conv 'n'", conv(ints_attribute("strides", [0, 0]))
    yield "S11", "strides_negative", "Conv 'n'", conv(ints_attribute("strides", [-1, 1]))
    yield "S11", "strides_2_62", "Conv 'n'|'y'", conv(ints_attribute("strides", [1 << 62, 1]), ints_attribute("dilations", [1 << 62, 1]))
    yield "S11", "dilations_0", "Conv 'n'", conv(ints_attribute("dilations", [0, 1]))
    yield "S11", "groups_0", "Conv 'n'", conv(onnx.int_attribute("group", 0))
    yield "S11", "groups_least", "Conv 'n'", conv(onnx.int_attribute("group", -(1 << 63)))
    yield "S11", "kernel_of_0", "Conv 'n'|initializer 'w'", conv(constant=tensor("w", [2, 2, 0, 3], b""))
    yield "S11", "input_of_0", "input 'x'", conv(image=value("x", (1, 2, 0, 8)))
    yield "S23", "kernel_wider", "Conv 'n'", conv(image=value("x", (1, 2, 2, 2)))
    yield "S23", "pads_2_62", "Conv 'n'", conv(ints_attribute("pads", [1 << 62] * 4))
    yield "S23", "pads_negative", "Conv 'n'", conv(ints_attribute("pads", [-9, -9, -9, -9]))
    yield "S23", "channels_other", "Conv 'n'", conv(image=value("x", (1, 3, 8, 8)))
    yield "S23", "reshape_other", "Reshape 'n'", lambda: net(node("Reshape", ["x", "s"]), constants=[onnx.integers("s", [1, 5])])
    yield "S23", "reshape_wraps", "Reshape 'n'", lambda: net(
        node("Reshape", ["x", "s"]), constants=[onnx.integers("s", [1, 1 << 32, 1 << 32, 4])])
    yield "S1", "input_wraps", "input 'x'", lambda: net(RELU, inputs=[value("x", (1, 1 << 62, 8))])
    yield "S1", "input_negative", "input 'x'", lambda: net(RELU, inputs=[value("x", (1, -4))])
    yield "S4", "input_of_rank_1000", "input 'x'", lambda: net(RELU, inputs=[value("x", [1] * 1000)])


def names():
    def unsupported(count, name):
        return lambda: net(*(node("Foo", ["x"], [f"y{i}"], name=name(i)) for i in range(count)))

    yield "S13", "name_of_64_mib", "byte [0-9]+: field 3 is a text of 67108864 bytes, supported are 65536", unsupported(1, lambda _: "n" * (64 << 20))
    yield "S13", "refusals_10000", "10001 things are not supported", unsupported(10_000, str)
    yield "S13", "names_1000000", "byte [0-9]+: field 1 occurs more than 16384 times", lambda: net(
        *(node("Identity", ["x"], [f"v{i}"], name=str(i)) for i in range(1_000_000)), node("Foo", ["x"], name="last"))
    yield "S13", "operand_names_10000000", "byte [0-9]+: field 1 occurs more than 65536 times", lambda: net(
        b"".join(chunk(1, f"{i}") for i in range(10_000_000)) + node("Foo"))


def filled(shape):
    """A constant that 20 bytes ask for."""
    return [node("ConstantOfShape", ["s"], ["w"]), node("Add", ["x", "w"])], [onnx.integers("s", shape)]


def bombs():
    def folded(*nodes, constants):
        return lambda: net(*nodes, constants=constants)

    for name, shape in {"2_40": [1 << 40], "2_63": [1 << 32, 1 << 31], "negative": [-1]}.items():
        nodes, constants = filled(shape)
        yield "S6", f"constant_of_{name}", "ConstantOfShape 'n'", folded(*nodes, constants=constants)
    yield "S6", "range_2_40", "Range 'n'", folded(
        node("Range", ["a", "b", "c"], ["w"]), node("Gather", ["x", "w"]),
        constants=[onnx.integers("a", [0], []), onnx.integers("b", [1 << 40], []), onnx.integers("c", [1], [])])
    yield "S6", "range_step_0", "Range 'n'", folded(
        node("Range", ["a", "b", "c"], ["w"]), node("Gather", ["x", "w"]),
        constants=[onnx.integers("a", [0], []), onnx.integers("b", [9], []), onnx.integers("c", [0], [])])
    yield "S6", "expand_2_40", "Expand 'n'", folded(
        node("Expand", ["a", "s"], ["w"]), node("Add", ["x", "w"]), constants=[onnx.floats("a", [1], [1]), onnx.integers("s", [1 << 40])])
    yield "S6", "tile_2_62", "Tile 'n'", folded(
        node("Tile", ["a", "s"], ["w"]), node("Add", ["x", "w"]), constants=[onnx.floats("a", [4], [1] * 4), onnx.integers("s", [1 << 62])])
    yield "S6", "tile_of_the_input", "Tile 'n'|y", folded(node("Tile", ["x", "s"]), constants=[onnx.integers("s", [1, 1 << 40])])
    yield "S6", "pad_2_40", "Pad 'n'|y", folded(node("Pad", ["x", "s"]), constants=[onnx.integers("s", [0, 0, 0, 1 << 40])])
    yield "S6", "doubled_60_times", "Concat '", lambda: net(
        *(node("Concat", [f"w{i}"] * 2, [f"w{i + 1}"], onnx.int_attribute("axis", 0), name=f"{i}") for i in range(60)),
        node("Add", ["x", "w60"]), constants=[onnx.floats("w0", [1], [1])])


def many():
    """What takes too long if anything is quadratic; each ends in a node that is refused."""
    last = node("Foo", ["v0"], name="last")
    yield "S25", "chain_of_300000", "byte [0-9]+: field 1 occurs more than 16384 times", lambda: net(
        node("Relu", ["x"], ["v0"]), *(node("Relu", [f"v{i}"], [f"v{i + 1}"], name=str(i)) for i in range(300_000)), last)
    yield "S25", "chain_of_4000", "Foo 'last'", lambda: net(
        node("Relu", ["x"], ["v0"]), *(node("Relu", [f"v{i}"], [f"v{i + 1}"], name=str(i)) for i in range(4_000)), last)
    yield "S25", "constants_60000", "Foo 'last'", lambda: net(
        node("Relu", ["x"], ["v0"]), last, constants=[onnx.floats(f"w{i}", [1], [1]) for i in range(60_000)])
    yield "S25", "inputs_60000", "Foo 'last'", lambda: net(
        node("Relu", ["x"], ["v0"]), last, inputs=[value("x"), *(value(f"x{i}") for i in range(60_000))])
    yield "S25", "constants_300000", "byte [0-9]+: field 5 occurs more than 65536 times", lambda: net(
        node("Relu", ["x"], ["v0"]), last, constants=[onnx.floats(f"w{i}", [1], [1]) for i in range(300_000)])
    yield "S25", "inputs_300000", "byte [0-9]+: field 11 occurs more than 65536 times", lambda: net(
        node("Relu", ["x"], ["v0"]), last, inputs=[value("x"), *(value(f"x{i}") for i in range(300_000))])
    yield "S25", "same_name_100000", "byte [0-9]+: field 1 occurs more than 16384 times", lambda: net(
        node("Relu", ["x"], ["v0"]), *(node("Relu", ["x"], [f"u{i}"], name="same") for i in range(100_000)), last)
    yield "S25", "attributes_300000", "byte [0-9]+: field 5 occurs more than 65536 times", lambda: net(
        node("Relu", ["x"], ["v0"], *(onnx.int_attribute(f"a{i}", i) for i in range(300_000))))
