"""What the screens of the library ask: pages, counts, the reading queue, views that are proposed, mounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from app.access.model import Staff
from app.core.errors import NotFound
from app.core.i18n import N_
from app.core.ids import PatientId, StaffId
from app.imaging import library
from app.imaging.answers import ImageLine, QuarantineLine
from app.imaging.layouts import LAYOUTS
from app.imaging.library import LINE, LIVING
from app.imaging.library_answers import LibraryCounts, LibraryFilter, LibraryImagePage, LibraryStudyPage
from app.imaging.model import ImageState, Instance, Mount, MountedImage, Quarantined, Series, Study, StudyReading
from app.imaging.permissions import IMPORT_IMAGES, VIEW_IMAGES
from app.imaging.view_guesses import Guess, Photographed, guessed
from app.imaging.views import PhotoView
from app.imaging.vocabulary import (
    Content,
    InstanceId,
    LibraryKind,
    Match,
    MountId,
    ReadingAct,
    ReadingId,
    ReadingState,
    Reason,
    StudyId,
)
from app.journal.commands import query
from app.journal.queries import Reading
from app.patients.charts import chart_ids


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One act of reading a study: a signature, or its reopening."""

    reading_id: ReadingId
    act: ReadingAct
    staff_id: StaffId
    staff: str | None
    at: datetime
    images: int
    words: str | None
    in_force: bool


@dataclass(frozen=True, slots=True)
class ViewProposal:
    """A photograph of a study: the view that has been assigned, and the one that is proposed."""

    image: ImageLine
    assigned: PhotoView | None
    proposed: Guess | None


@dataclass(frozen=True, slots=True)
class MountLine:
    """A mount in a list."""

    mount_id: MountId
    patient_id: PatientId
    layout: str
    title: str | None
    mounted_on: date
    filled: int
    places: int


@dataclass(frozen=True, slots=True)
class MountPlace:
    """A place of a mount. `image` is None while it is empty; the turn and the mirroring add to those of the image."""

    position: str
    image: ImageLine | None
    quarter_turns: int
    mirrored: bool


@dataclass(frozen=True, slots=True)
class MountDetail:
    """A mount with its places, in the order of its layout (`LAYOUTS[layout]`)."""

    line: MountLine
    places: tuple[MountPlace, ...]


@dataclass(frozen=True, slots=True)
class QuarantinePage:
    """A page of the files that were not taken in; `reasons` counts them by reason, whatever the filter."""

    total: int
    lines: tuple[QuarantineLine, ...]
    reasons: dict[Reason, int]


