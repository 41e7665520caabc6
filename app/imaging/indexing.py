"""Taking sealed files into the index: one command for a batch of an import, which is one undo step with the others."""

from __future__ import annotations

import dataclasses
import enum
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from app.core.i18n import N_
from app.core.ids import PatientId, derived_id
from app.imaging.events import ImagesReceived
from app.imaging.found import Found, MadeRendition, Refused
from app.imaging.matching import Received, propose
from app.imaging.model import ImageState, Instance, Quarantined, Rendition, Series, Study
from app.imaging.permissions import IMPORT_IMAGES, MARK_IMAGES
from app.imaging.settings import AUTOMATIC_MATCHING, FILE_NUMBER_ISSUERS
from app.imaging.vocabulary import DicomForm, InstanceId, Match, QuarantineId, Reason, StudyId
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.patients.charts import chart_ids
from app.patients.commands.patients import living_patient

BATCH: Final = 60
"""Files in one operation: each writes at most four rows and an event, and an operation holds at most 400 changes."""


class Outcome(enum.StrEnum):
    """What became of a file."""

    IMPORTED = "imported"
    ALREADY = "already"
    RESTORED = "restored"
    REFUSED = "refused"
    DIRECTORY = "directory"
    """A DICOMDIR: what it lists is imported, it is not kept itself."""
    MISSING = "missing"
    """Named by a DICOMDIR, but not there."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a sealed file."""

    outcome: Outcome
    instance_id: InstanceId | None = None
    study_id: StudyId | None = None
    reason: Reason | None = None


@command(permission=IMPORT_IMAGES, label=N_("Withdraw the image"))
def withdraw_image(tx: Transaction, instance_id: InstanceId) -> None:
    """Take an image that was imported by mistake out of every list. Its file is kept."""
    state = tx.get(ImageState, instance_id)
    if state.withdrawn_at is None:
        state.withdrawn_at = tx.now


@command(permission=IMPORT_IMAGES, label=N_("Import images"), undo=(withdraw_image, Instance), hidden=True)
def take_in_images(tx: Transaction, found: list[Found], patient_id: PatientId | None = None) -> list[Taken]:
    """Index files that an import has sealed. With a patient, new studies go into that chart.

    It only inserts, so that its opposite undoes all of it: what was here before is brought back and put into the
    chart by operations of their own (`bring_back_images`, `put_studies_into_chart`).
    """
    charts: frozenset[str] = frozenset()
    if patient_id is not None:
        living_patient(tx, patient_id)
        charts = frozenset(chart_ids(tx.reading(), patient_id))
    return _take_all(tx, found, patient_id, charts)


@command(permission=MARK_IMAGES, label=N_("Keep the reconstruction"), undo=(withdraw_image, Instance), hidden=True)
def keep_reconstructions(tx: Transaction, found: list[Found]) -> list[Taken]:
    """Add images that were made of a volume or a model to its study."""
    for item in found:
        study = tx.get(Study, StudyId(derived_id(item.study.uid)))
        if study.patient_id is not None:
            living_patient(tx, study.patient_id)
    return _take_all(tx, found, None, frozenset())


def _take_all(tx: Transaction, found: list[Found], patient_id: PatientId | None, charts: frozenset[str]) -> list[Taken]:
    fresh: Counter[StudyId] = Counter()
    taken = []
    for item in found:
        one = _take(tx, item, patient_id, charts)
        tx.session.flush()
        if one.outcome is Outcome.IMPORTED and one.study_id:
            fresh[one.study_id] += 1
        taken.append(one)
    for study_id, count in fresh.items():
        tx.record(ImagesReceived(study_id, tx.get(Study, study_id).patient_id, count))
    return taken


@command(permission=IMPORT_IMAGES, label=N_("Bring images back"), hidden=True)
def bring_back_images(tx: Transaction, instance_ids: list[InstanceId]) -> None:
    """Restore images that were withdrawn and have been imported again."""
    for instance_id in instance_ids:
        tx.get(ImageState, instance_id).withdrawn_at = None


