"""A schematic profile: where each landmark lies on a face, for the diagrams and for where the next click may begin.

Own work, drawn from proportions that are taught; it is no norm. Millimetres, y down, facing right, Frankfort level.
"""

from __future__ import annotations

from collections.abc import Mapping

from viewer.model.cephalometry.functions import Point
from viewer.model.cephalometry.guide import facing_left

PLACES: dict[str, Point] = {
    "S": (20, -18), "N": (88, -27), "Or": (76, 0), "Po": (0, 0), "PoM": (0, -1), "Ba": (3, 22), "Pt": (44, 3),
    "PTV": (42, 5), "Ptm": (46, 22), "Ar": (7, 14), "Co": (7, 4), "DC": (11, 9), "ANS": (92, 24), "PNS": (42, 24),
    "A": (88, 31), "Pr": (90, 42), "Id": (86, 60), "B": (82, 70), "Pm": (83, 76), "Pog": (84, 82), "Gn": (82, 88),
    "Me": (76, 91), "D": (76, 79), "MT": (26, 70), "RT": (9, 42), "Go": (12, 61), "GoA": (14, 60), "R1": (36, 40),
    "R2": (9, 40), "R3": (21, 13), "R4": (22, 67), "Xi": (23, 40), "MC1": (66, 74), "MC2": (28, 46),
    "U1T": (93, 53), "U1A": (82, 30), "U1L": (94, 48), "L1T": (90, 51), "L1A": (77, 74), "U4": (74, 53),
    "L4": (73, 51), "U6": (60, 53), "L6": (61, 51), "U6D": (54, 48), "L6D": (52, 56),
    "Gs": (97, -38), "Ns": (94, -25), "Prn": (119, 12), "Cm": (112, 21), "Sn": (103, 26), "Ss": (101, 33),
    "Ls": (106, 43), "Stms": (99, 50), "Stmi": (99, 51), "Li": (103, 58), "Sm": (95, 68), "Pogs": (97, 81),
    "Gns": (92, 91), "Mes": (80, 99), "C": (48, 97), "UPA": (39, 36), "UPP": (26, 37), "LPA": (34, 66),
    "LPP": (23, 66),
}  # fmt: skip

VAULT: tuple[Point, ...] = (
    (97, -38), (92, -66), (62, -92), (14, -96), (-34, -74), (-50, -34), (-40, 2), (-18, 18), (3, 22),
)  # fmt: skip
"""The skull from forehead to foramen magnum: no landmark lies on it, but without it no one sees a head."""


def predicted(placed: Mapping[str, Point], landmark_id: str) -> Point | None:
    """Where a landmark probably lies, from two or more placed ones: the template laid over them by least squares.

    It tells the eye and the keys where to begin, nothing else.
    """
    common = [name for name in placed if name in PLACES]
    if len(common) < 2 or landmark_id not in PLACES:
        return None
    side = -1.0 if facing_left(placed) else 1.0
    there = {name: complex(side * PLACES[name][0], PLACES[name][1]) for name in (*common, landmark_id)}
    here = {name: complex(*placed[name]) for name in common}
    to, of = (sum(values[name] for name in common) / len(common) for values in (here, there))
    spread = sum(abs(there[name] - of) ** 2 for name in common)
    if not spread:
        return None
    turn = sum((here[name] - to) * (there[name] - of).conjugate() for name in common) / spread
    place = to + turn * (there[landmark_id] - of)
    return place.real, place.imag
