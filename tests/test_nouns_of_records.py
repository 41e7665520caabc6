"""Every record has a name that people use, in both languages; a sentence never shows the name of a table."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, get_args, get_origin

import pytest

import sync.server.model
from app.core import i18n
from app.core.errors import ClinicError, NotFound
from app.core.i18n import Message, set_language
from app.core.secret import Secret
from app.journal.commands import COMMANDS, QUERIES, Command, Parameter, Query
from app.journal.discovery import load_slices
from app.journal.queries import Actor
from app.journal.records import REGISTRY, Record, Registered
from app.journal.runner import Runner
from app.journal.transaction import Transaction
from tests.app.journal.trial import plain
from ui.shell.columns import table_words

load_slices()
OUTSIDE = ("tests.", "sync.simulation.")
"""Records of tests and of the simulation are never read by a person."""
NOWHERE = "0199-nowhere"


def shipped() -> list[Registered]:
    """Every record of the product, those of a server included."""
    assert sync.server.model.Device.__tablename__ in REGISTRY
    return [row for row in REGISTRY if not row.record.__module__.startswith(OUTSIDE)]


def nameless(rows: list[Registered]) -> list[str]:
    """Tables whose record has no word of its own, or none in French."""
    return [row.table for row in rows if not isinstance(row.noun, Message) or not i18n.is_translated("fr", row.noun)]


def test_every_record_has_a_name_in_both_languages() -> None:
    rows = shipped()
    assert len(rows) > 70
    assert nameless(rows) == []
    assert [row.noun for row in rows if "_" in row.noun or row.noun != row.noun.strip()] == []


def test_a_planted_record_without_a_name_is_reported() -> None:
    assert nameless([REGISTRY["sample_owner"]]) == ["sample_owner"]


def test_no_two_records_are_called_the_same() -> None:
    nouns = [row.noun for row in shipped()]
    assert sorted({noun for noun in nouns if nouns.count(noun) > 1}) == []


@pytest.mark.parametrize("code", ["fr", "en"])
def test_a_missing_record_of_every_kind_is_said_in_words(runner: Runner, boss: Actor, code: str) -> None:
    set_language(code)

    def look(tx: Transaction, record: type[Record]) -> None:
        tx.get(record, NOWHERE)

    for row in shipped():
        if row.record.__module__.startswith("sync.server"):
            continue  # a workstation has no table for it
        with pytest.raises(NotFound) as met:
            runner.run(boss, plain(look), row.record)
        noun = i18n.translate_in(code, row.noun)
        assert noun in str(met.value), row.table
        assert NOWHERE in str(met.value)
        assert table_words(row.table) == noun[:1].upper() + noun[1:]


def test_nothing_chosen_is_said_without_an_empty_identifier() -> None:
    for code, said in (("fr", "Rien n’a été choisi (rendez-vous)."), ("en", "No appointment was chosen.")):
        set_language(code)
        assert str(NotFound(REGISTRY["appointment"].noun, "")) == said


# -- whatever is called with an identifier that names nothing --------------------------------------------------------
def made_up(parameter: Parameter) -> Any:
    """A value of the type of an argument; an identifier names nothing, a list is empty."""
    if get_origin(parameter.annotation) in (list, tuple, Sequence):
        return []
    kinds = [kind for kind in (get_args(parameter.annotation) or (parameter.annotation,)) if kind is not type(None)]
    kind: Any = kinds[0]
    while hasattr(kind, "__supertype__"):
        kind = kind.__supertype__
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return next(iter(kind))
    values: dict[Any, Any] = {
        int: 1, bool: True, date: date(2026, 11, 24), datetime: datetime(2026, 11, 24, 15, tzinfo=UTC),
        Secret: Secret("none at all"),
    }  # fmt: skip
    return values.get(kind, NOWHERE)


def identified(item: Command[..., Any] | Query[..., Any]) -> dict[str, Any] | None:
    """Made-up arguments of something that asks for an identifier; None for all else."""
    wanted = [parameter for parameter in item.parameters if parameter.required]
    return {each.name: made_up(each) for each in wanted} if any(w.name.endswith("_id") for w in wanted) else None


def unsaid(sentence: str) -> str:
    """The table, or the words of code, that a sentence shows; empty when there is none."""
    tables = sorted((row.table for row in REGISTRY), key=len, reverse=True)
    said = sentence.replace(NOWHERE, "")
    for table in tables:
        if "_" in table and re.search(rf"\b({table}|{table.replace('_', ' ')})\b", said):
            return table
    return next(iter(re.findall(r"\b[a-z]+_[a-z_]+\b", said)), "")


def test_what_is_called_with_an_unknown_identifier_speaks_french(runner: Runner, boss: Actor) -> None:
    """Every command and query of the product that needs an identifier, in French: no English word of the code."""
    set_language("fr")
    met: list[tuple[str, ClinicError]] = []
    items: list[Any] = [*COMMANDS.values(), *QUERIES.values()]
    for item in items:
        given = identified(item) if item.function.__module__.startswith("app.") else None
        if given is None:
            continue
        try:
            runner.run(boss, item, **given) if isinstance(item, Command) else runner.ask(boss, item, **given)
        except ClinicError as error:
            met.append((item.name, error))
    assert len(met) > 100
    wrong = [(name, str(error)) for name, error in met if unsaid(str(error)) or not in_french(error)]
    assert wrong == []


def in_french(error: ClinicError) -> bool:
    """Whether the sentence has French, and what is missing is named by a word that has."""
    kind = error.values.get("kind", Message(""))
    return i18n.is_translated("fr", error.message_id) and (not isinstance(error, NotFound) or isinstance(kind, Message))


def test_a_planted_table_in_a_sentence_is_reported() -> None:
    assert unsaid("Rien ne porte l’identifiant x (appointment type).") == "appointment_type"
    assert unsaid("Le champ given_name manque.") == "given_name"
    assert unsaid("Rien ne porte l’identifiant x (type de rendez-vous).") == ""
