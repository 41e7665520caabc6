"""Filters, columns and saved filters of the patient list."""

from __future__ import annotations

import contextlib
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from app.core.errors import PermissionDenied, RuleViolation
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.patients import commands as do
from app.patients import queries as ask
from app.patients.chart_filters import years_before
from app.patients.list_filters import FILTERS, patient_column, patient_filter, read_filters, write_filters
from app.patients.queries import finding
from app.patients.vocabulary import AlertKind, AlertSeverity, Language, PatientSort

JULIE = Actor("julie", "Julie", permissions=frozenset({"view_patients", "share_filters"}))
KARIM = Actor("karim", "Karim", permissions=frozenset({"view_patients"}))


@pytest.fixture
def people(runner: Runner, boss: Actor) -> dict[str, str]:
    """Three patients: born on the day before, on, and after the eleventh birthday of 24 November 2026."""
    found = {}
    for name, born in (("Ada", date(2015, 11, 23)), ("Bea", date(2015, 11, 24)), ("Cal", date(2015, 11, 25))):
        language = Language.ENGLISH if name == "Cal" else Language.FRENCH
        found[name] = runner.run(boss, do.create_patient, "Roy", name, born, language=language)
    found["Dov"] = runner.run(boss, do.create_patient, "Roy", "Dov")
    runner.run(boss, do.raise_alert, found["Ada"], AlertKind.ALLERGY, "latex", AlertSeverity.CRITICAL)
    return found


def names(runner: Runner, boss: Actor, filters: str) -> list[str]:
    return [row.given_name for row in runner.ask(boss, ask.patient_list, filters=filters).rows]


def test_each_filter_of_the_chart(runner: Runner, boss: Actor, people: dict[str, str]) -> None:
    assert names(runner, boss, "age_from=11") == ["Ada", "Bea"]
    assert names(runner, boss, "age_to=10") == ["Cal"]
    assert names(runner, boss, "age_from=11 age_to=11") == ["Ada", "Bea"]
    assert names(runner, boss, "language=en") == ["Cal"]
    assert names(runner, boss, "alert=any") == names(runner, boss, "alert=critical") == ["Ada"]
    assert names(runner, boss, "alert=none") == ["Bea", "Cal", "Dov"]
    assert names(runner, boss, "alert=note") == []
    assert names(runner, boss, "birthday=11") == ["Ada", "Bea", "Cal"]
    assert names(runner, boss, "birthday=1") == []
    assert names(runner, boss, "status=active language=fr age_to=12") == ["Ada", "Bea"]
    page = runner.ask(boss, ask.patient_list, columns=["alerts", "language", "opened"], limit=1)
    assert page.rows[0].extra == ("latex", "fr", date(2026, 11, 24))


@pytest.mark.parametrize("text", ["shoe=9", "status", "status=dead", "age_from=-1", "age_to=131", "age_to=x", "a='"])
def test_what_is_no_filter_is_refused(runner: Runner, boss: Actor, text: str) -> None:
    with pytest.raises(RuleViolation):
        runner.ask(boss, ask.patient_list, filters=text)
    with pytest.raises(RuleViolation):
        runner.ask(boss, ask.patient_list, columns=["shoes"])


def test_filters_are_written_in_one_order_and_read_again() -> None:
    chosen = {"age_to": "12", "status": "active", "language": ""}
    assert write_filters(chosen) == "status=active age_to=12"
    assert read_filters(write_filters(chosen)) == {"status": "active", "age_to": "12"}
    assert years_before(date(2028, 2, 29), 1) == date(2027, 3, 1)


def test_a_filter_has_one_owner() -> None:
    condition = FILTERS["status"].condition
    with pytest.raises(ValueError, match="twice"):
        patient_filter("status", "Status")(condition)
    with pytest.raises(ValueError, match="twice"):
        patient_column("alerts", "Alerts")(lambda _read, _ids: {})


def test_saving_renaming_changing_withdrawing(runner: Runner) -> None:
    done = runner.submit(JULIE, do.save_filter, "Enfants", "age_to=12", ["alerts"], PatientSort.BORN_ON, True).result()
    (line,) = runner.ask(JULIE, ask.patient_list_tools).saved
    assert (line.name, line.filters, line.columns, line.descending, line.mine) == (
        "Enfants", "age_to=12", ("alerts",), True, True,
    )  # fmt: skip
    assert runner.ask(KARIM, ask.patient_list_tools).saved == ()
    with pytest.raises(PermissionDenied):
        runner.run(KARIM, do.rename_filter, line.id, "À moi")
    runner.run(JULIE, do.rename_filter, line.id, "Petits")
    runner.run(JULIE, do.change_filter, line.id, "age_to=8")
    (line,) = runner.ask(JULIE, ask.patient_list_tools).saved
    assert (line.name, line.filters, line.columns) == ("Petits", "age_to=8", ())
    runner.run(JULIE, do.withdraw_filter, line.id)
    with pytest.raises(RuleViolation):
        runner.run(JULIE, do.rename_filter, line.id, "Encore")
    second = runner.submit(JULIE, do.save_filter, "Autre").result()
    runner.undo(JULIE, second.operation_id)
    assert runner.ask(JULIE, ask.patient_list_tools).saved == ()
    assert done.undoable


def test_sharing_needs_the_right(runner: Runner) -> None:
    shared = runner.run(JULIE, do.save_filter, "Tous les actifs", "status=active", shared=True)
    (line,) = runner.ask(KARIM, ask.patient_list_tools).saved
    assert (line.id, line.mine) == (shared, False)
    for command in (do.save_filter, do.rename_filter):
        arguments = ("N", "", [], PatientSort.NAME, False, True) if command is do.save_filter else (shared, "N")
        with pytest.raises(PermissionDenied):
            runner.run(KARIM, command, *arguments)


def test_the_columns_are_remembered_for_each_person(runner: Runner) -> None:
    assert runner.ask(JULIE, ask.patient_list_tools).columns_kept is None
    runner.run(JULIE, do.keep_columns, ["language", "alerts"])
    runner.run(JULIE, do.keep_columns, ["alerts", "language"])
    tools = runner.ask(JULIE, ask.patient_list_tools)
    assert tools.columns_kept == ("alerts", "language")
    assert tools.saved == ()
    assert runner.ask(KARIM, ask.patient_list_tools).columns_kept is None
    with pytest.raises(RuleViolation):
        runner.run(JULIE, do.keep_columns, [str(number) for number in range(13)])


@pytest.mark.parametrize("sort", list(PatientSort))
def test_the_list_is_read_in_the_index_of_its_order(
    runner: Runner, boss: Actor, people: dict[str, str], monkeypatch: pytest.MonkeyPatch, sort: PatientSort
) -> None:
    """Without the hint SQLite may go by the filter’s index, and sorts all that it leaves for each page."""
    monkeypatch.setattr(finding, "FEW", 0)
    asked: list[tuple[str, Any]] = []
    readers = runner.database.readers

    def seen(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        asked.append((statement, parameters))

    event.listen(readers, "after_cursor_execute", seen)
    for filters in ("", "age_from=1 age_to=90", "language=fr"):
        runner.ask(boss, ask.patient_list, sort=sort, filters=filters, counted=False)
    event.remove(readers, "after_cursor_execute", seen)
    pages = [(statement, given) for statement, given in asked if " AS place" in statement]
    assert len(pages) == 3
    with contextlib.closing(runner.database.raw(read_only=True)) as raw:
        for statement, given in pages:
            assert "INDEXED BY patient_search_by_" in statement
            plan = [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", given)]
            assert not [step for step in plan if "TEMP B-TREE" in step], plan
