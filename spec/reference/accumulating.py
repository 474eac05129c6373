"""operators.md, chapter 2: conv2D, dense, and their epilogue."""
import numpy as np

from arithmetic import half, product, requantize
from call import operator


def check_clamp(call, lo, hi):
    """[O5]"""
    call.require_activation(call.y, "u8", "s16")
    call.require_symmetric(call.y)
    least, most = (0, 255) if call.y.type == "u8" else (-32768, 32767)
    call.require_range("lo", lo, least, hi)
    call.require_range("hi", hi, lo, most)


def check_operands(call, weights_shape, output_shape):
    """2.1, [O3] [O4]"""
    call.require_operands(5, 6)
    channels = weights_shape[0]
    call.require_activation(call.inputs[0], "u8")
    for position, (type, shape) in enumerate([("s8", weights_shape), ("s32", [channels]), ("u16", [channels]), ("u8", [channels])], 1):
        call.require_constant(position, type, shape)
    for position, least, most in ((1, -127, 127), (3, 256, 32767), (4, 0, 22)):
        elements = call.inputs[position].elements
        call.require(least <= elements.min() and elements.max() <= most, "constantRange", f"operand {position}")
    lo, hi, residual_multiplier = call.attributes[-3:]
    check_clamp(call, lo, hi)
    if len(call.inputs) == 6:
        call.require_activation(call.inputs[5], "u8")
        call.require_shape(call.inputs[5], output_shape)
        call.require_range("m_r", residual_multiplier, 1, 32767)
    else:
        call.require_range("m_r", residual_multiplier, 0, 0)
    call.require_shape(call.y, output_shape)
    check_overflow(call)


def check_overflow(call):
    """5.3, [O27]"""
    weights = call.inputs[1].elements.astype(np.int64).reshape(call.inputs[1].shape[0], -1)
    bias = call.inputs[2].elements.astype(np.int64)
    start = bias - call.inputs[0].zero_point * weights.sum(1) + half(call.inputs[4].elements)
    largest = start + 255 * np.maximum(weights, 0).sum(1)
    smallest = start - 255 * np.maximum(-weights, 0).sum(1)
    call.require(largest.max() <= 2**31 - 1 and smallest.min() >= -(2**31), "accumulatorOverflow")


def epilogue(call, acc):
    """2.3"""
    lo, hi, residual_multiplier = call.attributes[-3:]
    c = 2**14 + call.y.zero_point * 2**15
    residual = call.distance(5) * residual_multiplier if len(call.inputs) == 6 else 0
    return requantize(acc, call[3], call[4], c, lo, hi, residual)


def window_extent(call, extent, kernel, stride, dilation, before, after):
    """2.4, [O6] [O8]"""
    span = (kernel - 1) * dilation + 1
    for name, value in (("stride", stride), ("dilation", dilation)):
        call.require_range(name, value, 1, 65535)
    for value in (before, after):
        call.require_range("padding", value, 0, min(65535, span - 1))
    room = extent + before + after - span
    call.require(room >= 0, "shapeMismatch", "the kernel is larger than the padded input")
    return room // stride + 1


@operator(1, attribute_count=12)
class Conv2D:
    """2.4"""

    @staticmethod
    def check(call):
        call.require_operands(5, 6)
        stride_h, stride_w, dilation_h, dilation_w, top, left, bottom, right, groups = call.attributes[:9]
        x, w = call.inputs[0], call.inputs[1]
        call.require_rank(x, 4, 4)
        call.require_rank(w, 4, 4)
        call.require_range("groups", groups, 1, 65535)
        k, r, s, depth = w.shape
        channels = x.shape[3]
        call.require(channels % groups == 0 and k % groups == 0, "attributeRange", "groups")
        height = window_extent(call, x.shape[1], r, stride_h, dilation_h, top, bottom)
        width = window_extent(call, x.shape[2], s, stride_w, dilation_w, left, right)
        call.require(depth == channels // groups, "shapeMismatch", "channels of the weights")
        check_operands(call, w.shape, [1, height, width, k])

    @staticmethod
    def run(call):
        stride_h, stride_w, dilation_h, dilation_w, top, left, bottom, right, groups = call.attributes[:9]
        w = call[1]
        k, kernel_h, kernel_w, depth = w.shape
        _, height, width, _ = call.y.shape
        x = np.pad(call.distance(0), ((0, 0), (top, bottom), (left, right), (0, 0)))
        batch = x.shape[0]
        acc = np.zeros((groups, batch * height * width, k // groups), np.int64)
        for r in range(kernel_h):
            for s in range(kernel_w):
                rows = slice(r * dilation_h, r * dilation_h + (height - 1) * stride_h + 1, stride_h)
                columns = slice(s * dilation_w, s * dilation_w + (width - 1) * stride_w + 1, stride_w)
                taps = x[:, rows, columns].reshape(-1, groups, depth).transpose(1, 0, 2)
                acc += product(taps, w[:, r, s].reshape(groups, k // groups, depth).transpose(0, 2, 1))
        acc = acc.transpose(1, 0, 2).reshape(batch, height, width, k)
        return epilogue(call, acc + call[2])


@operator(2, attribute_count=3)
class Dense:
    """2.5"""

    @staticmethod
    def check(call):
        call.require_operands(5, 6)
        x, w = call.inputs[0], call.inputs[1]
        call.require_rank(x, 2)
        call.require_rank(w, 2, 2)
        check_operands(call, [w.shape[0], x.shape[-1]], list(x.shape[:-1]) + [w.shape[0]])

    @staticmethod
    def run(call):
        return epilogue(call, product(call.distance(0), call[1].T) + call[2])
