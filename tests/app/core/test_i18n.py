"""Two languages, switched live, from one catalogue a subject."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Thread

import pytest

from app.core import i18n
from app.core.errors import NotFound, PermissionDenied, RuleViolation
from app.core.i18n import (
    N_,
    add_catalogue_folder,
    is_translated,
    language,
    plural,
    set_language,
    spoken,
    translate,
    translate_in,
)

HEADER = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\n"
"""


def po(folder: Path, name: str, *pairs: tuple[str, str], plurals: str = "") -> Path:
    path = folder / "fr_CA" / f"{name}.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    entries = "".join(f'\nmsgid "{source}"\nmsgstr "{target}"\n' for source, target in pairs)
    path.write_text(HEADER + entries + plurals, encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of catalogues in place of the shipped one."""
    monkeypatch.setattr(i18n, "LOCALE_FOLDER", tmp_path / "locale")
    monkeypatch.setattr(i18n, "_catalogues", {})
    monkeypatch.setattr(i18n, "_extra_folders", [])
    return tmp_path / "locale"


def test_a_switch_changes_every_text_and_tells_the_windows(folder: Path) -> None:
    po(folder, "a", ("Save", "Enregistrer"))
    heard: list[str] = []
    stop = i18n.on_language_change(heard.append)
    assert translate("Save") == "Save"
    set_language("fr")
    assert translate("Save") == "Enregistrer"
    set_language("fr")
    set_language("en")
    stop()
    stop()
    set_language("fr")
    assert heard == ["fr", "en"]
    with pytest.raises(ValueError, match="unknown language"):
        set_language("de")


def test_catalogues_are_one_chain(folder: Path, tmp_path: Path) -> None:
    po(folder, "a", ("One", "Un"), ("Both", "de a"))
    po(folder, "b", ("Two", "Deux"), ("Both", "de b"))
    po(tmp_path / "outside", "c", ("Three", "Trois"), ("Both", "du dehors"))
    set_language("fr")
    assert [translate(text) for text in ("One", "Two", "Three", "Both")] == ["Un", "Deux", "Three", "de b"]
    add_catalogue_folder(tmp_path / "outside")
    add_catalogue_folder(tmp_path / "outside")
    assert [translate(text) for text in ("One", "Two", "Three", "Both")] == ["Un", "Deux", "Trois", "du dehors"]
    assert [is_translated("fr", text) for text in ("One", "Three", "Missing")] == [True, True, False]
    assert is_translated("en", "Missing")


def test_what_is_missing_is_shown_as_it_is_written(folder: Path) -> None:
    set_language("fr")
    assert translate("Missing {name}", name="x") == "Missing x"
    assert translate("") == ""


def test_marked_values_are_translated_too_and_names_never(folder: Path) -> None:
    po(folder, "a", ("You need “{permission}”.", "Il vous faut « {permission} »."), ("Edit", "Modifier"))
    set_language("fr")
    assert translate("You need “{permission}”.", permission=N_("Edit")) == "Il vous faut « Modifier »."
    assert translate("You need “{permission}”.", permission="Edit") == "Il vous faut « Edit »."
    assert translate_in("fr", "Edit") == "Modifier"
    assert translate_in("en", "Edit") == "Edit"


def test_counted_texts(folder: Path) -> None:
    entry = '\nmsgid "{n} visit"\nmsgid_plural "{n} visits"\nmsgstr[0] "{n} visite"\nmsgstr[1] "{n} visites"\n'
    po(folder, "a", plurals=entry)
    set_language("fr")
    assert [plural("{n} visit", "{n} visits", n) for n in (0, 1, 2)] == ["0 visite", "1 visite", "2 visites"]
    set_language("en")
    assert [plural("{n} visit", "{n} visits", n) for n in (0, 1, 2)] == ["0 visits", "1 visit", "2 visits"]


def test_a_catalogue_is_compiled_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = po(folder, "a", ("Save", "Enregistrer"))
    assert translate_in("fr", "Save") == "Enregistrer"
    compiled = path.with_suffix(".mo")
    stamp = compiled.stat().st_mtime_ns
    monkeypatch.setattr(i18n, "_catalogues", {})
    import babel.messages.pofile as reader

    monkeypatch.setattr(reader, "read_po", None)
    assert translate_in("fr", "Save") == "Enregistrer"
    assert compiled.stat().st_mtime_ns == stamp
    assert [item.name for item in path.parent.iterdir() if item.name != path.name] == [compiled.name]


def test_a_changed_catalogue_is_compiled_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = po(folder, "a", ("Save", "Enregistrer"))
    assert translate_in("fr", "Save") == "Enregistrer"
    po(folder, "a", ("Save", "Sauvegarder"))
    later = path.with_suffix(".mo").stat().st_mtime + 5
    os.utime(path, (later, later))
    monkeypatch.setattr(i18n, "_catalogues", {})
    assert translate_in("fr", "Save") == "Sauvegarder"


def test_a_folder_that_cannot_be_written_still_translates(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = po(folder, "a", ("Save", "Enregistrer"))

    def refuse(*_args: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert translate_in("fr", "Save") == "Enregistrer"
    assert not path.with_suffix(".mo").exists()


def test_errors_speak_the_language_in_force() -> None:
    error = PermissionDenied("undo_others", N_("Undo what somebody else did"))
    english = str(error)
    set_language("fr")
    french = str(error)
    assert english == "You need the permission “Undo what somebody else did”."
    assert french != english
    assert "Undo" not in french
    assert "{" not in french + str(NotFound("operation", "x"))
    assert str(RuleViolation("Not in any catalogue {x}.", x=1)) == "Not in any catalogue 1."


def test_one_thread_may_speak_another_language() -> None:
    set_language("fr")
    said: list[str] = []
    with spoken("en"):
        assert language() == "en"
        thread = Thread(target=lambda: said.append(language()))
        thread.start()
        thread.join()
        with spoken("fr"):
            assert language() == "fr"
        assert language() == "en"
    assert (language(), said) == ("fr", ["fr"])
    with pytest.raises(ValueError, match="unknown language"), spoken("de"):
        pass
