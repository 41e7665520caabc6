"""Every text of the slice has a French form with the same places."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import app.access
from app.core import i18n
from app.journal.commands import COMMANDS, QUERIES
from app.journal.discovery import load_slices

FOLDER = Path(app.access.__file__).parent
HELP = FOLDER.parents[1] / "resources" / "help"


def texts() -> Iterator[str]:
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"N_", "translate"}
            )
            if called and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value
    load_slices()
    yield from (item.help for item in (*COMMANDS.values(), *QUERIES.values()) if item.slice == "access")


def test_every_text_is_french_too() -> None:
    found = list(texts())
    assert len(found) > 150
    assert [text for text in found if not i18n.is_translated("fr", text)] == []


def test_translations_keep_the_places_and_the_typography() -> None:
    i18n.set_language("fr")
    for text in texts():
        french = i18n.translate(text)
        assert set(re.findall(r"\{\w+\}", french)) == set(re.findall(r"\{\w+\}", text)) - {"{feminine}"}, text
        assert "'" not in french, text
        assert not re.search(r"[^\u00a0][:»%$]|«[^\u00a0]| [?!;]", french), text


def test_the_catalogue_holds_nothing_else() -> None:
    from babel.messages.pofile import read_po

    with (FOLDER.parents[1] / "resources/locale/fr_CA/access.po").open("rb") as source:
        held = {str(message.id) for message in read_po(source, locale="fr_CA") if message.id}
    assert held - set(texts()) == set()


def test_help_stands_in_both_languages() -> None:
    for code in ("fr", "en"):
        page = (HELP / code / "access.md").read_text(encoding="utf-8")
        assert page.startswith("# ")
        assert "'" not in page
