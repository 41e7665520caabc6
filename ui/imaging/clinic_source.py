"""The clinic’s store as the source of the reading workspace: a patient’s studies, small copies, originals."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import time

from app.core.errors import ClinicError
from app.core.i18n import N_
from app.core.ids import PatientId
from app.imaging.queries import (
    Content,
    ImageLine,
    InstanceId,
    SeriesImages,
    StudyId,
    StudyImages,
    full_rendition,
    images_of,
    open_image,
    preview,
    sex_for_norms,
    thumbnail,
)
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.patients.queries import patient_banner
from ui.imaging.film_places import FilmPlace, film_places
from ui.patients.words import plain_name
from viewer.widgets import (
    Catalogue,
    ImageItem,
    SeriesItem,
    StudyItem,
    ViewerError,
    ViewKind,
    Whose,
    view_of,
)

THUMBNAIL_PX, PREVIEW_PX = 200, 800
"""The longest sides of the renditions that are kept (`app.imaging.renditions`)."""
REFUSED = N_("This image cannot be opened: {reason}")


class ClinicSource:
    """An `ImageSource` over the images of one patient. Every original that is read is noted in the access log."""

    def __init__(
        self, runner: Runner, actor: Actor, patient_id: PatientId, choices: str, keep: Callable[[str], None]
    ) -> None:
        self._runner, self._actor, self.patient_id = runner, actor, patient_id
        self._choices, self._keep = _read_choices(choices), keep
        self._key_images: frozenset[tuple[str, int]] = frozenset()
        self.studies: dict[str, StudyId] = {}
        """Our ids of the studies, by Study Instance UID."""
        self._places: Mapping[str, FilmPlace] = {}

    def catalogue(self) -> Catalogue:
        """The living images of the patient, newest study first."""
        try:
            banner = self._runner.ask(self._actor, patient_banner, self.patient_id)
            studies = self._runner.ask(self._actor, images_of, self.patient_id)
            sex = self._runner.ask(self._actor, sex_for_norms, self.patient_id)
            self._places = film_places(self._runner, self._actor, self.patient_id)
        except ClinicError as error:
            raise ViewerError(REFUSED, reason=str(error)) from None
        self.studies = {study.study_instance_uid: study.study_id for study in studies}
        whose = Whose(plain_name(banner), banner.file_number, banner.born_on, sex)
        found = (_study(study, self._places) for study in studies)
        return Catalogue(whose, tuple(study for study in found if study.images))

    def first_of(self, catalogue: Catalogue, study_id: str) -> str:
        """The key of an image of this study, to begin with; '' when it has none."""
        found = (s for s in catalogue.studies if self.studies.get(s.uid) == study_id)
        return next((image.key for study in found for image in study.images), "")

    def rendition(self, key: str, longest_px: int) -> bytes | None:
        """The largest small copy that is not larger than asked for; it is made when there is none yet.

        None for a film that lies turned in its mount: the copies that are kept are not turned that way.
        """
        if key in self._places and self._places[key].is_turned:
            return None
        make = thumbnail if longest_px < PREVIEW_PX else preview if longest_px == PREVIEW_PX else full_rendition
        try:
            return make(self._runner, self._actor, InstanceId(key))
        except ClinicError:
            return None

    def original(self, key: str, progress: Callable[[float], None]) -> bytes:
        """The image as DICOM, decrypted in memory; the opening is noted."""
        try:
            opened = open_image(self._runner, self._actor, InstanceId(key), progress)
        except ClinicError as error:
            raise ViewerError(REFUSED, reason=str(error)) from None
        progress(1.0)
        return opened.dicom

    def layout(self, situation: str) -> str:
        """The layout that this person kept for such a study."""
        return self._choices.get(situation, "")

    def keep_layout(self, situation: str, name: str) -> None:
        """Remember the person’s choice; an empty name forgets it."""
        if name:
            self._choices[situation] = name
        else:
            self._choices.pop(situation, None)
        self._keep(json.dumps(self._choices, sort_keys=True))

    def key_images(self) -> frozenset[tuple[str, int]]:
        """Those that are kept in the chart, as far as they have been read (`KeptMarks`)."""
        return self._key_images

    def keep_key_images(self, chosen: Sequence[tuple[str, int]]) -> None:
        """As the screen shows them now; they are written by a command."""
        self._key_images = frozenset(chosen)


def _study(study: StudyImages, places: Mapping[str, FilmPlace]) -> StudyItem:
    series = tuple(_series(one, places) for one in study.series)
    kept = tuple(one for one in series if one.images)
    return StudyItem(study.study_instance_uid, study.studied_on, study.description or "", series=kept)


def _series(series: SeriesImages, places: Mapping[str, FilmPlace]) -> SeriesItem:
    images = tuple(
        _item(image, series, places.get(image.instance_id)) for image in series.images if image.content is Content.IMAGE
    )
    return SeriesItem(series.series_instance_uid, series.modality, series.description or "", images)


def _item(image: ImageLine, series: SeriesImages, place: FilmPlace | None) -> ImageItem:
    """What the hanging protocols want to know. The view that somebody assigned goes before what descriptions say.

    The place of a film in a mount, where somebody laid it, goes before the teeth that the file states.
    """
    texts = [text for text in (image.view.value if image.view else "", series.description or "") if text]
    view = view_of(series.modality, series.body_part or "", image.view_position or "", texts, image.laterality or "")
    turns, mirrored = image.quarter_turns, image.mirrored
    if place is not None:
        view, (turns, mirrored) = place.view, place.upright(turns, mirrored)
    return ImageItem(
        key=image.instance_id,
        view=view,
        modality=series.modality,
        title=(series.description or "") if view in (ViewKind.OTHER, ViewKind.PHOTOGRAPH) else "",
        body_part=series.body_part or "",
        laterality=image.laterality or "",
        teeth=place.teeth if place is not None else tuple(map(int, (image.teeth or "").split())),
        rows=image.rows or 0,
        columns=image.columns or 0,
        frames=image.frames or 1,
        taken_on=image.acquired_on,
        taken_at=_clock(image.acquired_at_time),
        lossy=image.lossy,
        number=image.number,
        quarter_turns=turns,
        mirrored=mirrored,
        sop_instance_uid=image.sop_instance_uid,
    )


def _clock(written: str | None) -> time | None:
    """The time of day as it is kept (ISO 8601); nothing where the file stated none that can be read."""
    try:
        return time.fromisoformat(written) if written else None
    except ValueError:
        return None


def _read_choices(kept: str) -> dict[str, str]:
    try:
        found = json.loads(kept or "{}")
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}
