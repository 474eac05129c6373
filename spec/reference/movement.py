"""operators.md, 3.6 to 3.12 and 3.19: operators that move elements."""
import numpy as np

from arithmetic import BOUNDS
from call import operator


def check_mover(call, operands):
    """[O18]"""
    call.require_operands(operands)
    for tensor in (call.inputs[0], call.y):
        call.require_activation(tensor, "u8", "s16")
    call.require_grid(call.inputs[0])


def per_axis(call, count):
    """The attributes in lists of one for each axis of x."""
    rank = len(call.inputs[0].shape)
    return [call.attributes[i * rank:(i + 1) * rank] for i in range(count)]


def batched(call, shape):
    """The shape of one item, for the batch of the run."""
    return (call[0].shape[0],) + tuple(shape[1:])


@operator(8, attribute_count=lambda call: 2 * len(call.inputs[0].shape) + 1)
class Pad:
    """3.6"""

    @staticmethod
    def check(call):
        check_mover(call, 1)
        before, after = per_axis(call, 2)
        for axis, amount in list(enumerate(before)) + list(enumerate(after)):
            call.require_range("padding", amount, 0, 0 if axis == 0 else 2**31 - 1)
        call.require_range("fill", call.attributes[-1], *BOUNDS[call.y.type])
        call.require_shape(call.y, [b + e + a for b, e, a in zip(before, call.inputs[0].shape, after)])

    @staticmethod
    def run(call):
        return np.pad(call[0], list(zip(*per_axis(call, 2))), constant_values=call.attributes[-1])


@operator(9, attribute_count=lambda call: 2 * len(call.inputs[0].shape))
class Slice:
    """3.7"""

    @staticmethod
    def check(call):
        check_mover(call, 1)
        x = call.inputs[0]
        call.require(len(x.shape) == len(call.y.shape), "shapeMismatch", "rank")
        begin, step = per_axis(call, 2)
        call.require((begin[0], step[0], call.y.shape[0]) == (0, 1, x.shape[0]), "attributeRange", "axis 0")
        for first, stride, extent, count in zip(begin, step, x.shape, call.y.shape):
            call.require_range("step", stride, 1, 2**31 - 1)
            call.require_range("begin", first, 0, extent - 1)
            call.require(first + (count - 1) * stride < extent, "attributeRange", "past the end")

    @staticmethod
    def run(call):
        begin, step = per_axis(call, 2)
        places = [slice(None)] + [
            slice(b, b + (count - 1) * s + 1, s) for b, s, count in list(zip(begin, step, call.y.shape))[1:]]
        return call[0][tuple(places)]


@operator(10, attribute_count=0)
class Reshape:
    """3.8"""

    @staticmethod
    def check(call):
        check_mover(call, 1)
        call.require(call.inputs[0].element_count == call.y.element_count, "shapeMismatch", "element count")

    @staticmethod
    def run(call):
        return call[0].reshape(batched(call, call.y.shape))


@operator(11, attribute_count=1)
class Concat:
    """3.9"""

    @staticmethod
    def check(call):
        call.require_operands(2, 255)
        axis, shape = call.attributes[0], list(call.y.shape)
        call.require_activation(call.y, "u8", "s16")
        call.require_range("axis", axis, 1, len(shape) - 1)
        for tensor in call.inputs:
            call.require_activation(tensor, "u8", "s16")
            call.require_grid(tensor)
            call.require(len(tensor.shape) == len(shape), "shapeMismatch", "rank")
            call.require_shape(tensor, shape[:axis] + [tensor.shape[axis]] + shape[axis + 1:])
        call.require(sum(t.shape[axis] for t in call.inputs) == shape[axis], "shapeMismatch", "extent")

    @staticmethod
    def run(call):
        return np.concatenate([call[i] for i in range(len(call.inputs))], call.attributes[0])


@operator(16, attribute_count=lambda call: len(call.inputs[0].shape))
class Transpose:
    """3.10"""

    @staticmethod
    def check(call):
        check_mover(call, 1)
        permutation = call.attributes
        is_permutation = sorted(permutation) == list(range(len(permutation))) and permutation[0] == 0
        call.require(is_permutation, "attributeRange", "permutation")
        call.require_shape(call.y, [call.inputs[0].shape[a] for a in permutation])

    @staticmethod
    def run(call):
        return call[0].transpose(call.attributes)


@operator(17, attribute_count=1)
class Take:
    """3.11"""

    @staticmethod
    def check(call):
        check_mover(call, 2)
        x, axis = call.inputs[0], call.attributes[0]
        call.require_range("axis", axis, 1, len(x.shape) - 1)
        call.require(len(call.y.shape) == len(x.shape), "shapeMismatch", "rank")
        call.require_constant(1, "u32", [call.y.shape[axis]])
        call.require_shape(call.y, x.shape[:axis] + (call.y.shape[axis],) + x.shape[axis + 1:])
        call.require(call.inputs[1].elements.max() < x.shape[axis], "constantRange")

    @staticmethod
    def run(call):
        return np.take(call[0], call[1], call.attributes[0])


@operator(18, attribute_count=0)
class Resize:
    """3.12"""

    @staticmethod
    def check(call):
        check_mover(call, 3)
        x, y = call.inputs[0], call.y
        call.require_rank(x, 4, 4)
        call.require_rank(y, 4, 4)
        call.require_shape(y, [x.shape[0], y.shape[1], y.shape[2], x.shape[3]])
        for position in (1, 2):
            call.require_constant(position, "u32", [y.shape[position]])
            most = 256 * (x.shape[position] - 1)
            call.require(call.inputs[position].elements.max() <= most, "constantRange", f"operand {position}")

    @staticmethod
    def run(call):
        x = call[0]
        i, f = np.divmod(call[1], 256)
        j, g = np.divmod(call[2], 256)
        i_next, j_next = np.minimum(i + 1, x.shape[1] - 1), np.minimum(j + 1, x.shape[2] - 1)
        f, g = f[:, None, None], g[:, None]

        def row(rows):
            return (256 - g) * x[:, rows][:, :, j] + g * x[:, rows][:, :, j_next]

        return ((256 - f) * row(i) + f * row(i_next) + 2**15) >> 16


@operator(19, attribute_count=0)
class Gather:
    """3.19"""

    @staticmethod
    def check(call):
        call.require_operands(2)
        ids, table = call.inputs
        call.require_activation(ids, "s32")
        call.require_activation(call.y, "u8", "s16")
        call.require_constant(1, call.y.type, table.shape)
        call.require_rank(table, 2, 2)
        call.require_shape(call.y, ids.shape + (table.shape[1],))

    @staticmethod
    def run(call):
        ids, table = call[0], call[1]
        return table[np.clip(ids, 0, len(table) - 1)]
