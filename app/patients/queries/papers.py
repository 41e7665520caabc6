"""The documents, consents and history of a chart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import select

from app.core.clock import hlc_instant
from app.core.i18n import N_
from app.core.ids import PatientId, PersonId
from app.journal.commands import COMMANDS, query
from app.journal.queries import Reading
from app.patients.charts import chart_ids
from app.patients.consent_state import decisions_in_force
from app.patients.model import Consent, Document, DocumentVersion
from app.patients.permissions import VIEW_DOCUMENTS, VIEW_HISTORY, VIEW_NAM, VIEW_PATIENTS
from app.patients.vocabulary import (
    ConsentDecision,
    ConsentId,
    ConsentPurpose,
    DocumentId,
    DocumentKind,
    DocumentVersionId,
    Language,
)

MASK = "•••"


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One content of a document: `sha256` names the sealed file, `preview_sha256` its small JPEG if there is one."""

    id: DocumentVersionId
    file_name: str | None
    mime: str
    sha256: str
    size_bytes: int
    preview_sha256: str | None
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document with its contents, the one in force first."""

    id: DocumentId
    kind: DocumentKind
    title: str
    versions: tuple[VersionLine, ...]

    @property
    def current(self) -> VersionLine:
        """The content in force."""
        return self.versions[0]


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """A recorded decision; `in_force` for the one that holds for its purpose."""

    id: ConsentId
    purpose: ConsentPurpose
    decision: ConsentDecision
    by_person_id: PersonId | None
    decided_on: date
    language: Language
    text_version: str | None
    note: str | None
    collected_by: str
    recorded_at: datetime
    corrects_id: ConsentId | None
    in_force: bool


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value that changed; both sides are empty once the data has been erased."""

    table: str
    row_id: str
    column: str
    before: str | int | None
    after: str | int | None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One operation that touched the chart. `label` is the command’s msgid, its name when it is not known here."""

    operation_id: str
    at: datetime
    actor: str | None
    device: str
    origin: str
    label: str
    changes: tuple[FieldChange, ...]
    erased: bool


@query(permission=VIEW_DOCUMENTS, label=N_("Documents of the patient"))
def documents_of(read: Reading, patient_id: PatientId) -> tuple[DocumentLine, ...]:
    """The documents of the chart, the one changed last first."""
    charts = chart_ids(read, patient_id)
    versions = _versions(read, charts)
    statement = select(Document.id, Document.kind, Document.title).where(
        Document.patient_id.in_(charts), Document.withdrawn_at.is_(None), Document.title > ""
    )
    lines = [DocumentLine(*[*row, tuple(versions[row.id])]) for row in read.execute(statement) if row.id in versions]
    return tuple(sorted(lines, key=lambda line: (line.current.added_at, line.current.id), reverse=True))


def _versions(read: Reading, charts: Sequence[PatientId]) -> dict[str, list[VersionLine]]:
    """The contents that stand of each document, the latest first."""
    withdrawn = select(DocumentVersion.withdraws_id).where(DocumentVersion.withdraws_id.is_not(None))
    names = list(VersionLine.__dataclass_fields__)
    statement = (
        select(*(getattr(DocumentVersion, name) for name in names), DocumentVersion.document_id)
        .where(
            DocumentVersion.patient_id.in_(charts),
            DocumentVersion.sha256 > "",
            DocumentVersion.id.not_in(withdrawn),
        )
        .order_by(DocumentVersion.added_at.desc(), DocumentVersion.id.desc())
    )
    found: dict[str, list[VersionLine]] = defaultdict(list)
    rows: list[Any] = list(read.execute(statement))
    for row in rows:
        found[row.document_id].append(VersionLine(*row[:-1]))
    return dict(found)


@query(permission=VIEW_PATIENTS, label=N_("Consents of the patient"))
def consents_of(read: Reading, patient_id: PatientId) -> tuple[ConsentLine, ...]:
    """Every decision ever recorded, the latest first."""
    charts = chart_ids(read, patient_id)
    standing = {decision.id for decision in decisions_in_force(read, patient_id).values()}
    names = list(ConsentLine.__dataclass_fields__)[:-1]
    statement = (
        select(*(getattr(Consent, name) for name in names))
        .where(Consent.patient_id.in_(charts))
        .order_by(Consent.decided_on.desc(), Consent.recorded_at.desc(), Consent.id.desc())
    )
    rows: list[Any] = list(read.execute(statement))
    return tuple(ConsentLine(*[*row, row.id in standing]) for row in rows)


@query(permission=VIEW_HISTORY, label=N_("History of the chart"))
def patient_history(
    read: Reading, patient_id: PatientId, limit: int = 100, before: str | None = None
) -> tuple[HistoryLine, ...]:
    """What was done in the chart, the latest first, with the values before and after.

    `before` is the last `operation_id` of the page before. The NAM is covered for a reader without the right to it.
    """
    keys = msgspec.json.encode(chart_ids(read, patient_id)).decode()
    rows = read.sql(
        "SELECT n, id, hlc, actor, device, origin, command FROM operation WHERE n IN"
        " (SELECT operation FROM change WHERE subject IN (SELECT value FROM json_each(:keys)))"
        " AND (:before IS NULL OR n < (SELECT n FROM operation WHERE id = :before)) ORDER BY n DESC LIMIT :rows",
        keys=keys,
        before=before,
        rows=max(1, min(limit, 500)),
    )
    return tuple(_history_line(read, row, keys) for row in rows)


def _history_line(read: Reading, operation: Any, keys: str) -> HistoryLine:
    rows = read.sql(
        "SELECT tbl, pk, delta FROM change WHERE operation = :n"
        " AND subject IN (SELECT value FROM json_each(:keys)) ORDER BY n",
        n=operation.n,
        keys=keys,
    )
    changes = [change for row in rows if row.delta is not None for change in _field_changes(read, row)]
    command = COMMANDS.get(operation.command)
    return HistoryLine(
        operation.id, hlc_instant(operation.hlc), operation.actor, operation.device, operation.origin,
        command.label if command else operation.command, tuple(changes), any(row.delta is None for row in rows),
    )  # fmt: skip


def _field_changes(read: Reading, row: Any) -> list[FieldChange]:
    covered = set() if read.may(VIEW_NAM) else {"nam", "nam_expires"}
    made = []
    for column, values in msgspec.json.decode(row.delta).items():
        before, after = (MASK if column in covered and value is not None else value for value in values)
        made.append(FieldChange(row.tbl, row.pk, column, before, after))
    return made
