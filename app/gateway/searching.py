"""The clinic's images as the hierarchy of PS3.4 §C.6: patient, study, series, image.

What SQL can narrow by an index it narrows here; the rest of a question is judged by who asked, answer by answer, so
that the first ones leave before the last ones are found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from sqlalchemy import Select, exists, func, or_, select

from app.core.ids import PatientId, derived_id
from app.core.text import fold
from app.imaging.model import ImageState, Instance, Series, Study
from app.imaging.vocabulary import InstanceId, StudyId
from app.journal.queries import Reading
from app.patients.model import Patient, PatientSearch
from app.patients.nam import RamqSex

LAST_CHARACTER: Final = "\U0010ffff"
ROWS_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Keys:
    """What a question says that an index knows. Empty: anything. `family_prefix` is folded."""

    study_uids: tuple[str, ...] = ()
    series_uids: tuple[str, ...] = ()
    instance_uids: tuple[str, ...] = ()
    patient_number: str = ""
    family_prefix: str = ""
    accession_number: str = ""
    first_on: date | None = None
    last_on: date | None = None
    modality: str = ""
    counted: bool = False


@dataclass(frozen=True, slots=True)
class FoundStudy:
    """A study, with the identity of its chart, or the one that its files carry while it has none."""

    study_id: StudyId
    patient_id: PatientId | None
    study_instance_uid: str
    studied_on: date | None
    studied_at_time: str | None
    description: str | None
    accession_number: str | None
    number: str
    family_name: str | None
    given_name: str | None
    received_name: str | None
    born_on: date | None
    sex: str
    modalities: tuple[str, ...]
    series: int
    instances: int


@dataclass(frozen=True, slots=True)
class FoundSeries:
    """A series of one study."""

    study_id: StudyId
    study_instance_uid: str
    series_instance_uid: str
    modality: str
    number: int | None
    description: str | None
    body_part: str | None
    instances: int


@dataclass(frozen=True, slots=True)
class FoundInstance:
    """One object."""

    instance_id: InstanceId
    study_id: StudyId
    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    sop_class_uid: str
    transfer_syntax_uid: str
    number: int | None
    image_rows: int | None
    image_columns: int | None
    frames: int | None


def patient_keys(asked_name: str) -> str:
    """The folded beginning of a family name, up to the first wildcard; empty when there is none."""
    family = asked_name.split("=", maxsplit=1)[0].split("^", maxsplit=1)[0]
    for position, character in enumerate(family):
        if character in "*?":
            family = family[:position]
            break
    return fold(family)


def find_studies(read: Reading, keys: Keys) -> Iterator[FoundStudy]:
    """The studies that the indexes leave, the newest first."""
    living = exists().where(ImageState.study_id == Study.id, ImageState.withdrawn_at.is_(None))
    columns = (
        select(
            Study.id, Study.patient_id, Study.study_instance_uid, Study.studied_on, Study.studied_at_time,
            Study.description, Study.accession_number, Study.received_number, Study.received_name,
            Study.received_birth_on, Study.received_sex, Patient.file_number, Patient.family_name, Patient.given_name,
            Patient.born_on, Patient.sex_at_ramq,
        )
        .outerjoin(Patient, Patient.id == Study.patient_id)
        .where(living, Study.study_instance_uid > "")
    )  # fmt: skip
    wanted = _narrowed(cast(Select[Any], columns), keys)
    wanted = wanted.order_by(Study.studied_on.desc(), Study.id.desc())
    result = read.connection.execution_options(yield_per=ROWS_AT_ONCE).execute(wanted)
    for rows in result.partitions():
        facts = _facts(read, [row[0] for row in rows], counted=keys.counted)
        for row in rows:
            yield _study(row, *facts.get(row[0], ((), 0, 0)))


def _narrowed(wanted: Select[Any], keys: Keys) -> Select[Any]:
    if keys.study_uids:
        wanted = wanted.where(Study.id.in_([derived_id(uid) for uid in keys.study_uids]))
    if keys.patient_number:
        charts = select(Patient.id).where(Patient.file_number == keys.patient_number)
        waiting = Study.patient_id.is_(None) & (Study.received_number == keys.patient_number)
        wanted = wanted.where(or_(Study.patient_id.in_(charts), waiting))
    if keys.family_prefix:
        last = keys.family_prefix + LAST_CHARACTER
        named = select(PatientSearch.id).where(PatientSearch.family_key.between(keys.family_prefix, last))
        wanted = wanted.where(or_(Study.patient_id.in_(named), Study.patient_id.is_(None)))
    if keys.accession_number:
        wanted = wanted.where(Study.accession_number == keys.accession_number)
    if keys.first_on is not None:
        wanted = wanted.where(Study.studied_on >= keys.first_on)
    if keys.last_on is not None:
        wanted = wanted.where(Study.studied_on <= keys.last_on)
    if keys.modality:
        wanted = wanted.where(exists().where(Series.study_id == Study.id, Series.modality == keys.modality))
    return wanted


def _facts(read: Reading, study_ids: list[str], *, counted: bool) -> dict[str, tuple[tuple[str, ...], int, int]]:
    """Modalities, series and living instances of some studies."""
    modalities: dict[str, list[str]] = {}
    made_with = select(Series.study_id, Series.modality).where(Series.study_id.in_(study_ids)).order_by(Series.id)
    for row in read.execute(made_with):
        modalities.setdefault(row.study_id, []).append(row.modality)
    counts: dict[str, int] = {}
    if counted:
        living = (ImageState.study_id.in_(study_ids), ImageState.withdrawn_at.is_(None))
        per_study = select(ImageState.study_id, func.count().label("n")).where(*living).group_by(ImageState.study_id)
        counts = {row.study_id: row.n for row in read.execute(per_study)}
    return {
        key: (tuple(dict.fromkeys(modalities.get(key, ()))), len(modalities.get(key, ())), counts.get(key, 0))
        for key in study_ids
    }


def _study(row: Any, modalities: tuple[str, ...], series: int, instances: int) -> FoundStudy:
    charted = row.patient_id is not None and row.file_number is not None
    sex = (row.sex_at_ramq.value if isinstance(row.sex_at_ramq, RamqSex) else "O") if charted else row.received_sex
    return FoundStudy(
        row.id, row.patient_id, row.study_instance_uid, row.studied_on, row.studied_at_time, row.description,
        row.accession_number, (row.file_number if charted else row.received_number) or "",
        row.family_name if charted else None, row.given_name if charted else None,
        None if charted else row.received_name, row.born_on if charted else row.received_birth_on, sex or "",
        modalities, series, instances,
    )  # fmt: skip


def find_series(read: Reading, keys: Keys) -> Iterator[FoundSeries]:
    """The series of the studies that are named."""
    living = (
        select(func.count())
        .select_from(ImageState)
        .join(Instance, Instance.id == ImageState.id)
        .where(Instance.series_id == Series.id, ImageState.withdrawn_at.is_(None))
        .scalar_subquery()
    )
    wanted = (
        select(
            Series.study_id, Study.study_instance_uid, Series.series_instance_uid, Series.modality, Series.number,
            Series.description, Series.body_part, living,
        )
        .join(Study, Study.id == Series.study_id)
        .where(Study.id.in_([derived_id(uid) for uid in keys.study_uids]))
        .order_by(Series.number, Series.id)
    )  # fmt: skip
    if keys.series_uids:
        wanted = wanted.where(Series.id.in_([derived_id(uid) for uid in keys.series_uids]))
    for row in read.execute(wanted).fetchall():
        if row[-1]:
            yield FoundSeries(*tuple(row))


def instances_of(read: Reading, instance_ids: Sequence[str]) -> list[FoundInstance]:
    """The living objects among these ids."""
    wanted = _instances().where(Instance.id.in_(instance_ids))
    return [FoundInstance(*tuple(row)) for row in read.execute(wanted)]


def find_instances(read: Reading, keys: Keys) -> list[FoundInstance]:
    """The living objects of the studies, series or objects that are named, in the order in which they are numbered."""
    wanted = _instances()
    if keys.instance_uids:
        wanted = wanted.where(Instance.id.in_([derived_id(uid) for uid in keys.instance_uids]))
    elif keys.series_uids:
        wanted = wanted.where(Series.id.in_([derived_id(uid) for uid in keys.series_uids]))
    elif keys.study_uids:
        wanted = wanted.where(Study.id.in_([derived_id(uid) for uid in keys.study_uids]))
    elif keys.patient_number:
        charts = select(Patient.id).where(Patient.file_number == keys.patient_number)
        waiting = Study.patient_id.is_(None) & (Study.received_number == keys.patient_number)
        wanted = wanted.where(or_(Study.patient_id.in_(charts), waiting))
    else:
        return []
    return [FoundInstance(*tuple(row)) for row in read.execute(wanted)]


def _instances() -> Select[Any]:
    columns = (
        select(
            Instance.id, Instance.study_id, Study.study_instance_uid, Series.series_instance_uid,
            Instance.sop_instance_uid, Instance.sop_class_uid, Instance.transfer_syntax_uid, Instance.number,
            Instance.image_rows, Instance.image_columns, Instance.frames,
        )
        .join(ImageState, ImageState.id == Instance.id)
        .join(Study, Study.id == Instance.study_id)
        .join(Series, Series.id == Instance.series_id)
        .where(ImageState.withdrawn_at.is_(None), Instance.sha256 > "")
        .order_by(Study.id, Series.number, Instance.number, Instance.id)
    )  # fmt: skip
    return cast(Select[Any], columns)
