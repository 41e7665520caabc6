"""Formulas over landmarks, such as `angle(S, N, A) - angle(S, N, B)`: the four operations, numbers, landmark names and
the functions of `viewer.model.cephalometry.functions`. A formula is read as a tree and never executed as a program."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache

from viewer.errors import N_
from viewer.model.cephalometry.functions import FUNCTIONS, CephError, Point
from viewer.model.cephalometry.landmarks import DERIVED, LANDMARKS

Value = float | Point

_OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
LONGEST = 500


class FormulaError(CephError):
    """A formula that cannot be read."""

    message_id = N_("This formula cannot be read: {formula}")


class MissingLandmarks(CephError):
    """Landmarks that a formula needs and nobody placed; `names` lists them."""

    message_id = N_("These landmarks are missing: {landmarks}")

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names
        super().__init__(landmarks=", ".join(sorted(names)))


@lru_cache(maxsize=512)
def parse(formula: str) -> ast.expr:
    """The tree of a formula. Raises FormulaError when it holds anything but what formulas may hold."""
    try:
        tree = ast.parse(formula.strip(), mode="eval").body if len(formula) <= LONGEST else None
        if tree is None or _check(tree) is not float:
            raise FormulaError(formula=formula[:LONGEST])
        return tree
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaError(formula=formula[:LONGEST]) from None


def evaluate(formula: str, points: Mapping[str, Point]) -> float:
    """The value of a formula for oriented points.

    Raises MissingLandmarks, FormulaError, or CephError when the geometry has no answer.
    """
    tree = parse(formula)
    if missing := needed(formula, points) - points.keys():
        raise MissingLandmarks(frozenset(missing))
    return _number(tree, points)


def point(formula: str, points: Mapping[str, Point]) -> Point:
    """The point of a formula such as `mid(Pog, Me)` or of a landmark's name."""
    tree = ast.parse(formula, mode="eval").body
    if missing := _leaves(tree, points) - points.keys():
        raise MissingLandmarks(frozenset(missing))
    return _point(tree, points)


def needed(formula: str, points: Mapping[str, Point] | None = None) -> frozenset[str]:
    """Landmarks that a formula needs, constructed points replaced by their parts unless they were placed."""
    return _leaves(parse(formula), points or {})


def _leaves(tree: ast.expr, points: Mapping[str, Point]) -> frozenset[str]:
    if isinstance(tree, ast.Name):
        if tree.id in DERIVED and tree.id not in points:
            parts = _leaves(ast.parse(DERIVED[tree.id], mode="eval").body, points)
            # A point that a person may also place is asked for by its own name, unless its parts are there.
            return parts if tree.id not in LANDMARKS or parts <= points.keys() else frozenset({tree.id})
        return frozenset({tree.id})
    below: list[ast.expr] = []
    if isinstance(tree, ast.Call):
        below = tree.args
    elif isinstance(tree, ast.BinOp):
        below = [tree.left, tree.right]
    elif isinstance(tree, ast.UnaryOp):
        below = [tree.operand]
    return frozenset().union(*(_leaves(part, points) for part in below))


def _check(tree: ast.expr) -> type:
    """`float` or `tuple` for a lawful tree. Raises ValueError for any other."""
    if isinstance(tree, ast.Constant) and type(tree.value) in (int, float):
        return float
    if isinstance(tree, ast.Name) and (tree.id in LANDMARKS or tree.id in DERIVED):
        return tuple
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub) and _check(tree.operand) is float:
        return float
    if isinstance(tree, ast.BinOp) and type(tree.op) in _OPERATIONS:
        if _check(tree.left) is float and _check(tree.right) is float:
            return float
    elif isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and not tree.keywords:
        count, function = FUNCTIONS.get(tree.func.id, (-1, None))
        if count == len(tree.args) and all(_check(part) is tuple for part in tree.args) and function:
            return tuple if function.__annotations__["return"] == "Point" else float
    raise ValueError


def _number(tree: ast.expr, points: Mapping[str, Point]) -> float:
    if isinstance(tree, ast.Constant) and isinstance(tree.value, int | float):
        return float(tree.value)
    if isinstance(tree, ast.UnaryOp):
        return -_number(tree.operand, points)
    if isinstance(tree, ast.BinOp):
        try:
            return _OPERATIONS[type(tree.op)](_number(tree.left, points), _number(tree.right, points))
        except (ZeroDivisionError, OverflowError):
            raise CephError from None
    result = _call(tree, points)
    if not isinstance(result, float | int):
        raise CephError
    return float(result)


def _point(tree: ast.expr, points: Mapping[str, Point]) -> Point:
    if isinstance(tree, ast.Name):
        if tree.id in points:
            return points[tree.id]
        return _point(ast.parse(DERIVED[tree.id], mode="eval").body, points)
    result = _call(tree, points)
    if not isinstance(result, tuple):
        raise CephError
    return result


def _call(tree: ast.expr, points: Mapping[str, Point]) -> Value:
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name):
        raise CephError
    return FUNCTIONS[tree.func.id][1](*(_point(part, points) for part in tree.args))