@query(permission=VIEW_IMAGES, label=N_("List the library by study"))
def library_studies(
    read: Reading,
    text: str = "",
    patient_id: PatientId | None = None,
    kind: LibraryKind | None = None,
    view: PhotoView | None = None,
    modality: str = "",
    since: date | None = None,
    until: date | None = None,
    reading: ReadingState | None = None,
    reader_id: StaffId | None = None,
    match: Match | None = None,
    in_chart: bool | None = None,
    damaged: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> LibraryStudyPage:
    """All studies of the practice, newest first, by page and filter."""
    wanted = LibraryFilter(
        text, patient_id, kind, view, modality, since, until, reading, reader_id, match, in_chart, damaged
    )
    return library.study_page(read, wanted, offset, limit)


@query(permission=VIEW_IMAGES, label=N_("List the library by image"))
def library_images(
    read: Reading,
    text: str = "",
    patient_id: PatientId | None = None,
    kind: LibraryKind | None = None,
    view: PhotoView | None = None,
    modality: str = "",
    since: date | None = None,
    until: date | None = None,
    reading: ReadingState | None = None,
    reader_id: StaffId | None = None,
    match: Match | None = None,
    in_chart: bool | None = None,
    damaged: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> LibraryImagePage:
    """All images of the practice, newest first, by page and filter. A volume stands in one line."""
    wanted = LibraryFilter(
        text, patient_id, kind, view, modality, since, until, reading, reader_id, match, in_chart, damaged
    )
    return library.image_page(read, wanted, offset, limit)


@query(permission=VIEW_IMAGES, label=N_("Count the library"))
def library_counts(read: Reading) -> LibraryCounts:
    """How many studies and images there are, by kind and by state."""
    return library.counts(read)


@query(permission=VIEW_IMAGES, label=N_("Studies to be read"))
def reading_queue(read: Reading, staff_id: StaffId | None = None, offset: int = 0, limit: int = 50) -> LibraryStudyPage:
    """Studies that wait for a reading, oldest first: a doctor’s own, then those given to nobody; without one, all."""
    return library.queue_page(read, staff_id, offset, limit)


@query(permission=VIEW_IMAGES, label=N_("Readings of the study"))
def study_readings(read: Reading, study_id: StudyId) -> tuple[SignatureLine, ...]:
    """Who signed the reading of a study or opened it again, newest first."""
    in_force = read.execute(select(Study.reading_id).where(Study.id == study_id)).scalar()
    wanted = (
        select(*StudyReading.__table__.c, Staff.display_name)
        .outerjoin(Staff, Staff.id == StudyReading.staff_id)
        .where(StudyReading.study_id == study_id)
        .order_by(StudyReading.at.desc(), StudyReading.id.desc())
    )
    return tuple(
        SignatureLine(
            row.id, row.act, row.staff_id, row.display_name, row.at, row.images, row.words, row.id == in_force
        )
        for row in read.execute(wanted)
    )


@query(permission=IMPORT_IMAGES, label=N_("List the files set aside by page"))
def quarantine_page(
    read: Reading, text: str = "", reason: Reason | None = None, offset: int = 0, limit: int = 50
) -> QuarantinePage:
    """Files that could not be taken in on this workstation, newest first, by page, name and reason."""
    conditions = [Quarantined.received_file.icontains(word, autoescape=True) for word in text.split()]
    if reason is not None:
        conditions.append(Quarantined.reason == reason)
    rows = read.execute(
        select(*Quarantined.__table__.c)
        .where(*conditions)
        .order_by(Quarantined.received_at.desc(), Quarantined.received_file, Quarantined.id)
        .offset(max(0, offset))
        .limit(max(1, min(limit, library.PAGE)))
    )
    lines = tuple(
        QuarantineLine(
            row.id, row.received_file, row.reason, row.details or {}, row.study_id, row.sop_instance_uid,
            row.sha256 is not None, row.received_at,
        )
        for row in rows
    )  # fmt: skip
    total = read.execute(select(func.count()).select_from(Quarantined).where(*conditions)).scalar_one()
    reasons = read.execute(select(Quarantined.reason, func.count().label("number")).group_by(Quarantined.reason))
    return QuarantinePage(int(total), lines, {Reason(row.reason): int(row.number) for row in reasons})


@query(permission=VIEW_IMAGES, label=N_("Propose the views"))
def proposed_views(read: Reading, study_id: StudyId) -> tuple[ViewProposal, ...]:
    """The photographs of a study in the order in which they were taken, with the views that they seem to show.

    Nothing is assigned: `assign_views` does that, when somebody has looked.
    """
    wanted = (
        select(*LINE, ImageState.stated_view, ImageState.received_file, ImageState.received_at)
        .join(ImageState, LIVING)
        .join(Series, Series.id == Instance.series_id)
        .where(Instance.study_id == study_id, Instance.content == Content.IMAGE)
        .where(Series.modality.in_(library.PHOTOGRAPHIC))
        .order_by(Instance.acquired_at_time, ImageState.received_at, Instance.number, ImageState.received_file)
    )
    rows = list(read.execute(wanted))
    photographs = [_photographed(row) for row in rows if row.view is None]
    found = guessed(photographs, frozenset(row.view for row in rows if row.view is not None))
    return tuple(
        ViewProposal(ImageLine(*tuple(row)[: len(LINE)]), row.view, found.get(row.instance_id)) for row in rows
    )


def _photographed(row: Any) -> Photographed:
    wide, high = row.columns, row.rows
    if row.quarter_turns % 2:
        wide, high = high, wide
    taken = (row.acquired_at_time or "", row.number or 0, row.received_file or "")
    return Photographed(row.instance_id, wide, high, taken, row.received_file or "", row.stated_view)


@query(permission=VIEW_IMAGES, label=N_("Mounts of the patient"))
def mounts_of(read: Reading, patient_id: PatientId) -> tuple[MountLine, ...]:
    """The mounts of a patient, newest first; those of merged charts too."""
    wanted = select(Mount.id).where(Mount.patient_id.in_(chart_ids(read, patient_id)), Mount.withdrawn_at.is_(None))
    ids = list(read.execute(wanted.order_by(Mount.mounted_on.desc(), Mount.id.desc())).scalars())
    return tuple(_details(read, ids)[key].line for key in ids)


@query(permission=VIEW_IMAGES, label=N_("Details of the mount"))
def mount_detail(read: Reading, mount_id: MountId) -> MountDetail:
    """A mount with what stands in its places."""
    found = _details(read, [mount_id])
    if mount_id not in found:
        raise NotFound(N_("mount"), mount_id)
    return found[mount_id]


def _details(read: Reading, ids: Sequence[MountId]) -> dict[MountId, MountDetail]:
    """An image that was withdrawn, or moved to another chart, leaves its place empty."""
    images: dict[InstanceId, tuple[ImageLine, PatientId | None]] = {}
    mounted = select(MountedImage.instance_id).where(MountedImage.mount_id.in_(ids))
    shown = select(*LINE, Study.patient_id).join(ImageState, LIVING).join(Study, Study.id == Instance.study_id)
    for row in read.execute(shown.where(Instance.id.in_(mounted))):
        images[row.instance_id] = (ImageLine(*tuple(row)[: len(LINE)]), row.patient_id)
    places: dict[MountId, dict[str, MountPlace]] = {}
    rows = {row.id: row for row in read.execute(select(*Mount.__table__.c).where(Mount.id.in_(ids)))}
    charts = {key: chart_ids(read, row.patient_id) for key, row in rows.items()}
    for row in read.execute(select(*MountedImage.__table__.c).where(MountedImage.mount_id.in_(ids))):
        image, owner = images.get(row.instance_id, (None, None))
        held = image if owner in charts[row.mount_id] else None
        place = MountPlace(row.position, held, row.quarter_turns if held else 0, bool(held and row.mirrored))
        places.setdefault(row.mount_id, {})[row.position] = place
    found = {}
    for key, row in rows.items():
        order = [one.key for one in LAYOUTS[row.layout].positions]
        mine = tuple(places[key][name] for name in order if name in places.get(key, {}))
        filled = sum(place.image is not None for place in mine)
        line = MountLine(row.id, row.patient_id, row.layout, row.title, row.mounted_on, filled, len(mine))
        found[key] = MountDetail(line, mine)
    return found
