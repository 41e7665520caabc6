"""The library: every study and every image of the practice, by page, with filters and counts, all in SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from app.access.model import Staff
from app.core.ids import StaffId
from app.core.text import fold
from app.imaging.answers import ImageLine
from app.imaging.library_answers import (
    LibraryCounts,
    LibraryFilter,
    LibraryImage,
    LibraryImagePage,
    LibraryStudy,
    LibraryStudyPage,
)
from app.imaging.model import ImageState, Instance, Quarantined, Rendition, SealedCheck, Series, Study
from app.imaging.vocabulary import (
    Content,
    InstanceId,
    LibraryKind,
    Match,
    ReadingState,
)
from app.journal.queries import Reading
from app.patients.charts import chart_ids
from app.patients.model import Patient, PatientSearch

PAGE: Final = 200
LIVING: Final = and_(ImageState.id == Instance.id, ImageState.withdrawn_at.is_(None), Instance.sha256 > "")
PHOTOGRAPHIC: Final = ("XC", "ES", "GM")
VOLUMETRIC: Final = ("CT", "MR", "PT")
NOT_READ: Final = (*PHOTOGRAPHIC, "SC", "DOC", "M3D", "SR", "PR", "KO", "SEG")
"""Modalities of images that no doctor signs a reading of."""

LINE: Final = (
    Instance.id.label("instance_id"),
    Instance.sop_instance_uid,
    Instance.content,
    Instance.original_kind,
    Instance.number,
    Instance.image_rows.label("rows"),
    Instance.image_columns.label("columns"),
    Instance.frames,
    Instance.lossy,
    Instance.acquired_on,
    Instance.acquired_at_time,
    Instance.laterality,
    Instance.view_position,
    ImageState.quarter_turns,
    ImageState.mirrored,
    ImageState.view,
    Instance.teeth,
)


KIND: Final[ColumnElement[str]] = case(
    (Instance.content == Content.MODEL, LibraryKind.MODEL.value),
    (Instance.content == Content.DOCUMENT, LibraryKind.DOCUMENT.value),
    (Instance.content == Content.OTHER, LibraryKind.OTHER.value),
    (Series.modality.in_(PHOTOGRAPHIC), LibraryKind.PHOTOGRAPH.value),
    (Series.modality.in_(VOLUMETRIC), LibraryKind.VOLUME.value),
    else_=LibraryKind.RADIOGRAPH.value,
)


def _has(*conditions: Any) -> Any:
    """A living instance of the study with these properties."""
    wanted = select(Instance.id).join(ImageState, LIVING).join(Series, Series.id == Instance.series_id)
    return wanted.where(Instance.study_id == Study.id, *conditions).exists()


def _reading_state() -> ColumnElement[str]:
    state = aliased(ImageState)
    newer = select(state.id).where(
        state.study_id == Study.id, state.withdrawn_at.is_(None), state.received_at > Study.read_at
    )
    to_read = _has(Instance.content == Content.IMAGE, Series.modality.not_in(NOT_READ))
    return case(
        (and_(Study.read_at.is_not(None), newer.exists()), ReadingState.NEW_IMAGES.value),
        (Study.read_at.is_not(None), ReadingState.READ.value),
        (to_read, ReadingState.UNREAD.value),
        else_=ReadingState.NOT_NEEDED.value,
    )


READING: Final = _reading_state()
NEWEST: Final = (Study.studied_on.is_(None), Study.studied_on.desc(), Study.studied_at_time.desc(), Study.id)


def _study_conditions(read: Reading, wanted: LibraryFilter) -> list[Any]:
    """The conditions on a study, `PatientSearch` joined."""
    found: list[Any] = [_word(word) for word in wanted.text.split()]
    if wanted.patient_id is not None:
        found.append(Study.patient_id.in_(chart_ids(read, wanted.patient_id)))
    if wanted.in_chart is not None:
        found.append(Study.patient_id.is_not(None) if wanted.in_chart else Study.patient_id.is_(None))
    if wanted.match is not None:
        found.append(Study.match == wanted.match)
    if wanted.since is not None:
        found.append(Study.studied_on >= wanted.since)
    if wanted.until is not None:
        found.append(Study.studied_on <= wanted.until)
    if wanted.reader_id is not None:
        found.append(Study.reader_id == wanted.reader_id)
    if wanted.reading is not None:
        found.append(wanted.reading.value == READING)
    return found


def _word(word: str) -> Any:
    columns = (Study.received_name, Study.received_number, Study.description, Study.accession_number)
    found = [column.icontains(word, autoescape=True) for column in columns]
    if fold(word):
        found.append(PatientSearch.words.contains(fold(word), autoescape=True))
    return or_(*found)


def _image_conditions(wanted: LibraryFilter) -> list[Any]:
    found: list[Any] = []
    if wanted.kind is not None:
        found.append(wanted.kind.value == KIND)
    if wanted.view is not None:
        found.append(ImageState.view == wanted.view)
    if wanted.modality:
        found.append(Series.modality == wanted.modality)
    if wanted.damaged:
        found.append(_damaged())
    return found


def _damaged() -> Any:
    """The scrub found the file of the image, or that of its DICOM form, damaged or gone."""
    own = or_(SealedCheck.id == Instance.sha256, SealedCheck.id == Instance.dicom_sha256)
    return select(SealedCheck.id).where(SealedCheck.fault.is_not(None), own).exists()


def study_page(read: Reading, wanted: LibraryFilter, offset: int, limit: int) -> LibraryStudyPage:
    """Studies with at least one image that the filter lets through, newest first."""
    statement = (
        select(Study.id)
        .outerjoin(PatientSearch, PatientSearch.id == Study.patient_id)
        .where(_has(*_image_conditions(wanted)), *_study_conditions(read, wanted))
    )
    total, ids = _paged(read, statement, NEWEST, offset, limit)
    return LibraryStudyPage(total, tuple(study_lines(read, ids)))


def _paged(read: Reading, wanted: Select[Any], order: Sequence[Any], offset: int, limit: int) -> tuple[int, list[str]]:
    total = int(read.execute(select(func.count()).select_from(wanted.subquery())).scalar_one())
    ordered = wanted.order_by(*order).offset(max(0, offset)).limit(max(1, min(limit, PAGE)))
    return total, list(read.execute(ordered).scalars())


def study_lines(read: Reading, ids: Sequence[str]) -> Iterable[LibraryStudy]:
    """These studies, in this order."""
    reader, signer = aliased(Staff), aliased(Staff)
    wanted = (
        select(
            *Study.__table__.c, READING.label("state"), Patient.family_name, Patient.given_name, Patient.file_number,
            reader.display_name.label("reader"), signer.display_name.label("signer"),
        )
        .outerjoin(Patient, Patient.id == Study.patient_id)
        .outerjoin(reader, reader.id == Study.reader_id)
        .outerjoin(signer, signer.id == Study.read_by_id)
        .where(Study.id.in_(ids))
    )  # fmt: skip
    rows = {row.id: row for row in read.execute(wanted)}
    counts, modalities, since = _inside(read, ids)
    first = _first_images(read, ids)
    for key in ids:
        row = rows[key]
        name = f"{row.family_name} {row.given_name}" if row.family_name else None
        yield LibraryStudy(
            row.id, row.patient_id, name, row.file_number, row.received_name, row.match, row.studied_on,
            row.description, tuple(sorted(modalities[key])), counts[key], first.get(key), since.get(key),
            ReadingState(row.state), row.reading_id, row.read_at, row.signer, row.reader_id, row.reader,
        )  # fmt: skip


def _inside(
    read: Reading, ids: Sequence[str]
) -> tuple[dict[str, dict[LibraryKind, int]], dict[str, set[str]], dict[str, datetime]]:
    """Of each study the number of images by kind, the modalities, and when the first image came."""
    counts: dict[str, dict[LibraryKind, int]] = defaultdict(dict)
    modalities: dict[str, set[str]] = defaultdict(set)
    since: dict[str, datetime] = {}
    wanted = (
        select(
            Instance.study_id, KIND.label("kind"), Series.modality, func.count().label("images"),
            func.min(ImageState.received_at).label("since"),
        )
        .join(ImageState, LIVING)
        .join(Series, Series.id == Instance.series_id)
        .where(Instance.study_id.in_(ids))
        .group_by(Instance.study_id, KIND, Series.modality)
    )  # fmt: skip
    for row in read.execute(wanted):
        kind = LibraryKind(row.kind)
        counts[row.study_id][kind] = counts[row.study_id].get(kind, 0) + row.images
        modalities[row.study_id].add(row.modality)
        since[row.study_id] = min(row.since, since.get(row.study_id, row.since))
    return counts, modalities, since


def _first_images(read: Reading, ids: Sequence[str]) -> dict[str, InstanceId]:
    """Of each study one image that has a thumbnail, else any image."""
    shown = select(Rendition.id).where(Rendition.instance_id == Instance.id).exists()
    wanted = (
        select(Instance.study_id, Instance.id)
        .join(ImageState, LIVING)
        .where(Instance.study_id.in_(ids))
        .order_by(shown, Instance.number.is_not(None), Instance.number.desc(), Instance.id.desc())
    )
    return {row.study_id: row.id for row in read.execute(wanted)}  # the last one of each study stays


def image_page(read: Reading, wanted: LibraryFilter, offset: int, limit: int) -> LibraryImagePage:
    """Images that the filter lets through, newest study first; a volume is one line."""
    sibling, living = aliased(Instance), aliased(ImageState)
    earlier = (
        select(sibling.id)
        .join(living, and_(living.id == sibling.id, living.withdrawn_at.is_(None)))
        .where(sibling.series_id == Instance.series_id, sibling.sha256 > "", sibling.id < Instance.id)
    )
    statement = (
        select(Instance.id)
        .join(ImageState, LIVING)
        .join(Series, Series.id == Instance.series_id)
        .join(Study, Study.id == Instance.study_id)
        .outerjoin(PatientSearch, PatientSearch.id == Study.patient_id)
        .where(*_image_conditions(wanted), *_study_conditions(read, wanted))
        .where(or_(KIND.notin_([LibraryKind.VOLUME.value]), ~earlier.exists()))
    )
    order = (*NEWEST, Series.id, Instance.number.is_(None), Instance.number, Instance.id)
    total, ids = _paged(read, statement, order, offset, limit)
    return LibraryImagePage(total, tuple(_image_lines(read, ids)))


def _image_lines(read: Reading, ids: Sequence[str]) -> Iterable[LibraryImage]:
    sibling, living = aliased(Instance), aliased(ImageState)
    siblings = (
        select(func.count())
        .select_from(sibling)
        .join(living, and_(living.id == sibling.id, living.withdrawn_at.is_(None)))
        .where(sibling.series_id == Instance.series_id, sibling.sha256 > "")
        .scalar_subquery()
    )
    wanted = (
        select(
            *LINE, KIND.label("kind"), Series.modality, Series.description.label("series_description"),
            Study.id.label("study_id"), Study.patient_id, Study.received_name, Study.match, Study.studied_on,
            Study.description, ImageState.received_at, READING.label("state"), siblings.label("in_series"),
            Patient.family_name, Patient.given_name, Patient.file_number,
        )
        .join(ImageState, LIVING)
        .join(Series, Series.id == Instance.series_id)
        .join(Study, Study.id == Instance.study_id)
        .outerjoin(Patient, Patient.id == Study.patient_id)
        .where(Instance.id.in_(ids))
    )  # fmt: skip
    rows = {row.instance_id: row for row in read.execute(wanted)}
    for row in (rows[key] for key in ids):
        kind = LibraryKind(row.kind)
        yield LibraryImage(
            ImageLine(*tuple(row)[: len(LINE)]), kind, row.modality, row.study_id, row.patient_id,
            f"{row.family_name} {row.given_name}" if row.family_name else None, row.file_number, row.received_name,
            row.match, row.studied_on, row.series_description or row.description, row.received_at,
            ReadingState(row.state), row.in_series if kind is LibraryKind.VOLUME else 1,
        )  # fmt: skip


def counts(read: Reading) -> LibraryCounts:
    """How much there is in all."""
    kinds = (
        select(KIND.label("kind"), func.count().label("number"))
        .select_from(Instance)
        .join(ImageState, LIVING)
        .join(Series, Series.id == Instance.series_id)
        .group_by(KIND)
    )
    by_kind = {LibraryKind(row.kind): int(row.number) for row in read.execute(kinds)}
    states = select(READING.label("state"), func.count().label("number")).where(_has()).group_by(READING)
    by_reading = {ReadingState(row.state): int(row.number) for row in read.execute(states)}
    waiting = (
        select(Study.match, func.count().label("number"))
        .where(Study.patient_id.is_(None), _has())
        .group_by(Study.match)
    )
    matches = {row.match: int(row.number) for row in read.execute(waiting)}
    aside = read.execute(select(func.count()).select_from(Quarantined)).scalar_one()
    return LibraryCounts(
        studies=sum(by_reading.values()),
        images=sum(by_kind.values()),
        by_kind=by_kind,
        by_reading=by_reading,
        without_patient=sum(matches.values()),
        to_review=matches.get(Match.REVIEW, 0),
        quarantined=int(aside),
        damaged=int(read.execute(select(func.count()).where(SealedCheck.fault.is_not(None))).scalar_one()),
    )


def queue_page(read: Reading, staff_id: StaffId | None, offset: int, limit: int) -> LibraryStudyPage:
    """Studies in a chart that wait for a reading, oldest first: those of a doctor and those given to nobody."""
    waiting = (ReadingState.UNREAD.value, ReadingState.NEW_IMAGES.value)
    statement = select(Study.id).where(_has(), Study.patient_id.is_not(None), READING.in_(waiting))
    if staff_id is not None:
        statement = statement.where(or_(Study.reader_id == staff_id, Study.reader_id.is_(None)))
    mine = case((Study.reader_id == staff_id, 0), else_=1) if staff_id is not None else Study.reader_id.is_(None)
    order = (mine, Study.studied_on.is_(None), Study.studied_on, Study.studied_at_time, Study.id)
    total, ids = _paged(read, statement, order, offset, limit)
    return LibraryStudyPage(total, tuple(study_lines(read, ids)))