@command(permission=IMPORT_IMAGES, label=N_("Put the studies into the chart"), hidden=True)
def put_studies_into_chart(tx: Transaction, study_ids: list[StudyId], patient_id: PatientId) -> None:
    """Match studies that were waiting to the patient for whom they have been imported again."""
    living_patient(tx, patient_id)
    for study_id in study_ids:
        study = tx.get(Study, study_id)
        if study.patient_id is None:
            study.patient_id, study.match, study.candidate_id, study.rule = patient_id, Match.ASSIGNED, None, None


@command(permission=IMPORT_IMAGES, label=N_("Set files aside"), hidden=True)
def set_files_aside(tx: Transaction, refused: list[Refused]) -> None:
    """Note the files that could not be taken in, and why, on this workstation."""
    for item in refused:
        _set_aside(tx, Quarantined(received_file=item.name, reason=item.reason, details=dict(item.details) or None))


def _take(tx: Transaction, item: Found, patient_id: PatientId | None, charts: frozenset[str]) -> Taken:
    instance = tx.find(Instance, derived_id(item.instance.sop_instance_uid)) or _same_bytes(tx, item)
    if instance is not None:
        return _meet_again(tx, item, instance, patient_id, charts)
    study = tx.find(Study, derived_id(item.study.uid))
    series = tx.find(Series, derived_id(item.series.uid))
    reason = _contradiction(item, study, series, patient_id, charts)
    if reason is not None:
        return _conflict(tx, item, reason, study.id if study else None)
    if study is None:
        study = _new_study(tx, item, patient_id)
    if series is None:
        values = dataclasses.asdict(item.series)
        uid = values.pop("uid")
        series = tx.add(Series(id=derived_id(uid), study_id=study.id, series_instance_uid=uid, **values))
    return _new_instance(tx, item, study, series)


def _same_bytes(tx: Transaction, item: Found) -> Instance | None:
    """A living instance of the same bytes: a photograph, whose UID also follows from its chart, may be in another."""
    if item.form is DicomForm.RECEIVED:
        return None
    wanted = (
        select(Instance)
        .join(ImageState, ImageState.id == Instance.id)
        .where(Instance.sha256 == item.sha256, ImageState.withdrawn_at.is_(None))
        .order_by(Instance.id)
    )
    found: Instance | None = tx.first(wanted)
    return found


def _meet_again(
    tx: Transaction, item: Found, instance: Instance, patient_id: PatientId | None, charts: frozenset[str]
) -> Taken:
    """The instance is here already: with the same bytes, or with others."""
    if instance.sha256 == "":
        return Taken(Outcome.REFUSED, reason=Reason.ERASED)
    if instance.sha256 != item.sha256:
        return _conflict(tx, item, Reason.OTHER_BYTES, instance.study_id)
    study, state = tx.get(Study, instance.study_id), tx.get(ImageState, instance.id)
    if patient_id is not None and study.patient_id is not None and study.patient_id not in charts:
        _set_aside(tx, Quarantined(study_id=study.id, received_file=item.name, reason=Reason.OTHER_CHART))
        return Taken(Outcome.REFUSED, instance.id, study.id, Reason.OTHER_CHART)
    outcome = Outcome.ALREADY if state.withdrawn_at is None else Outcome.RESTORED
    return Taken(outcome, instance.id, study.id)


def _contradiction(
    item: Found, study: Study | None, series: Series | None, patient_id: PatientId | None, charts: frozenset[str]
) -> Reason | None:
    """Why a new instance may not join what is here: one series is of one study, one study of one patient."""
    if series is not None and series.study_id != derived_id(item.study.uid):
        return Reason.OTHER_STUDY
    if study is None:
        return None
    pairs = ((study.received_number, item.study.number), (study.received_birth_on, item.study.birth_on))
    if any(here and there and here != there for here, there in pairs):
        return Reason.OTHER_IDENTITY
    if patient_id is not None and study.patient_id is not None and study.patient_id not in charts:
        return Reason.OTHER_CHART
    return None


