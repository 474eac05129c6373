"""operators.md, 3.2 to 3.4, 3.16 to 3.18: operators that bring many elements together."""
from math import isqrt

import numpy as np

from accumulating import check_clamp, window_extent
from arithmetic import BOUNDS, half, product, requantize
from call import operator


def check_window(call):
    """Shape of a pool. [O12] [O13]"""
    r, s, stride_h, stride_w, top, left, bottom, right = call.attributes[:8]
    x = call.inputs[0]
    call.require_rank(x, 4, 4)
    for value in (r, s):
        call.require_range("kernel", value, 1, 65535)
    height = window_extent(call, x.shape[1], r, stride_h, 1, top, bottom)
    width = window_extent(call, x.shape[2], s, stride_w, 1, left, right)
    call.require_shape(call.y, [1, height, width, x.shape[3]])


def windows(call, values, fill):
    """[..., R*S]: the elements of each window, fill outside of x."""
    r, s, stride_h, stride_w, top, left, bottom, right = call.attributes[:8]
    padded = np.pad(values, ((0, 0), (top, bottom), (left, right), (0, 0)), constant_values=fill)
    view = np.lib.stride_tricks.sliding_window_view(padded, (r, s), (1, 2))[:, ::stride_h, ::stride_w]
    return view.reshape(*view.shape[:4], r * s)


@operator(4, attribute_count=8)
class MaxPool:
    """3.2"""

    @staticmethod
    def check(call):
        call.require_operands(1)
        call.require_activation(call.inputs[0], "u8", "s16")
        call.require_grid(call.inputs[0])
        check_window(call)

    @staticmethod
    def run(call):
        return windows(call, call[0], -(2**16)).max(-1)


