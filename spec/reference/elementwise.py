"""operators.md, 3.1, 3.5, 3.13 to 3.15: operators whose output has a place for each place of the input."""
import numpy as np

from arithmetic import BOUNDS, half
from call import operator


def check_pair(call):
    """[O10] [O30]"""
    call.require_operands(2)
    a, b = call.inputs
    call.require_activation(a, "u8", "s16")
    call.require_activation(call.y, "u8", "s16")
    call.require(b.type in ("u8", "s16"), "operandType", "operand 1")
    for operand in (a, b):
        call.require(len(operand.shape) == len(call.y.shape), "shapeMismatch", "ranks differ")
    for extent_a, extent_b, extent in zip(a.shape, b.shape, call.y.shape):
        call.require({extent_a, extent_b} <= {extent, 1} and extent in (extent_a, extent_b), "shapeMismatch", "extents")


def check_output_clamp(call, lo, hi):
    least, most = BOUNDS[call.y.type]
    call.require_range("lo", lo, least, hi)
    call.require_range("hi", hi, lo, most)


def extremes(tensor, multiplier):
    ends = [q * multiplier for q in BOUNDS[tensor.type]]
    return min(ends), max(ends)


def check_sum(call, terms, c):
    """5.4, [O34]"""
    least = c + sum(extremes(t, m)[0] for t, m in terms)
    most = c + sum(extremes(t, m)[1] for t, m in terms)
    call.require(least >= -(2**31) and most < 2**31, "accumulatorOverflow")


def sum_constant(call, terms, shift):
    """c of 3.1 and 3.15, of operands with their multipliers."""
    return call.y.zero_point * 2**shift + int(half(shift)) - sum((t.zero_point or 0) * m for t, m in terms)


@operator(3, attribute_count=5)
class Add:
    """3.1"""

    @staticmethod
    def check(call):
        check_pair(call)
        m_a, m_b, shift, lo, hi = call.attributes
        for name, multiplier in (("m_a", m_a), ("m_b", m_b)):
            call.require_range(name, abs(multiplier), 1, 32767)
        call.require_range("s", shift, 0, 21)
        check_output_clamp(call, lo, hi)
        terms = list(zip(call.inputs, (m_a, m_b)))
        check_sum(call, terms, sum_constant(call, terms, shift))

    @staticmethod
    def run(call):
        m_a, m_b, shift, lo, hi = call.attributes
        c = sum_constant(call, list(zip(call.inputs, (m_a, m_b))), shift)
        return np.clip((call[0] * m_a + call[1] * m_b + c) >> shift, lo, hi)


@operator(7, attribute_count=0)
class Table:
    """3.5"""

    @staticmethod
    def check(call):
        call.require_operands(2)
        x, table = call.inputs
        call.require_activation(x, "u8", "s16")
        call.require_activation(call.y, "u8", "s16")
        call.require_shape(call.y, x.shape)
        entries = 256 if x.type == "u8" else 513
        is_per_channel = len(table.shape) == 2
        call.require(not is_per_channel or len(x.shape) >= 2, "shapeMismatch", "a table per channel")
        call.require_constant(1, call.y.type if x.type == "u8" else "s16", [x.shape[-1], entries] if is_per_channel else [entries])

    @staticmethod
    def run(call):
        x, table = call[0], call[1]
        look_up = Table.channelwise(x, table)
        if call.inputs[0].type == "u8":
            return look_up(x)
        i, f = (x + 32768) >> 7, (x + 32768) & 127
        s = 7 if call.y.type == "s16" else 13
        return np.clip((look_up(i) * (128 - f) + look_up(i + 1) * f + 2 ** (s - 1)) >> s, *BOUNDS[call.y.type])

    @staticmethod
    def channelwise(x, table):
        if table.ndim == 1:
            return lambda index: table[index]
        channel = np.broadcast_to(np.arange(x.shape[-1]), x.shape)
        return lambda index: table[channel, index]


@operator(12, attribute_count=5)
class Multiply:
    """3.13"""

    @staticmethod
    def check(call):
        check_pair(call)
        i, j, m, lo, hi = call.attributes
        call.require_range("i", i, 0, 7)
        call.require_range("j", j, 0, 7)
        call.require_range("m", m, 1, 32767)
        check_output_clamp(call, lo, hi)

    @staticmethod
    def run(call):
        i, j, m, lo, hi = call.attributes

        def widened(position, shift):
            bound = 2 ** (15 - shift)
            return np.clip(call.distance(position), -bound, bound - 1) * 2**shift

        w = (widened(1, j) * m + 2**14) >> 15
        return np.clip(call.y.zero_point + ((widened(0, i) * w + 2**14) >> 15), lo, hi)


class Extreme:
    """3.14"""

    @staticmethod
    def check(call):
        check_pair(call)
        a, b = call.inputs
        call.require_grid(a)
        if b.is_constant:
            call.require(b.type == call.y.type, "operandType", "operand 1")
        else:
            call.require_grid(b)


@operator(13, attribute_count=0)
class Maximum(Extreme):
    @staticmethod
    def run(call):
        return np.maximum(call[0], call[1])


@operator(14, attribute_count=0)
class Minimum(Extreme):
    @staticmethod
    def run(call):
        return np.minimum(call[0], call[1])


@operator(15, attribute_count=4)
class Requantize:
    """3.15"""

    @staticmethod
    def check(call):
        call.require_operands(1)
        for tensor in (call.inputs[0], call.y):
            call.require_activation(tensor, "u8", "s16")
        call.require_shape(call.y, call.inputs[0].shape)
        m, shift, lo, hi = call.attributes
        call.require_range("m", abs(m), 1, 32767)
        call.require_range("s", shift, 0, 21)
        check_output_clamp(call, lo, hi)
        terms = [(call.inputs[0], m)]
        check_sum(call, terms, sum_constant(call, terms, shift))

    @staticmethod
    def run(call):
        m, shift, lo, hi = call.attributes
        return np.clip((call[0] * m + sum_constant(call, [(call.inputs[0], m)], shift)) >> shift, lo, hi)