def _conflict(tx: Transaction, item: Found, reason: Reason, study_id: StudyId | None) -> Taken:
    kept = Quarantined(
        study_id=study_id,
        received_file=item.name,
        reason=reason,
        sha256=item.sha256,
        dicom_sha256=item.dicom_sha256,
        size_bytes=item.size_bytes,
        sop_instance_uid=item.instance.sop_instance_uid,
    )
    _set_aside(tx, kept)
    return Taken(Outcome.REFUSED, study_id=study_id, reason=reason)


def _set_aside(tx: Transaction, row: Quarantined) -> None:
    """One row for one file and reason, however often it is offered."""
    row.id = QuarantineId(derived_id("quarantine", row.reason.value, row.sha256 or row.received_file))
    row.received_at = tx.now
    tx.session.merge(row)
    tx.touch_local(Quarantined, row.id)


def _new_study(tx: Transaction, item: Found, patient_id: PatientId | None) -> Study:
    facts = item.study
    study = Study(
        id=StudyId(derived_id(facts.uid)),
        study_instance_uid=facts.uid,
        patient_id=patient_id,
        match=Match.ASSIGNED if patient_id else Match.UNMATCHED,
        studied_on=facts.studied_on,
        studied_at_time=facts.studied_at_time,
        description=facts.description,
        accession_number=facts.accession_number,
        received_name=facts.name,
        received_number=facts.number,
        received_issuer=facts.issuer,
        received_birth_on=facts.birth_on,
        received_sex=facts.sex,
    )
    if patient_id is None:
        match_study(tx, study)
    return tx.add(study)


def match_study(tx: Transaction, study: Study) -> None:
    """Let the rule table say whose study this is; the clinic may have switched automatic matching off."""
    received = Received(study.received_name, study.received_number, study.received_issuer, study.received_birth_on)
    proposal = propose(
        tx.reading(),
        received,
        issuers=tx.setting(FILE_NUMBER_ISSUERS),
        rejected=study.rejected_patients or (),
    )
    automatic = proposal.match is Match.AUTOMATIC and tx.setting(AUTOMATIC_MATCHING)
    first = proposal.candidates[0] if proposal.candidates else None
    study.rule = proposal.rule
    study.match = Match.AUTOMATIC if automatic else (Match.REVIEW if first else Match.UNMATCHED)
    study.patient_id = first if automatic else None
    study.candidate_id = None if automatic else first


def _new_instance(tx: Transaction, item: Found, study: Study, series: Series) -> Taken:
    instance = tx.add(
        Instance(
            id=InstanceId(derived_id(item.instance.sop_instance_uid)),
            study_id=study.id,
            series_id=series.id,
            sha256=item.sha256,
            size_bytes=item.size_bytes,
            original_kind=item.original_kind,
            dicom_form=item.form,
            dicom_sha256=item.dicom_sha256,
            dicom_split=item.dicom_split,
            **{field.name: getattr(item.instance, field.name) for field in dataclasses.fields(item.instance)},
        )
    )
    tx.add(
        ImageState(
            id=instance.id,
            study_id=study.id,
            received_at=tx.now,
            received_file=item.name,
            quarter_turns=item.upright.quarter_turns,
            mirrored=item.upright.mirrored,
            stated_view=item.stated_view,
        )
    )
    keep_rendition_rows(tx, instance.id, study.id, item.renditions)
    return Taken(Outcome.IMPORTED, instance.id, study.id)


def keep_rendition_rows(
    tx: Transaction, instance_id: InstanceId, study_id: StudyId, made: Sequence[MadeRendition]
) -> None:
    """Write the rows of renditions, in place of older ones: one statement for all, an import has hundreds of them."""
    rows = [
        {
            "id": derived_id(instance_id, one.kind.value), "instance_id": instance_id, "study_id": study_id,
            **{field.name: getattr(one, field.name) for field in dataclasses.fields(one)},
        }
        for one in made
    ]  # fmt: skip
    if rows:
        fresh = insert(Rendition)
        newer = {name: fresh.excluded[name] for name in rows[0] if name != "id"}
        tx.connection.execute(fresh.on_conflict_do_update(index_elements=["id"], set_=newer), rows)
    for row in rows:
        tx.touch_local(Rendition, row["id"])
