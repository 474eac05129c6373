"""One node with its operands at hand, and the table of operators."""
from refusal import Refusal

OPERATORS = {}


def operator(opcode, attribute_count):
    """A class with the static functions check(call) and run(call). attribute_count: a number, or a function of the call."""

    def register(kind):
        kind.attribute_count = staticmethod(attribute_count if callable(attribute_count) else lambda call: attribute_count)
        OPERATORS[opcode] = kind
        return kind

    return register


class Call:
    def __init__(self, node, tensors, values=None):
        """values: by tensor index, int64 arrays; None while the rules are checked."""
        self.node, self.values = node, values
        self.inputs = [tensors[i] for i in node.inputs]
        self.y = tensors[node.outputs[0]]
        self.attributes = node.attributes

    def __getitem__(self, position):
        """The elements of an operand."""
        return self.values[self.node.inputs[position]]

    def distance(self, position):
        """An operand less its zero point, which is 0 for a constant."""
        return self[position] - (self.inputs[position].zero_point or 0)

    # Rules.

    def require(self, condition, code, detail=""):
        if not condition:
            raise Refusal(code, detail=f"node {self.y.name!r}: {detail}")

    def require_operands(self, least, most=None):
        """[O21]"""
        self.require(least <= len(self.inputs) <= (most or least) and len(self.node.outputs) == 1, "operandCount")

    def require_range(self, name, value, least, most):
        self.require(least <= value <= most, "attributeRange", f"{name} {value}")

    def require_activation(self, tensor, *types):
        self.require(not tensor.is_constant and tensor.type in types, "operandType", f"{tensor.name!r} of {tensor.type}")

    def require_constant(self, position, type, shape):
        tensor = self.inputs[position]
        self.require(tensor.is_constant and tensor.type == type, "operandType", f"operand {position}")
        self.require_shape(tensor, shape)

    def require_shape(self, tensor, shape):
        self.require(tuple(tensor.shape) == tuple(shape), "shapeMismatch", f"{tensor.name!r} has {tensor.shape}, not {shape}")

    def require_rank(self, tensor, least, most=8):
        self.require(least <= len(tensor.shape) <= most, "shapeMismatch", f"{tensor.name!r} has rank {len(tensor.shape)}")

    def require_grid(self, tensor):
        """[O18]: type, scale and zero point of the output."""
        same = (tensor.type, tensor.scale, tensor.zero_point) == (self.y.type, self.y.scale, self.y.zero_point)
        self.require(same, "quantizationMismatch", f"{tensor.name!r}")

    def require_symmetric(self, tensor):
        """[O38]"""
        self.require(tensor.type != "s16" or tensor.zero_point == 0, "quantizationMismatch", f"{tensor.name!r}")
