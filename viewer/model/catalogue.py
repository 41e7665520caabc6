"""What there is to look at: a patient, the studies, the series, the images. Plain values, given by a source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from viewer.model.views import ViewKind


@dataclass(frozen=True, slots=True)
class ImageItem:
    """One image. `key` is the source's own name for it; an unknown fact is '' or None."""

    key: str
    view: ViewKind = ViewKind.OTHER
    modality: str = ""
    title: str = ""
    """What the image is, in the user's language; '' lets the viewer name it by its view."""
    body_part: str = ""
    laterality: str = ""
    teeth: tuple[int, ...] = ()
    """FDI numbers (ISO 3950) of the teeth that it was taken for."""
    rows: int = 0
    columns: int = 0
    frames: int = 1
    taken_on: date | None = None
    taken_at: time | None = None
    lossy: bool = False
    number: int | None = None
    quarter_turns: int = 0
    """Quarters clockwise by which the source wants it shown, after `mirrored`."""
    mirrored: bool = False
    """Shown mirrored left to right: the source says so, or the photograph was taken in a mirror."""
    has_pixels: bool = True
    sop_class_uid: str = ""
    sop_instance_uid: str = ""


@dataclass(frozen=True, slots=True)
class SeriesItem:
    """A series with its images in the order of their numbers."""

    uid: str
    modality: str = ""
    title: str = ""
    images: tuple[ImageItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Whose:
    """The patient, as the banner of every tile names them."""

    name: str = ""
    identifier: str = ""
    birth_date: date | None = None
    sex: str = ""
    """'M', 'F', or '' (Patient's Sex, PS3.3 §C.2.2): some norms are by sex."""


@dataclass(frozen=True, slots=True)
class StudyItem:
    """A study. `stage` is T0, T1, T2… of the treatment, or '' when nobody said."""

    uid: str
    day: date | None = None
    title: str = ""
    stage: str = ""
    series: tuple[SeriesItem, ...] = ()
    whose: Whose | None = None
    """Set where a source may hold the images of several people; None when all are the catalogue's patient's."""

    @property
    def images(self) -> tuple[ImageItem, ...]:
        return tuple(image for series in self.series for image in series.images)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All images of one patient that a source offers; studies newest first, those without a date last."""

    whose: Whose = Whose()
    studies: tuple[StudyItem, ...] = ()

    def images(self) -> Iterator[tuple[StudyItem, ImageItem]]:
        """Every image with its study, newest study first."""
        for study in self.studies:
            for image in study.images:
                yield study, image

    def find(self, key: str) -> tuple[StudyItem, ImageItem] | None:
        """The image of that key with its study."""
        return next((pair for pair in self.images() if pair[1].key == key), None)

    def series_of(self, key: str) -> SeriesItem | None:
        """The series that holds the image."""
        every = (series for study in self.studies for series in study.series)
        return next((series for series in every if any(image.key == key for image in series.images)), None)

    def priors(self, study_uid: str) -> tuple[StudyItem, ...]:
        """The studies older than this one, newest first; those without a date are nobody's prior."""
        current = next((study for study in self.studies if study.uid == study_uid), None)
        if current is None or current.day is None:
            return ()
        own = self.of_one(study_uid)
        return tuple(study for study in own if study.day is not None and study.day < current.day)

    def of_one(self, study_uid: str) -> tuple[StudyItem, ...]:
        """The studies of the person whose this study is: nobody's image is hung beside another's by rule."""
        whose = next((study.whose for study in self.studies if study.uid == study_uid), None)
        return tuple(study for study in self.studies if study.whose == whose)

    def whose_is(self, study: StudyItem | None) -> Whose:
        """The person to name over an image of this study."""
        return study.whose if study is not None and study.whose is not None else self.whose
