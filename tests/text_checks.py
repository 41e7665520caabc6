"""Checks over the source: which texts have no French, which are shown without passing through gettext."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("app", "ui", "sync")
MARKERS = {"N_": (0,), "_": (0,), "translate": (0,), "translate_in": (1,), "plural": (0, 1)}
SHOWN = frozenset(
    {
        "QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QGroupBox", "QAction", "setText", "setToolTip",
        "setWindowTitle", "setPlaceholderText", "setAccessibleName", "setAccessibleDescription", "setStatusTip",
        "setWhatsThis", "setTitle", "addItem", "addAction", "addTab", "setTabText", "Button", "IconButton", "Card",
        "ElidedLabel", "TextField", "SecretField", "SearchField", "Choice", "Switch", "EmptyState", "Banner", "Toast",
        "drawText",
    }
)  # fmt: skip
"""Functions whose text arguments a person reads."""


def sources(root: Path = ROOT) -> Iterator[Path]:
    """Every Python file of the packages that speak to people."""
    for package in PACKAGES:
        yield from sorted((root / package).rglob("*.py"))


def _name(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def marked_texts(source: str) -> Iterator[tuple[int, str | None]]:
    """(line, msgid) of each marked text; None for one that is not a plain text and so can't be looked up."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or _name(node) not in MARKERS or isinstance(node.func, ast.Attribute):
            continue
        for place in MARKERS[_name(node)]:
            if place >= len(node.args):
                continue
            argument = node.args[place]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield node.lineno, argument.value
            elif isinstance(argument, ast.JoinedStr):
                yield node.lineno, None


def bare_texts(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of each literal that is shown to a person without being marked for translation."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or _name(node) not in SHOWN:
            continue
        arguments = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg in {"text", "title"})]
        for argument in arguments:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and _is_words(argument.value):
                yield node.lineno, argument.value


def _is_words(text: str) -> bool:
    """Two letters in a row, and not an identifier such as an icon's name, a property or a style role."""
    letters = any(a.isalpha() and b.isalpha() for a, b in itertools.pairwise(text))
    return letters and (" " in text or text[:1].isupper())
