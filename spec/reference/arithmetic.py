"""operators.md, chapters 1 and 2.3: the arithmetic that operators share. Integers are numpy's int64."""
import numpy as np

BOUNDS = {"u8": (0, 255), "s16": (-(2**15), 2**15 - 1), "s32": (-(2**31), 2**31 - 1)}


def s16(x):
    return np.clip(x, -32768, 32767)


def half(shift):
    """h of (2): 2^(s-1), and 0 for s = 0."""
    shift = np.asarray(shift, np.int64)
    return np.where(shift > 0, np.int64(1) << np.maximum(shift - 1, 0), 0)


def requantize(acc, multiplier, shift, c, lo, hi, residual=0):
    """(2), then (3) or (5). residual: r * m_r."""
    t = s16((acc + half(shift)) >> shift)
    return np.clip((t * multiplier + residual + c) >> 15, lo, hi)


def product(a, b):
    """Matrices a times b, exactly: no partial sum of a legal graph reaches 2^53, so doubles hold it."""
    return np.rint(a.astype(np.float64) @ b.astype(np.float64)).astype(np.int64)
