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
        "Label", "WrapLabel", "heading", "Tag", "Pill", "Field", "Message", "information", "warning", "question",
        "critical", "about", "getText", "setHeaderData", "setHorizontalHeaderLabels", "showMessage", "announce",
    }
)  # fmt: skip
"""Functions whose text arguments a person reads."""
NEVER_SHOWN = frozenset({"ValueError", "TypeError", "RuntimeError", "NewType", "TypeVar", "sql", "execute"})
"""Calls whose words are for programmers or for the database."""


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
    """(line, text) of each literal that is shown to a person without being marked for translation.

    In a call of `SHOWN` every literal counts, also a part of an f-string, a sum or a choice; in any other call, a
    sentence: two words or more with a capital letter first.
    """
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or _name(node) in MARKERS or _name(node) in NEVER_SHOWN:
            continue
        shown = _name(node) in SHOWN
        named = [keyword.value for keyword in node.keywords if keyword.arg in {"text", "title", "tooltip", "label"}]
        for argument in (*node.args, *named):
            for literal in _literals(argument):
                if _is_words(literal) and (shown or _is_sentence(literal)):
                    yield node.lineno, literal


def _literals(node: ast.expr) -> Iterator[str]:
    """The texts of an expression, outside the calls in it, which are looked at by themselves."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr | ast.BinOp | ast.IfExp | ast.BoolOp):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr) and not (isinstance(node, ast.IfExp) and child is node.test):
                yield from _literals(child)


def _is_sentence(text: str) -> bool:
    return text[:1].isupper() and len(text.split()) > 1


def _is_words(text: str) -> bool:
    """Two letters in a row, and not an identifier such as an icon's name, a property or a style role."""
    letters = any(a.isalpha() and b.isalpha() for a, b in itertools.pairwise(text))
    return letters and (" " in text or text[:1].isupper())
