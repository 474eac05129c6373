"""The error of a file that breaks a rule, and a cursor that finds it. format.md, annex A."""


class Refusal(Exception):
    """code: a name of annex A. offset: in the file, None where the rule has no place. inner: offset in the inflated contents
    of a section with codec 1, else None."""

    def __init__(self, code, offset=None, inner=None, detail=""):
        super().__init__(code, offset, inner, detail)
        self.code, self.offset, self.inner, self.detail = code, offset, inner, detail

    def __str__(self):
        place = "" if self.offset is None else f" at {self.offset}"
        if self.inner is not None:
            place += f" + {self.inner}"
        return self.code + place + (f": {self.detail}" if self.detail else "")

    @property
    def verdict(self):
        """As vectors.md writes it."""
        return Refusal(self.code, self.offset, self.inner).__str__()


class Origin:
    """Where bytes come from: a place in the file, or contents inflated from one."""

    def __init__(self, offset, inflated=False):
        self.offset, self.inflated = offset, inflated

    def refusal(self, code, at, detail=""):
        if self.inflated:
            return Refusal(code, self.offset, at, detail)
        return Refusal(code, self.offset + at, None, detail)


class Cursor:
    """Reads little-endian fields one after the other (chapter 2)."""

    def __init__(self, data, origin):
        self.data, self.origin, self.at = data, origin, 0
        self.field = 0  # where the field read last begins

    @property
    def left(self):
        return len(self.data) - self.at

    def take(self, count):
        if count > self.left:
            raise self.origin.refusal("contentSize", self.at, f"{count} bytes wanted, {self.left} left")
        self.field = self.at
        self.at += count
        return self.data[self.field:self.at]

    def unsigned(self, count):
        return int.from_bytes(self.take(count), "little")

    def signed(self, count):
        return int.from_bytes(self.take(count), "little", signed=True)

    def require(self, condition, code, detail=""):
        """A rule about the field read last."""
        if not condition:
            raise self.origin.refusal(code, self.field, detail)

    def reserved(self, count):
        """[F1]"""
        self.require(self.unsigned(count) == 0, "reservedNotZero")

    def end(self, code="contentSize"):
        if self.left:
            raise self.origin.refusal(code, self.at, f"{self.left} bytes too many")
