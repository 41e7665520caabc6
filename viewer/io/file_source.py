"""DICOM files and folders as a source of images, for the viewer that stands alone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydicom.dataset import Dataset

from viewer.errors import ViewerError
from viewer.model.catalogue import Catalogue, ImageItem, SeriesItem, StudyItem, Whose
from viewer.model.sources import Progress
from viewer.model.teeth import teeth_of
from viewer.model.views import ViewKind, is_mirror_image, view_of
from viewer.pixels import attributes as at
from viewer.pixels.header import Header, summarise
from viewer.pixels.reading import parse

MOST_FILES = 20_000
MIRROR_UNCORRECTED = "789135000"
"""SNOMED CT: mirrored view, not corrected."""
_TEXTS = ("ImageComments", "SeriesDescription", "ProtocolName", "AcquisitionDeviceProcessingDescription")


@dataclass
class _Found:
    """A study as it is gathered: its first header, whose it is, and its series."""

    header: Header | None
    whose: Whose
    series: dict[str, list[tuple[Header | None, ImageItem]]] = field(default_factory=dict)


class FileSource:
    """An `ImageSource` over files. The layouts that a user kept stand in a small JSON file, when one is named."""

    def __init__(self, paths: Iterable[Path], choices: Path | None = None) -> None:
        self._paths = list(paths)
        self._choices_file = choices
        self._choices: dict[str, str] = _read_choices(choices)
        self._key_images: frozenset[tuple[str, int]] = frozenset()

    def catalogue(self) -> Catalogue:
        """Every file, damaged ones too: their tile says what is wrong. Each study says whose it is."""
        studies: dict[tuple[str, Whose], _Found] = {}
        for path in _files(self._paths):
            header, item = _read_item(path)
            if header is not None and not header.has_pixels:
                continue
            whose = _whose(header)
            study = studies.setdefault((header.study_instance_uid if header else "", whose), _Found(header, whose))
            study.series.setdefault(header.series_instance_uid if header else str(path), []).append((header, item))
        uids = Counter(uid for uid, _whose in studies)
        # One study UID under two names is two people's, whatever wrote it: they are told apart by name.
        found = [
            _study(uid if uids[uid] == 1 else f"{uid}|{whose.identifier}|{whose.name}", study)
            for (uid, whose), study in studies.items()
        ]
        found.sort(key=lambda study: (study.day is not None, study.day or 0, study.uid), reverse=True)
        named = next((study.whose for study in found if study.whose is not None and study.whose != Whose()), Whose())
        return Catalogue(named, tuple(found))

    def rendition(self, key: str, longest_px: int) -> bytes | None:
        """Files have no small copies."""
        return None

    def original(self, key: str, progress: Progress) -> Path | bytes:
        """The file itself."""
        return Path(key)

    def layout(self, situation: str) -> str:
        """The layout that was kept."""
        return self._choices.get(situation, "")

    def keep_layout(self, situation: str, name: str) -> None:
        """Keep it, in the file of choices when there is one."""
        self._choices[situation] = name
        if self._choices_file is not None:
            self._choices_file.parent.mkdir(parents=True, exist_ok=True)
            self._choices_file.write_text(json.dumps(self._choices, indent=1), encoding="utf-8")

    def key_images(self) -> frozenset[tuple[str, int]]:
        """Those of this session."""
        return self._key_images

    def keep_key_images(self, chosen: Sequence[tuple[str, int]]) -> None:
        """For this session; a key object selection keeps them for good."""
        self._key_images = frozenset(chosen)


def image_item(ds: Dataset, header: Header, key: str) -> ImageItem:
    """What a header says about an image, as the hanging protocols want to know it."""
    texts = [at.text(ds, keyword) for keyword in _TEXTS]
    texts += [at.text(code, "CodeMeaning") for code in at.items(ds, "ViewCodeSequence")]
    texts = [text for text in texts if text]
    view = view_of(header.modality, header.body_part, header.view_position, texts, header.laterality)
    return ImageItem(
        key=key,
        view=view,
        modality=header.modality,
        title=header.series_description if view in (ViewKind.OTHER, ViewKind.PHOTOGRAPH) else "",
        body_part=header.body_part,
        laterality=header.laterality,
        teeth=teeth_of(ds),
        rows=header.rows or 0,
        columns=header.columns or 0,
        frames=header.number_of_frames,
        taken_on=header.acquisition_date or header.study_date,
        taken_at=header.acquisition_time,
        lossy=header.lossy,
        number=header.instance_number,
        mirrored=is_mirror_image(" ".join(texts)) or _says_mirror(ds),
        sop_class_uid=header.sop_class_uid,
        sop_instance_uid=header.sop_instance_uid,
    )


def _says_mirror(ds: Dataset) -> bool:
    """Whether the View Modifier Code Sequence says that a mirror was used and not corrected (DICOM CP-1570)."""
    modifiers = (
        item for view in at.items(ds, "ViewCodeSequence") for item in at.items(view, "ViewModifierCodeSequence")
    )
    return any(at.text(item, "CodeValue") == MIRROR_UNCORRECTED for item in modifiers)


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    count = 0
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if not file.is_file() or file.name.upper() == "DICOMDIR":
                continue
            count += 1
            if count > MOST_FILES:
                return
            yield file


def _read_item(path: Path) -> tuple[Header | None, ImageItem]:
    try:
        parsed = parse(path)
        parsed.stream.close()
        header = summarise(parsed)
        return header, image_item(parsed.ds, header, str(path))
    except ViewerError:
        return None, ImageItem(str(path), title=path.name)
    except Exception:
        # The header of a hostile file may hold values that break anything; its tile will say what is wrong.
        return None, ImageItem(str(path), title=path.name)


def _whose(header: Header | None) -> Whose:
    """The person as a header names them; nobody where it cannot be read."""
    if header is None:
        return Whose()
    name = " ".join(header.patient_name.split("=")[0].replace("^", " ").split())
    return Whose(name, header.patient_id, header.patient_birth_date, header.patient_sex)


def _study(uid: str, found: _Found) -> StudyItem:
    ordered = []
    for series_uid, rows in found.series.items():
        first = rows[0][0]
        images = sorted((item for _header, item in rows), key=lambda item: (item.number is None, item.number or 0))
        title = first.series_description if first else ""
        ordered.append((_order(first), SeriesItem(series_uid, first.modality if first else "", title, tuple(images))))
    series = tuple(item for _order_of, item in sorted(ordered, key=lambda row: row[0]))
    header = found.header
    day, title = (header.study_date, header.study_description) if header else (None, "")
    return StudyItem(uid, day, title, series=series, whose=found.whose)


def _order(header: Header | None) -> tuple[bool, int, str]:
    number = header.series_number if header else None
    return number is None, number or 0, header.series_instance_uid if header else ""


def _read_choices(path: Path | None) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8")) if path is not None else {}
        return {str(name): str(value) for name, value in found.items()}
    except (OSError, ValueError, AttributeError):
        return {}
