"""The slice's own pages of help, and a catalogue without leftovers."""

from __future__ import annotations

from collections.abc import Iterator

from babel.messages.pofile import read_po

from app.journal.commands import COMMANDS, QUERIES
from app.journal.discovery import load_slices
from tests.text_checks import ROOT, marked_texts, sources


def texts() -> Iterator[str]:
    for path in sources():
        if path.is_relative_to(ROOT / "app" / "access"):
            yield from (text for _line, text in marked_texts(path.read_text(encoding="utf-8")) if text)
    load_slices()
    yield from (item.help for item in (*COMMANDS.values(), *QUERIES.values()) if item.slice == "access")


def test_the_catalogue_holds_nothing_else() -> None:
    with (ROOT / "resources/locale/fr_CA/access.po").open("rb") as source:
        held = {str(message.id) for message in read_po(source, locale="fr_CA") if message.id}
    assert len(held) > 150
    assert held <= set(texts())


def test_help_stands_in_both_languages_with_the_same_headings() -> None:
    pages = [(ROOT / "resources/help" / code / "access.md").read_text(encoding="utf-8") for code in ("fr", "en")]
    levels = [[line.split()[0] for line in page.splitlines() if line.startswith("#")] for page in pages]
    assert levels[0] == levels[1]
    assert all("'" not in page for page in pages)
