"""What scripts/hostile tries, one case each."""

import dataclasses
import pathlib
import typing


@dataclasses.dataclass
class Case:
    """A file that a command must refuse, or take.

    says: a regular expression for the line on stderr: what is wrong, and where.
    """

    threat: str
    name: str
    tool: str
    arguments: list
    says: str = ""
    code: int = 65
    make: typing.Callable[[], None] = lambda: None  # writes the files, just before the run
    files: tuple = ()
    output: pathlib.Path | None = None  # what must not be there afterwards
    is_large: bool = False
    allowed_kib: int = 0  # of memory, beyond what every case may take

    @property
    def byte_count(self):
        return sum(path.stat().st_size for path in map(pathlib.Path, self.files) if path.is_file())
