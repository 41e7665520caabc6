"""What screens ask about images. The doors to their bytes (`open_image`, `thumbnail`…) stand here too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, func, or_, select

from app.core.errors import NotFound
from app.core.i18n import N_
from app.core.ids import PatientId
from app.core.text import fold
from app.imaging.analyses import analysis_row_id, clinic_analyses, sex_for_norms
from app.imaging.answers import (
    Candidate,
    ImageLine,
    InstanceDetail,
    Original,
    QuarantineLine,
    ReviewItem,
    ReviewPage,
    SeriesImages,
    StudyImages,
    StudyLine,
    StudyPage,
)
from app.imaging.key_images import key_image_id
from app.imaging.layouts import LAYOUTS, Layout, Position
from app.imaging.library import LINE, LIVING, NEWEST
from app.imaging.library_answers import LibraryCounts, LibraryImage, LibraryImagePage, LibraryStudy, LibraryStudyPage
from app.imaging.library_queries import (
    MountDetail,
    MountLine,
    MountPlace,
    QuarantinePage,
    SignatureLine,
    ViewProposal,
    library_counts,
    library_images,
    library_studies,
    mount_detail,
    mounts_of,
    proposed_views,
    quarantine_page,
    reading_queue,
    study_readings,
)
from app.imaging.marks_queries import KeyImageLine, MarksOfImage, key_images_of, marks_of_image, marks_of_patient
from app.imaging.matching import Received, propose
from app.imaging.model import ImageState, Instance, Quarantined, Rendition, Series, Study
from app.imaging.originals import ExportedOriginal, OpenedImage, export_original, note_export, open_image, original_of
from app.imaging.permissions import ASSIGN_IMAGES, IMPORT_IMAGES, VIEW_IMAGES
from app.imaging.renditions import full_rendition, preview, thumbnail
from app.imaging.scrubbing import FaultLine, ScrubState, damaged_files, scrub_state
from app.imaging.set_aside import export_quarantined
from app.imaging.settings import FILE_NUMBER_ISSUERS
from app.imaging.spatial import (
    ModelLine,
    PlanLine,
    VolumeLine,
    is_volume,
    models_of,
    open_model,
    open_volume,
    spatial_plans_of,
    volumes_of,
)
from app.imaging.view_guesses import GUESS_LABELS, Guess, GuessedBy
from app.imaging.views import VIEWS, PhotoView
from app.imaging.vocabulary import (
    CONTENT_LABELS,
    FAULT_SENTENCES,
    LIBRARY_KIND_LABELS,
    MATCH_LABELS,
    READING_LABELS,
    REASON_SENTENCES,
    Content,
    InstanceId,
    LibraryKind,
    Match,
    MountId,
    QuarantineId,
    ReadingAct,
    ReadingId,
    ReadingState,
    Reason,
    SeriesId,
    SpatialPlanId,
    StudyId,
)
from app.journal.commands import query
from app.journal.queries import Reading
from app.journal.settings_store import value_of
from app.patients.charts import chart_ids
from app.patients.model import Patient, PatientSearch

__all__ = [
    "CONTENT_LABELS",
    "FAULT_SENTENCES",
    "GUESS_LABELS",
    "LAYOUTS",
    "LIBRARY_KIND_LABELS",
    "MATCH_LABELS",
    "READING_LABELS",
    "REASON_SENTENCES",
    "VIEWS",
    "Candidate",
    "Content",
    "ExportedOriginal",
    "FaultLine",
    "Guess",
    "GuessedBy",
    "ImageLine",
    "InstanceDetail",
    "InstanceId",
    "KeyImageLine",
    "Layout",
    "LibraryCounts",
    "LibraryImage",
    "LibraryImagePage",
    "LibraryKind",
    "LibraryStudy",
    "LibraryStudyPage",
    "MarksOfImage",
    "Match",
    "ModelLine",
    "MountDetail",
    "MountId",
    "MountLine",
    "MountPlace",
    "OpenedImage",
    "Original",
    "PhotoView",
    "PlanLine",
    "Position",
    "QuarantineId",
    "QuarantineLine",
    "QuarantinePage",
    "ReadingAct",
    "ReadingId",
    "ReadingState",
    "Reason",
    "ReviewItem",
    "ReviewPage",
    "ScrubState",
    "SeriesId",
    "SeriesImages",
    "SignatureLine",
    "SpatialPlanId",
    "StudyId",
    "StudyImages",
    "StudyLine",
    "StudyPage",
    "ViewProposal",
    "VolumeLine",
    "analysis_row_id",
    "clinic_analyses",
    "damaged_files",
    "export_original",
    "export_quarantined",
    "full_rendition",
    "images_of",
    "instance_detail",
    "is_volume",
    "key_image_id",
    "key_images_of",
    "library_counts",
    "library_images",
    "library_studies",
    "marks_of_image",
    "marks_of_patient",
    "models_of",
    "mount_detail",
    "mounts_of",
    "note_export",
    "open_image",
    "open_model",
    "open_volume",
    "original_of",
    "preview",
    "proposed_views",
    "quarantine_page",
    "quarantined_images",
    "reading_queue",
    "review_queue",
    "scrub_state",
    "sex_for_norms",
    "spatial_plans_of",
    "study_list",
    "study_readings",
    "thumbnail",
    "volumes_of",
]
PAGE: Final = 200


@query(permission=VIEW_IMAGES, label=N_("Images of the patient"))
def images_of(read: Reading, patient_id: PatientId) -> tuple[StudyImages, ...]:
    """The studies of a patient, newest first, with their series and images; those of merged charts too."""
    wanted = (
        select(*LINE, Instance.series_id, Instance.study_id)
        .join(ImageState, LIVING)
        .join(Study, Study.id == Instance.study_id)
        .where(Study.patient_id.in_(chart_ids(read, patient_id)))
        .order_by(Instance.number.is_(None), Instance.number, Instance.acquired_at_time, Instance.id)
    )
    images: dict[str, list[ImageLine]] = defaultdict(list)
    studies: dict[str, None] = {}
    for row in read.execute(wanted):
        images[row.series_id].append(ImageLine(*tuple(row)[: len(LINE)]))
        studies[row.study_id] = None
    return tuple(_studies(read, list(studies), images))


def _studies(read: Reading, ids: Sequence[str], images: dict[str, list[ImageLine]]) -> Iterable[StudyImages]:
    series: dict[str, list[SeriesImages]] = defaultdict(list)
    wanted = select(*Series.__table__.c).where(Series.id.in_(list(images)))
    for row in read.execute(wanted.order_by(Series.number.is_(None), Series.number, Series.id)):
        series[row.study_id].append(
            SeriesImages(
                row.id, row.series_instance_uid, row.modality, row.number, row.description, row.body_part,
                tuple(images[row.id]),
            )
        )  # fmt: skip
    found = select(*Study.__table__.c).where(Study.id.in_(ids)).order_by(*NEWEST)
    for row in read.execute(found):
        yield StudyImages(
            row.id, row.study_instance_uid, row.patient_id, row.match, row.studied_on, row.description,
            tuple(series[row.id]),
        )  # fmt: skip


@query(permission=VIEW_IMAGES, label=N_("List the studies"))
def study_list(
    read: Reading,
    text: str = "",
    modality: str = "",
    match: Match | None = None,
    since: date | None = None,
    until: date | None = None,
    offset: int = 0,
    limit: int = 50,
) -> StudyPage:
    """Studies by patient, file number or description, modality, state of matching and date, newest first."""
    wanted = select(Study.id).where(_has_images())
    for word in text.split():
        received = (Study.received_name, Study.received_number, Study.description, Study.accession_number)
        found = [column.icontains(word, autoescape=True) for column in received]
        if fold(word):
            found.append(PatientSearch.words.contains(fold(word), autoescape=True))
        wanted = wanted.where(or_(*found))
    if modality:
        wanted = wanted.where(
            select(Series.id).where(Series.study_id == Study.id, Series.modality == modality).exists()
        )
    if match is not None:
        wanted = wanted.where(Study.match == match)
    if since is not None:
        wanted = wanted.where(Study.studied_on >= since)
    if until is not None:
        wanted = wanted.where(Study.studied_on <= until)
    return _page(read, wanted.outerjoin(PatientSearch, PatientSearch.id == Study.patient_id), offset, limit)


def _has_images() -> Any:
    return select(Instance.id).join(ImageState, LIVING).where(Instance.study_id == Study.id).exists()


def _page(read: Reading, wanted: Select[Any], offset: int, limit: int) -> StudyPage:
    total = read.execute(select(func.count()).select_from(wanted.subquery())).scalar_one()
    ordered = wanted.order_by(*NEWEST).offset(max(0, offset)).limit(max(1, min(limit, PAGE)))
    ids = list(read.execute(ordered).scalars())
    return StudyPage(total, tuple(_lines(read, ids)))


def _lines(read: Reading, ids: Sequence[str]) -> Iterable[StudyLine]:
    """The lines of these studies, in this order."""
    rows = read.execute(
        select(*Study.__table__.c, Patient.family_name, Patient.given_name, Patient.file_number)
        .outerjoin(Patient, Patient.id == Study.patient_id)
        .where(Study.id.in_(ids))
    )
    studies = {row.id: row for row in rows}
    modalities: dict[str, set[str]] = defaultdict(set)
    for found in read.execute(select(Series.study_id, Series.modality).where(Series.study_id.in_(ids))):
        modalities[found.study_id].add(found.modality)
    counted = (
        select(Instance.study_id, func.count().label("images"), func.min(ImageState.received_at).label("since"))
        .join(ImageState, LIVING)
        .where(Instance.study_id.in_(ids))
        .group_by(Instance.study_id)
    )
    counts = {row.study_id: (row.images, row.since) for row in read.execute(counted)}
    first = _first_images(read, ids)
    for key in ids:
        row, (count, received_at) = studies[key], counts.get(key, (0, None))
        name = f"{row.family_name} {row.given_name}" if row.family_name else None
        yield StudyLine(
            row.id, row.patient_id, name, row.file_number, row.received_name, row.received_number,
            row.received_birth_on, row.match, row.studied_on, row.description, tuple(sorted(modalities[key])), count,
            first.get(key), received_at,
        )  # fmt: skip


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


@query(permission=ASSIGN_IMAGES, label=N_("Studies without a patient"))
def review_queue(read: Reading, offset: int = 0, limit: int = 50) -> ReviewPage:
    """Studies that wait for their patient, with the charts that the rules propose as things are now."""
    page = _page(read, select(Study.id).where(Study.patient_id.is_(None), _has_images()), offset, limit)
    issuers = value_of(read, FILE_NUMBER_ISSUERS)
    details = {
        row.id: row
        for row in read.execute(
            select(Study.id, Study.received_issuer, Study.rejected_patients).where(
                Study.id.in_([line.study_id for line in page.lines])
            )
        )
    }
    items = []
    for line in page.lines:
        more = details[line.study_id]
        received = Received(line.received_name, line.received_number, more.received_issuer, line.received_birth_on)
        proposal = propose(read, received, issuers=issuers, rejected=more.rejected_patients or ())
        candidates = tuple(_candidates(read, proposal.candidates))
        items.append(ReviewItem(line, proposal.match, proposal.rule, candidates))
    return ReviewPage(page.total, tuple(items))


def _candidates(read: Reading, ids: Sequence[str]) -> Iterable[Candidate]:
    wanted = select(Patient.id, Patient.family_name, Patient.given_name, Patient.file_number, Patient.born_on)
    for row in read.execute(wanted.where(Patient.id.in_(ids)).order_by(Patient.id)):
        yield Candidate(row.id, f"{row.family_name} {row.given_name}", row.file_number, row.born_on)


@query(permission=VIEW_IMAGES, label=N_("Details of the image"))
def instance_detail(read: Reading, instance_id: InstanceId) -> InstanceDetail:
    """Everything that is known of one image."""
    more = (
        Instance.study_id,
        Instance.series_id,
        Study.patient_id,
        Study.study_instance_uid,
        Series.series_instance_uid,
        Series.modality,
        Instance.sop_class_uid,
        Instance.transfer_syntax_uid,
        Instance.bits_stored,
        Instance.photometric,
        Instance.sha256,
        Instance.size_bytes,
        ImageState.received_file,
        ImageState.received_at,
        ImageState.withdrawn_at,
    )
    wanted = (
        select(*LINE, *more)
        .join(ImageState, ImageState.id == Instance.id)
        .join(Series, Series.id == Instance.series_id)
        .join(Study, Study.id == Instance.study_id)
        .where(Instance.id == instance_id)
    )
    row = read.execute(wanted).first()
    if row is None:
        raise NotFound(N_("image"), instance_id)
    values = tuple(row)
    return InstanceDetail(ImageLine(*values[: len(LINE)]), *values[len(LINE) :])


@query(permission=IMPORT_IMAGES, label=N_("Files set aside"))
def quarantined_images(read: Reading, offset: int = 0, limit: int = PAGE) -> tuple[QuarantineLine, ...]:
    """Files that could not be taken in on this workstation, and why, newest first."""
    wanted = (
        select(*Quarantined.__table__.c)
        .order_by(Quarantined.received_at.desc(), Quarantined.received_file, Quarantined.id)
        .offset(max(0, offset))
        .limit(max(1, min(limit, PAGE)))
    )
    return tuple(
        QuarantineLine(
            row.id, row.received_file, row.reason, row.details or {}, row.study_id, row.sop_instance_uid,
            row.sha256 is not None, row.received_at,
        )
        for row in read.execute(wanted)
    )  # fmt: skip
