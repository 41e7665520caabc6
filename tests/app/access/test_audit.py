"""Reading the audit trail and the access log, exporting both, and what must never stand in them."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.access.audit import ACCESS_LABELS, MASKED, AccessFilter, AuditFilter
from app.access.commands import change_staff, create_staff, deactivate_staff, set_password, set_pin, set_role_permission
from app.access.exports import export_access_log, export_audit
from app.access.queries import access_log_entries, audit_trail, operation_detail, who_saw
from app.access.sign_in import Gatekeeper, SignInRefused
from app.core import i18n
from app.core.errors import NotFound, PermissionDenied
from app.core.ids import OperationId, PatientId
from app.core.permissions import Role
from app.core.secret import Secret
from app.core.spreadsheet import BOM
from app.journal.commands import COMMANDS, QUERIES
from app.journal.queries import Actor
from app.journal.records import REGISTRY
from app.journal.runner import Runner
from app.journal.workplace import Workplace
from tests.app.access.conftest import CLAIRE, JULIE, MARIE, PIN, Team

Log = Callable[[], list[tuple[str | None, str, str | None]]]
Later = Callable[[timedelta], None]
TODAY = date(2026, 11, 24)
NEW = "neuf goélands sur le quai"


def labels(runner: Runner, actor: Actor, **filters: object) -> list[str]:
    return [line.label for line in runner.ask(actor, audit_trail, **filters).lines]


def test_the_trail_says_who_did_what(runner: Runner, team: Team, claire: Actor) -> None:
    lines = runner.ask(claire, audit_trail).lines
    assert [line.label for line in lines] == ["Create the staff member"] * 3 + ["Create the first administrator"]
    assert [line.actor_name for line in lines] == ["Claire Brunet"] * 3 + [""]
    newest = lines[0]
    assert (newest.inserted, newest.updated, newest.deleted, newest.erased) == (6, 0, 0, 0)
    assert newest.tables == ("staff", "staff_role")
    assert newest.at == runner.clock.now()
    assert not newest.is_undone


def test_filters(runner: Runner, team: Team, claire: Actor, later: Later) -> None:
    later(timedelta(days=1))
    runner.run(runner.actor("m.gagnon"), change_staff, team.julie, pronoun="elle")
    assert labels(runner, claire, from_day=date(2026, 11, 25)) == ["Change the staff member"]
    assert len(labels(runner, claire, to_day=TODAY)) == 4
    assert labels(runner, claire, from_day=TODAY, to_day=date(2026, 11, 23)) == []
    assert labels(runner, claire, who=team.marie) == ["Change the staff member"]
    assert labels(runner, claire, action="create_first_administrator") == ["Create the first administrator"]
    assert labels(runner, claire, table="event", who=team.claire) == ["Create the staff member"] * 2
    assert labels(runner, claire, subject="nobody") == []
    assert labels(runner, claire, origin="raw") == []
    runner.database.raw().execute("UPDATE staff SET pronoun = 'iel' WHERE id = ?", (team.karim,))
    runner.run(claire, change_staff, team.karim, initials="KB2")
    assert labels(runner, claire, origin="raw") == ["Write outside the application"]


def test_a_day_is_the_clinics_day(runner: Runner, team: Team, claire: Actor, later: Later) -> None:
    later(timedelta(hours=14, minutes=59, seconds=59))  # 23:59:59 in Montréal, the next day in UTC
    runner.run(claire, change_staff, team.julie, pronoun="elle")
    later(timedelta(seconds=1))
    runner.run(claire, change_staff, team.julie, pronoun="iel")
    assert len(labels(runner, claire, from_day=TODAY, to_day=TODAY, action="change_staff")) == 1
    assert len(labels(runner, claire, from_day=date(2026, 11, 25), action="change_staff")) == 1


def test_pages_hold_still_while_work_goes_on(runner: Runner, team: Team, claire: Actor) -> None:
    for number in range(7):
        runner.run(claire, change_staff, team.julie, initials=f"J{number}")
    whole = [line.operation_id for line in runner.ask(claire, audit_trail).lines]
    seen, before = [], None
    while True:
        page = runner.ask(claire, audit_trail, before=before, limit=3)
        assert len(page.lines) <= 3
        seen += [line.operation_id for line in page.lines]
        runner.run(claire, change_staff, team.karim, initials=f"K{len(seen)}")
        before = page.next_before
        if before is None:
            break
    assert seen == whole


def test_an_operation_before_and_after(runner: Runner, team: Team, claire: Actor) -> None:
    done = runner.submit(claire, deactivate_staff, team.karim, date(2026, 11, 27)).result()
    detail = runner.ask(claire, operation_detail, OperationId(done.operation_id))
    assert detail.arguments == (("left_on", "2026-11-27"), ("staff_id", team.karim))
    [change] = detail.changes
    assert (change.table, change.row_id, change.kind, change.is_readable) == ("staff", team.karim, "upd", True)
    assert [(item.column, item.before, item.after) for item in change.fields] == [
        ("is_active", "yes", "no"), ("left_on", None, "2026-11-27")
    ]  # fmt: skip
    with pytest.raises(NotFound):
        runner.ask(claire, operation_detail, OperationId("none"))


def test_instants_are_shown_in_the_clinics_time(runner: Runner, team: Team, claire: Actor) -> None:
    done = runner.submit(claire, set_password, team.karim, Secret(NEW)).result()
    detail = runner.ask(claire, operation_detail, OperationId(done.operation_id))
    shown = {(change.table, item.column): item.after for change in detail.changes for item in change.fields}
    assert shown["staff", "credential_changed_at"] == "2026-11-24 09:00:00"


def test_sensitive_columns_are_masked_for_who_may_not_see_them(
    runner: Runner, team: Team, claire: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dataclasses

    row = REGISTRY["staff"]
    monkeypatch.setitem(REGISTRY._rows, "staff", dataclasses.replace(row, sensitive=("pronoun",)))
    done = runner.submit(claire, change_staff, team.julie, pronoun="elle", initials="JX").result()
    runner.run(claire, set_role_permission, Role.FRONT_DESK, "read_audit", True)

    def shown(actor: Actor) -> dict[str, str | None]:
        detail = runner.ask(actor, operation_detail, OperationId(done.operation_id))
        return {item.column: item.after for change in detail.changes for item in change.fields}

    assert shown(claire) == {"initials": "JX", "pronoun": "elle"}
    assert shown(runner.actor("julie")) == {"initials": "JX", "pronoun": MASKED}


def test_an_undone_operation_says_so(runner: Runner, team: Team, claire: Actor) -> None:
    done = runner.submit(claire, change_staff, team.julie, initials="JX").result()
    runner.undo(claire, done.operation_id)
    undo, changed, *_rest = runner.ask(claire, audit_trail).lines
    assert (undo.label, undo.undoes, undo.is_undone) == ("Undo", changed.operation_id, False)
    assert changed.is_undone


def test_the_access_log_by_filter_and_page(
    gate: Gatekeeper, runner: Runner, team: Team, claire: Actor, later: Later
) -> None:
    for subject in ("p1", "p2", "p1"):
        runner.access(claire, "open", subject)
    later(timedelta(days=1))
    runner.access(runner.actor("julie"), "print", "p1", "letter")
    runner.flush()
    everything = runner.ask(claire, access_log_entries).lines
    assert [line.label for line in everything] == ["Printed", "Opened", "Opened", "Opened"]
    assert (everything[0].actor_name, everything[0].subject, everything[0].detail) == ("Julie Roy", "p1", "letter")
    assert len(runner.ask(claire, access_log_entries, to_day=TODAY).lines) == 3
    assert len(runner.ask(claire, access_log_entries, subject="p1").lines) == 3
    assert len(runner.ask(claire, access_log_entries, kind="print").lines) == 1
    assert len(runner.ask(claire, access_log_entries, who=team.julie).lines) == 1
    first = runner.ask(claire, access_log_entries, limit=3)
    second = runner.ask(claire, access_log_entries, before=first.next_before, limit=3)
    assert first.lines + second.lines == everything
    assert second.next_before is None


def test_who_saw_a_patient(runner: Runner, team: Team, claire: Actor, later: Later) -> None:
    julie = runner.actor("julie")
    runner.access(julie, "open", "p1")
    runner.access(julie, "open", "p1")
    runner.access(runner.actor("karim"), "refused", "p1")
    later(timedelta(hours=1))
    runner.access(claire, "export", "p1")
    runner.flush()
    seen = runner.ask(claire, who_saw, PatientId("p1"))
    assert [(item.actor_name, item.reads, item.changes) for item in seen] == [
        ("Claire Brunet", 1, 0), ("Julie Roy", 2, 0)
    ]  # fmt: skip
    assert seen[0].last_at - seen[1].first_at == timedelta(hours=1)


@pytest.mark.parametrize("name", ["audit_trail", "operation_detail", "access_log_entries", "who_saw", "staff_member"])
def test_reading_needs_the_right_and_a_refusal_is_logged(runner: Runner, team: Team, log: Log, name: str) -> None:
    arguments = {"operation_detail": ("x",), "who_saw": ("p1",), "staff_member": ("x",)}.get(name, ())
    with pytest.raises(PermissionDenied):
        runner.ask(runner.actor("karim"), QUERIES[name], *arguments)
    assert log()[-1] == (team.karim, "refused", name)


def test_every_refused_command_is_logged(runner: Runner, team: Team, log: Log) -> None:
    karim = runner.actor("karim")
    with pytest.raises(PermissionDenied):
        runner.run(karim, change_staff, team.julie, initials="X")
    assert log()[-1] == (team.karim, "refused", "change_staff")
    with pytest.raises(PermissionDenied):
        runner.run(karim, set_password, team.julie, Secret(NEW))
    assert log()[-1] == (team.karim, "refused", "set_password"), "also a right that the command asks for inside"
    done = runner.submit(runner.actor("claire"), change_staff, team.julie, initials="JX").result()
    with pytest.raises(PermissionDenied):
        runner.undo(karim, done.operation_id)
    assert log()[-1] == (team.karim, "refused", "undo")


def rows(data: bytes, delimiter: str) -> list[list[str]]:
    assert data.startswith(BOM)
    return list(csv.reader(io.StringIO(data[len(BOM) :].decode(), newline=""), delimiter=delimiter))


def test_exports_are_csv_for_the_language_and_logged(runner: Runner, team: Team, claire: Actor, log: Log) -> None:
    english = rows(export_audit(runner, claire, AuditFilter()), ",")
    assert english[0][:3] == ["Date and time", "Person", "Action"]
    assert english[1][:3] == ["2026-11-24 09:00:00", "Claire Brunet", "Create the staff member"]
    assert len(english) == 5
    assert log()[-1] == (team.claire, "export", "audit: 4")
    i18n.set_language("fr")
    french = rows(export_audit(runner, claire, AuditFilter(command="create_first_administrator")), ";")
    assert french[0][:3] == ["Date et heure", "Personne", "Action"]
    assert french[1][2] == "Créer le premier administrateur"
    accesses = rows(export_access_log(runner, claire, AccessFilter(kind="export")), ";")
    assert [row[2] for row in accesses] == ["Action", "Exportation", "Exportation"]
    assert log()[-1] == (team.claire, "export", "access_log: 2")


def test_an_export_spans_pages(runner: Runner, team: Team, claire: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.access.exports.PAGE_MAXIMUM", 3)
    for number in range(7):
        runner.run(claire, change_staff, team.julie, initials=f"J{number}")
    exported = [row[-1] for row in rows(export_audit(runner, claire, AuditFilter()), ",")[1:]]
    assert exported == [line.operation_id for line in runner.ask(claire, audit_trail).lines]


def test_exporting_needs_its_own_right(runner: Runner, team: Team, claire: Actor, log: Log) -> None:
    runner.run(claire, set_role_permission, Role.FRONT_DESK, "read_audit", True)
    julie = runner.actor("julie")
    runner.ask(julie, audit_trail)
    exports: list[Callable[[], bytes]] = [
        lambda: export_audit(runner, julie, AuditFilter()),
        lambda: export_access_log(runner, julie, AccessFilter()),
    ]
    for export in exports:
        with pytest.raises(PermissionDenied):
            export()
        assert log()[-1][:2] == (team.julie, "refused")


def test_a_formula_in_a_name_stays_text(runner: Runner, claire: Actor) -> None:
    eve = runner.run(claire, create_staff, "eve", "=HYPERLINK(1) X", [Role.PRACTICE_MANAGER], initials="EV")
    runner.run(runner.actor(eve), change_staff, eve, pronoun="elle")
    assert rows(export_audit(runner, claire, AuditFilter(actor=eve)), ",")[1][1] == "'=HYPERLINK(1) X"


def everything(workplace: Workplace) -> str:
    """Every value of every table, decrypted."""
    with contextlib.closing(workplace.database.raw(read_only=True)) as run:
        tables = [row[0] for row in run.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return "\n".join(repr(tuple(row)) for table in tables for row in run.execute(f'SELECT * FROM "{table}"'))


def test_secrets_stand_nowhere(workplace: Workplace, gate: Gatekeeper, team: Team, claire: Actor) -> None:
    runner = workplace.runner
    opened = gate.sign_in("claire", Secret(CLAIRE))
    runner.run(opened.actor, set_pin, Secret(PIN))
    gate.change_password(opened.session_id, Secret(CLAIRE), Secret(NEW))
    runner.run(opened.actor, set_password, team.karim, Secret("sept renards roux courent"))
    with pytest.raises(SignInRefused):
        gate.sign_in("motdepasse tapé trop tôt", Secret("autre chose tapée"))
    runner.flush()
    dump = everything(workplace)
    for secret in (CLAIRE, MARIE, JULIE, NEW, "sept renards roux courent", PIN, "tapé trop tôt", "autre chose"):
        assert secret not in dump
    with runner.read(claire) as read:
        journal = read.sql("SELECT arguments FROM operation WHERE command IN ('set_password', 'create_staff')")
        changes = read.sql("SELECT count(*) FROM change WHERE delta LIKE '%argon2%' OR tbl = 'credential'")
    kept = [row[0] for row in journal]
    assert len(kept) == 5
    assert all('"password":"***"' in text for text in kept if "password" in text)
    assert sum('"password":"***"' in text for text in kept) == 4
    assert changes[0][0] == 0
    assert "argon2" in dump, "the dump reads the credential table"


def test_the_chain_verifies_after_all_this(workplace: Workplace, gate: Gatekeeper, team: Team, claire: Actor) -> None:
    opened = gate.sign_in("claire", Secret(CLAIRE))
    gate.change_password(opened.session_id, Secret(CLAIRE), Secret(NEW))
    gate.lock(opened.session_id)
    workplace.runner.flush()
    assert workplace.verify().sound


def test_nothing_that_opens_a_session_is_a_command() -> None:
    assert not {"open_session", "reopen_session", "confirm_session", "begin_try"} & set(COMMANDS)


def test_every_kind_of_access_that_is_noted_has_words() -> None:
    root = Path(__file__).resolve().parents[3]
    noted = re.compile(r"""\b(?:access|log_access)\(\s*(?:[\w.]+(?:\([^()]*\))?,\s*)?"(\w+)\"""")
    kinds = {
        kind
        for folder in ("app", "sync", "ui", "viewer")
        for path in (root / folder).rglob("*.py")
        for kind in noted.findall(path.read_text(encoding="utf-8"))
    }
    assert {"open", "export", "raw_write", "lock", "pin_set"} <= kinds
    assert sorted(kinds - ACCESS_LABELS.keys()) == []
