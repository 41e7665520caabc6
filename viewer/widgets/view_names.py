"""The names of the kinds of view, as English messages."""

from __future__ import annotations

from viewer.errors import N_
from viewer.model.catalogue import ImageItem, StudyItem
from viewer.model.views import ViewKind
from viewer.widgets.texts import TileTexts

VIEW_NAMES = {
    ViewKind.PANORAMIC: N_("Panoramic"),
    ViewKind.LATERAL_CEPH: N_("Lateral cephalogram"),
    ViewKind.FRONTAL_CEPH: N_("Frontal cephalogram"),
    ViewKind.BITEWING: N_("Bitewing"),
    ViewKind.PERIAPICAL: N_("Periapical"),
    ViewKind.OCCLUSAL_FILM: N_("Occlusal film"),
    ViewKind.HAND_WRIST: N_("Hand and wrist"),
    ViewKind.VOLUME: N_("Volume"),
    ViewKind.FACE_FRONT: N_("Face"),
    ViewKind.FACE_SMILE: N_("Smile"),
    ViewKind.FACE_OBLIQUE: N_("Three-quarter face"),
    ViewKind.PROFILE_RIGHT: N_("Right profile"),
    ViewKind.PROFILE_LEFT: N_("Left profile"),
    ViewKind.TEETH_FRONT: N_("Front"),
    ViewKind.BUCCAL_RIGHT: N_("Right buccal"),
    ViewKind.BUCCAL_LEFT: N_("Left buccal"),
    ViewKind.UPPER_OCCLUSAL: N_("Upper occlusal"),
    ViewKind.LOWER_OCCLUSAL: N_("Lower occlusal"),
    ViewKind.OVERJET: N_("Overjet"),
    ViewKind.PHOTOGRAPH: N_("Photograph"),
    ViewKind.OTHER: N_("Image"),
}
NO_DATE = N_("Date unknown")
FRAMES = N_("{count} images")
TEETH = N_("teeth {numbers}")
PHOTO = N_("photograph")


def image_name(item: ImageItem, texts: TileTexts) -> str:
    """What the image is: the source's own words, else the name of its view."""
    return item.title or texts.say(VIEW_NAMES[item.view])


def image_facts(item: ImageItem, texts: TileTexts) -> str:
    """A second line: teeth, number of frames, modality."""
    found = [texts.say(TEETH, numbers=", ".join(map(str, item.teeth)))] if item.teeth else []
    if item.frames > 1:
        found.append(texts.say(FRAMES, count=item.frames))
    found.append(texts.say(PHOTO) if item.modality in ("XC", "GM", "ES") else item.modality)
    return " · ".join(filter(None, found))


def study_name(study: StudyItem, texts: TileTexts) -> str:
    """The head of a study in a list: its day, its stage or its description."""
    day = texts.day(study.day) if study.day else texts.say(NO_DATE)
    return " · ".join(filter(None, (day, study.stage or study.title)))