@operator(5, attribute_count=11)
class AveragePool:
    """3.3"""

    @staticmethod
    def check(call):
        call.require_operands(1)
        for tensor in (call.inputs[0], call.y):
            call.require_activation(tensor, "u8", "s16")
            call.require_symmetric(tensor)
        count_include_pad, m, s = call.attributes[8:]
        call.require_range("countIncludePad", count_include_pad, 0, 1)
        call.require_range("m", m, 1, 2**31 - 1)
        call.require_range("s", s, 1, 46)
        check_window(call)
        call.require(call.attributes[0] * call.attributes[1] <= (2**20 if call.inputs[0].type == "u8" else 2**15), "attributeRange", "R * S")

    @staticmethod
    def run(call):
        count_include_pad, m, s = call.attributes[8:]
        t = windows(call, call.distance(0), 0).sum(-1)
        d = windows(call, np.ones_like(call[0]), 1 if count_include_pad else 0).sum(-1)
        return np.clip(call.y.zero_point + ((t * ((m + d // 2) // d) + half(s)) >> s), *BOUNDS[call.y.type])


@operator(6, attribute_count=0)
class Softmax:
    """3.4"""

    @staticmethod
    def check(call):
        call.require_operands(2)
        x = call.inputs[0]
        call.require_activation(x, "u8", "s16")
        call.require_rank(x, 2)
        call.require_activation(call.y, "u8", "s16")
        call.require_shape(call.y, x.shape)
        scale = 2.0**-15 if call.y.type == "s16" else 2.0**-8
        call.require((call.y.scale, call.y.zero_point) == (scale, 0), "quantizationMismatch")
        call.require(x.shape[-1] <= 2**16, "shapeMismatch", "length")
        call.require_constant(1, "u32", [512])
        table = call.inputs[1].elements
        call.require(table[0] == table[256] == table.max() == 2**31, "constantRange")

    @staticmethod
    def run(call):
        x, table = call[0], call[1]
        d = x.max(-1, keepdims=True) - x
        e = (table[d // 256] * table[256 + d % 256]) >> 31
        r = 2**62 // e.sum(-1, keepdims=True)
        b, most = (15, 32767) if call.y.type == "s16" else (8, 255)
        # e * r is below 2^62 + 2^31, and the rounding term below 2^53.
        return np.minimum(most, (e * r + 2 ** (61 - b)) >> (62 - b))


@operator(20, attribute_count=lambda call: 1 if call.attributes[:1] in ([1], [2]) else 3)
class Reduce:
    """3.16"""

    @staticmethod
    def check(call):
        call.require_operands(1)
        x = call.inputs[0]
        call.require_range("kind", call.attributes[0], 0, 2)
        for tensor in (x, call.y):
            call.require_activation(tensor, "u8", "s16")
        call.require(len(x.shape) == len(call.y.shape), "shapeMismatch", "rank")
        call.require(all(e in (f, 1) for e, f in zip(call.y.shape, x.shape)), "shapeMismatch", "extents")
        if call.attributes[0] == 0:
            call.require_range("m", call.attributes[1], 1, 2**24 - 1)
            call.require_range("s", call.attributes[2], 1, 60)
            call.require(x.element_count <= call.y.element_count * 2**20, "shapeMismatch", "too many elements")
        else:
            call.require_grid(x)

    @staticmethod
    def run(call):
        axes = tuple(a for a, (e, f) in enumerate(zip(call.y.shape, call.inputs[0].shape)) if e != f)
        if call.attributes[0] != 0:
            return (np.max if call.attributes[0] == 1 else np.min)(call[0], axis=axes, keepdims=True)
        _, m, s = call.attributes
        t = call.distance(0).sum(axis=axes, keepdims=True)
        return np.clip(call.y.zero_point + ((t * m + half(s)) >> s), *BOUNDS[call.y.type])


@operator(21, attribute_count=5)
class MatMul:
    """3.17"""

    @staticmethod
    def check(call):
        call.require_operands(2)
        a, b = call.inputs
        transpose_b, m, s, lo, hi = call.attributes
        call.require_activation(a, "u8", "s16")
        call.require_activation(b, "u8")
        call.require_rank(a, 3)
        call.require(len(a.shape) == len(b.shape) == len(call.y.shape), "shapeMismatch", "ranks")
        call.require_range("transposeB", transpose_b, 0, 1)
        call.require_range("m", m, 256, 32767)
        call.require_range("s", s, 0, 22)
        call.require_symmetric(a)
        check_clamp(call, lo, hi)
        columns, depth = b.shape[-2:] if transpose_b else b.shape[:-3:-1]
        call.require(a.shape[-1] == depth <= 2**15, "shapeMismatch", "depth")
        leading = []
        for extent_a, extent_b in zip(a.shape[:-2], b.shape[:-2]):
            call.require(extent_a == extent_b or 1 in (extent_a, extent_b), "shapeMismatch", "leading axes")
            leading.append(max(extent_a, extent_b))
        call.require_shape(call.y, leading + [a.shape[-2], columns])

    @staticmethod
    def run(call):
        transpose_b, m, s, lo, hi = call.attributes
        a, b = call.distance(0), call.distance(1)
        if transpose_b:
            b = b.swapaxes(-1, -2)
        if call.inputs[0].type == "u8":
            acc = product(a, b)
        else:
            blocks = range(0, a.shape[-1], 256)
            acc = sum((product(a[..., k:k + 256], b[..., k:k + 256, :]) + 2**7) >> 8 for k in blocks)
        return requantize(acc, m, s, 2**14 + call.y.zero_point * 2**15, lo, hi)


@operator(22, attribute_count=4)
class LayerNorm:
    """3.18"""

    @staticmethod
    def check(call):
        call.require_operands(3)
        x = call.inputs[0]
        for tensor in (x, call.y):
            call.require_activation(tensor, "u8", "s16")
            call.require_symmetric(tensor)
        call.require_rank(x, 2)
        call.require_shape(call.y, x.shape)
        length = x.shape[-1]
        call.require(length <= 2**16, "shapeMismatch", "length")
        call.require_constant(1, "s16", [length])
        call.require_constant(2, "s32", [length])
        for name, value, least, most in zip(("kind", "e", "q", "s2"), call.attributes, (0, 0, 0, 8), (1, 2**31 - 1, 31, 31)):
            call.require_range(name, value, least, most)

    @staticmethod
    def run(call):
        rows = call.distance(0).reshape(-1, call.y.shape[-1])
        result = np.stack([LayerNorm.row(call, row) for row in rows])
        return result.reshape(call[0].shape)

    @staticmethod
    def row(call, a):
        kind, e, q, s2 = call.attributes
        n, f = len(a), 16 if call.inputs[0].type == "u8" else 8
        total = int(a.sum()) if kind == 0 else 0
        m = (total * 2**f + n // 2) // n
        w = max(n * int((a * a).sum()) - total**2 + e * 2**q, 1)
        p = next(p for p in range(0, 65, 2) if w << p >= 2**62)
        g = n * (2**63 // isqrt(w << p))
        j = max(g.bit_length() - 31, 16 + f - p // 2)
        r, s = g >> j, 48 + f - p // 2 - j
        t = ((a * 2**f - m) * r + 2 ** (s - 1)) >> s
        return np.clip(call.y.zero_point + ((t * call[1] + call[2] + 2 ** (s2 - 1)) >> s2), *BOUNDS[call.y.type])
