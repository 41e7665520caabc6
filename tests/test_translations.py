"""Both languages are complete: every marked text and every generated one has French; nothing is shown unmarked."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from app.core import i18n
from app.core.permissions import PERMISSIONS
from app.core.settings import SETTINGS
from app.journal.commands import COMMANDS, QUERIES
from app.journal.discovery import load_slices
from tests.text_checks import ROOT, bare_texts, marked_texts, sources

load_slices()
SAME_IN_BOTH = frozenset(
    {
        "Archwire", "OK", "PDF", "DICOM", "ZIP", "NAM", "Notes", "Type", "Date", "Documents", "Images", "CSV (*.csv)",
        "Ctrl Z", " (Ctrl ",
    }
)  # fmt: skip


def without_french(texts: list[tuple[str, str]]) -> list[str]:
    """`place: text` of each text that the French catalogue does not hold."""
    return [
        f"{place}: {text!r}"
        for place, text in texts
        if any(c.isalpha() for c in text) and text not in SAME_IN_BOTH and not i18n.is_translated("fr", text)
    ]


def generated_texts() -> list[tuple[str, str]]:
    """The texts that pages make of declarations: labels, helps, permissions, settings."""
    found: list[tuple[str, str]] = []
    for item in (*COMMANDS.values(), *QUERIES.values()):
        if item.function.__module__.startswith("app."):
            found += [(item.name, item.label), (item.name, item.help)]
    for permission in PERMISSIONS.values():
        if "sample" not in permission.name:
            found.append((permission.name, permission.label))
    for setting in SETTINGS.values():
        found += [
            (setting.name, text) for text in (setting.label, setting.help, setting.page.title, setting.unit) if text
        ]
        found += [(setting.name, label) for _value, label in setting.labels]
    return found


@pytest.mark.parametrize("path", list(sources()), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_marked_text_has_french(path: Path) -> None:
    place = path.relative_to(ROOT)
    marked = list(marked_texts(path.read_text(encoding="utf-8")))
    assert [line for line, text in marked if text is None] == [], "a marked text is a plain text, never an f-string"
    assert without_french([(f"{place}:{line}", text) for line, text in marked if text]) == []


def test_every_generated_text_has_french() -> None:
    assert without_french(generated_texts()) == []


@pytest.mark.parametrize(
    "path", [p for p in sources() if "ui" in p.parts], ids=lambda path: str(path.relative_to(ROOT))
)
def test_nothing_is_shown_without_translation(path: Path) -> None:
    assert [found for found in bare_texts(path.read_text(encoding="utf-8")) if found[1] not in SAME_IN_BOTH] == []


def test_a_planted_untranslated_text_is_reported() -> None:
    planted = 'label = QLabel("Hello there")\nother.setToolTip(_("No such text in any catalogue"))\n'
    assert list(bare_texts(planted)) == [(1, "Hello there")]
    for hidden in (
        'Label("Hello")', 'x.setText(f"Hello {name}")', 'x.setText("Hello " + name)', 'x.setText("On" if on else off)',
        'QMessageBox.information(None, title, "Hello")', 'anything("Hello there")', 'x.tell(label="Hello there")',
    ):  # fmt: skip
        assert list(bare_texts(hidden)), hidden
    for lawful in ('x.setText(_("Hello there"))', 'x.setProperty("kind", "quiet")', 'raise ValueError("Hello there")'):
        assert not list(bare_texts(lawful)), lawful
    marked = [(str(line), text or "") for line, text in marked_texts(planted)]
    assert without_french(marked) == ["2: 'No such text in any catalogue'"]
    assert list(marked_texts('_(f"Hello {name}")')) == [(1, None)]


def test_a_text_has_one_french_in_all_catalogues() -> None:
    """The catalogues are one when they are shown: of two words for a text, the one whose file comes first would win."""
    words: dict[str, set[str]] = {}
    for text, french in _french():
        words.setdefault(text, set()).add(french)
    assert {text: several for text, several in words.items() if len(several) > 1} == {}


def test_places_are_the_same_in_both_languages() -> None:
    """A French text that names a place which the English does not have would fail when it is shown."""
    import string

    catalogue = dict(_french())
    wrong = []
    for text, french in catalogue.items():
        ours = {name for _lit, name, _spec, _conv in string.Formatter().parse(text) if name}
        theirs = {name for _lit, name, _spec, _conv in string.Formatter().parse(french) if name}
        if not theirs <= ours:
            wrong.append(text)
    assert wrong == []


def _french() -> list[tuple[str, str]]:
    from babel.messages.pofile import read_po

    found = []
    for po in sorted((i18n.LOCALE_FOLDER / "fr_CA").glob("*.po")):
        with po.open("rb") as source:
            for message in read_po(source):
                if isinstance(message.id, str) and message.id and isinstance(message.string, str):
                    found.append((message.id, message.string))
    return found


def test_typography_of_french() -> None:
    """No blank before ? ! ; and a no-break space before : and % and inside « » (Canadian usage)."""
    wrong = []
    for _text, french in _french():
        if any(f"{blank}{mark}" in french for blank in " \u00a0" for mark in "?!;"):
            wrong.append(french)
        plain = re.sub(r"%\(\w+\)[sd]|`[^`]*`|--?\w[\w=]*", "", french)
        if any(f" {mark}" in plain for mark in ":%$»") or "« " in plain or "'" in plain:
            wrong.append(french)
    assert wrong == []


def undocumented() -> list[str]:
    """Commands, queries and settings without a help text of their own."""
    items = [*COMMANDS.values(), *QUERIES.values()]
    bare = [item.name for item in items if not inspect.getdoc(item.function) or len(item.help.split()) < 3]
    return bare + [setting.name for setting in SETTINGS.values() if len(setting.help.split()) < 3]


def test_every_command_query_and_setting_is_documented() -> None:
    assert undocumented() == []


def test_a_planted_undocumented_command_and_setting_are_reported() -> None:
    from app.core.settings import WORKSTATION, Scope, Setting
    from app.journal.commands import command

    try:

        @command(permission=None, label="Planted")
        def planted_command(tx: object) -> None:
            pass

        Setting("planted_setting", Scope.WORKSTATION, bool, False, "Planted", "", WORKSTATION)
        assert undocumented() == ["planted_command", "planted_setting"]
    finally:
        COMMANDS.pop("planted_command")
        SETTINGS.pop("planted_setting")
