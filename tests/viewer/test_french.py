"""Every sentence of the viewer has French in its catalogue, with the same places."""

from __future__ import annotations

import ast
import dataclasses
import string
from pathlib import Path

from babel.messages.pofile import read_po

from viewer.widgets.texts import TileTexts

VIEWER = Path(__file__).parents[2] / "viewer"
CATALOGUE = Path(__file__).parents[2] / "resources" / "locale" / "fr_CA" / "viewer.po"


def marked() -> set[str]:
    """Every sentence inside N_() in the viewer."""
    found = set()
    for path in VIEWER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_":
                text = ast.literal_eval(node.args[0])
                assert isinstance(text, str)
                found.add(text)
    return found


def sentences() -> set[str]:
    texts = [field.default for field in dataclasses.fields(TileTexts) if isinstance(field.default, str)]
    return marked() | set(texts)


def places(text: str) -> set[str | None]:
    return {place for _, place, _, _ in string.Formatter().parse(text) if place}


def test_every_sentence_has_french() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = {str(m.id): str(m.string) for m in read_po(file, locale="fr_CA") if m.id}
    assert set(catalogue) == sentences()
    assert all(catalogue.values())
    for english, french in catalogue.items():
        assert places(english) == places(french)
        assert "'" not in french
