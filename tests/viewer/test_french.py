"""Every sentence of the viewer has French in its catalogue, with the same places."""

from __future__ import annotations

import ast
import dataclasses
import json
import string
from pathlib import Path

from babel.messages.pofile import read_po

from viewer.widgets.texts import TileTexts

VIEWER = Path(__file__).parents[2] / "viewer"
CATALOGUES = Path(__file__).parents[2] / "resources" / "locale" / "fr_CA"
PROTOCOLS = VIEWER / "model" / "hanging" / "protocols.json"


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
    rows = json.loads(PROTOCOLS.read_text("utf-8"))
    labels = [row["label"] for row in rows] + [cell.get("label", "") for row in rows for cell in row["cells"]]
    return marked() | set(texts) | set(filter(None, labels))


def catalogue(pattern: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(CATALOGUES.glob(pattern)):
        with path.open("rb") as file:
            found |= {str(m.id): str(m.string) for m in read_po(file, locale="fr_CA") if m.id}
    return found


def places(text: str) -> set[str | None]:
    return {place for _, place, _, _ in string.Formatter().parse(text) if place}


def test_every_sentence_has_french() -> None:
    ours, every = catalogue("viewer*.po"), catalogue("*.po")
    assert sentences() - set(every) == set()
    assert set(ours) - sentences() == set(), "a sentence that nobody says any more"
    assert all(ours.values())
    for english, french in ours.items():
        assert places(english) == places(french)
        assert "'" not in french
