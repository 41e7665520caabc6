"""Damaged copies of good files, the same for the same seed: what an import must survive.

`python tests/app/imaging/mutants.py FOLDER TARGET [--count N] [--seed S]` writes them; N is 2,000 unless said.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator
from pathlib import Path

Damage = Callable[[bytearray, random.Random], bytearray]
EXTREMES = (b"\x00\x00", b"\xff\xff", b"\x00\x80", b"\xff\x7f", b"\x01\x00")
TAGS = {
    "rows": b"\x28\x00\x10\x00", "columns": b"\x28\x00\x11\x00", "samples": b"\x28\x00\x02\x00",
    "allocated": b"\x28\x00\x00\x01", "stored": b"\x28\x00\x01\x01", "high": b"\x28\x00\x02\x01",
    "frames": b"\x28\x00\x08\x00", "pixels": b"\xe0\x7f\x10\x00", "syntax": b"\x02\x00\x10\x00",
}  # fmt: skip


def flip_bits(data: bytearray, dice: random.Random) -> bytearray:
    """A few bits anywhere."""
    for _time in range(dice.choice((1, 4, 32, 256))):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return data


def flip_head(data: bytearray, dice: random.Random) -> bytearray:
    """A few bits where the header stands."""
    for _time in range(dice.choice((1, 3, 12))):
        data[dice.randrange(min(len(data), 2048))] ^= 1 << dice.randrange(8)
    return data


def cut(data: bytearray, dice: random.Random) -> bytearray:
    """The end is missing."""
    return data[: dice.randrange(1, len(data))]


def drop(data: bytearray, dice: random.Random) -> bytearray:
    """A piece in the middle is missing."""
    start = dice.randrange(len(data))
    del data[start : start + dice.randrange(1, 4096)]
    return data or bytearray(b"\0")


def repeat(data: bytearray, dice: random.Random) -> bytearray:
    """A piece stands twice."""
    start = dice.randrange(len(data))
    return data[:start] + data[start : start + dice.randrange(1, 4096)] * 2 + data[start:]


def blank(data: bytearray, dice: random.Random) -> bytearray:
    """A piece is all zeros or all ones: a bad sector."""
    start, length = dice.randrange(len(data)), dice.randrange(1, 4096)
    end = min(len(data), start + length)
    data[start:end] = dice.choice((b"\0", b"\xff")) * (end - start)
    return data


def lie(data: bytearray, dice: random.Random) -> bytearray:
    """An extreme number right after an element that sizes the picture, or anywhere if there is none."""
    place = data.find(dice.choice(list(TAGS.values())))
    place = place + dice.choice((4, 6, 8, 10)) if place >= 0 else dice.randrange(len(data))
    data[place : place + 2] = dice.choice(EXTREMES)
    return data


DAMAGES: tuple[Damage, ...] = (flip_bits, flip_head, cut, drop, repeat, blank, lie)


def mutants(files: list[Path], count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of `count` mutants of these files, one or two damages each."""
    dice = random.Random(seed)
    for number in range(count):
        path = files[dice.randrange(len(files))]
        data = bytearray(path.read_bytes())
        chosen = [dice.choice(DAMAGES) for _time in range(dice.choice((1, 1, 2)))]
        for damage in chosen:
            data = damage(data, dice)
        how = "+".join(damage.__name__ for damage in chosen)
        yield f"{number:05}_{how}_{path.name}", bytes(data)


def main() -> None:
    """Write mutants of every file below FOLDER of at most 1 MB."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    files = sorted(path for path in given.folder.rglob("*") if path.is_file() and 0 < path.stat().st_size <= 1 << 20)
    given.target.mkdir(parents=True, exist_ok=True)
    for name, data in mutants(files, given.count, given.seed):
        (given.target / name).write_bytes(data)


if __name__ == "__main__":
    main()
