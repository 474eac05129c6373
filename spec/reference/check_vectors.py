"""Gives every file of spec/vectors.md its verdict, and compares. usage: spec/reference/check_vectors.py"""
import re
import sys
from pathlib import Path

from model import read_model
from refusal import Refusal

ROOT = Path(__file__).resolve().parents[2]


def verdict(path):
    try:
        return "accept " + read_model(path.read_bytes()).digest
    except Refusal as refusal:
        return refusal.verdict


def main():
    failures = count = 0
    for line in (ROOT / "spec/vectors.md").read_text().splitlines():
        row = re.fullmatch(r"\| ((?:in)?valid/\S+) \| ([^|]*) \| ([^|]*) \|", line)
        if not row:
            continue
        count += 1
        got = verdict(ROOT / "fixtures" / row[1])
        if got != row[3]:
            failures += 1
            print(f"{row[1]}: {row[3]} in vectors.md, {got} by the reference reader")
    print(f"{count - failures} passed, {failures} failed")
    return 1 if failures or not count else 0


if __name__ == "__main__":
    sys.exit(main())
