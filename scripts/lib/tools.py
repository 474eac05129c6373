"""Runs nnconv and nnrun for the measuring scripts, and writes their tables into the README."""

import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class ToolError(Exception):
    """A command failed; the message holds the command and the last line it wrote to stderr."""


def build(*products, is_static=False, configuration="release"):
    """Builds the commands, nnconv and nnrun unless others are named, and gives the folder they lie in.

    is_static: they need no libraries beside them, start sooner and take less memory.
    """
    run(ROOT / "scripts/setup")
    build = ("swift", "build", "--package-path", ROOT, "-c", configuration)
    if is_static:
        build += ("--scratch-path", ROOT / ".build-static", "-Xswiftc", "-static-executable")
    for product in products or ("nnconv", "nnrun"):
        run(*build, "--product", product)
    return pathlib.Path(run(*build, "--show-bin-path").strip())


def run(*command):
    """A command's standard output."""
    words = [str(word) for word in command]
    result = subprocess.run(words, capture_output=True, text=True)
    if result.returncode != 0:
        last = (result.stderr.strip() or result.stdout.strip() or "no output").splitlines()[-1]
        raise ToolError(f"{' '.join(words)}: exit code {result.returncode}: {last}")
    return result.stdout


def run_json(*command):
    """The JSON that a command prints as its last line."""
    return json.loads(run(*command, "--json").strip().splitlines()[-1])


def table(heading, rows):
    """A Markdown table; the first column is left-aligned, the others right."""
    lines = [heading, ["---"] + ["---:"] * (len(heading) - 1), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def update_readme(marker, text):
    """Replaces what stands in README.md between <!-- MARKER --> and <!-- end of MARKER -->."""
    path = ROOT / "README.md"
    start, end = f"<!-- {marker} -->\n", f"<!-- end of {marker} -->"
    before, rest = path.read_text().split(start)
    path.write_text(before + start + text + end + rest.split(end)[1])


def log(text):
    print(text, file=sys.stderr, flush=True)
