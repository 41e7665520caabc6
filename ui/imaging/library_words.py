"""How an image and a study are written in lists."""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_, _
from app.imaging.queries import LIBRARY_KIND_LABELS, VIEWS, LibraryImage, LibraryStudy, ReadingState
from ui.imaging.thumbnail import MODALITIES
from ui.shell.formats import day, number

READING_MARKS: Final = {
    ReadingState.UNREAD: ("eye", "accent"),
    ReadingState.NEW_IMAGES: ("bell", "accent"),
    ReadingState.READ: ("check-circle", "muted"),
    ReadingState.NOT_NEEDED: ("minus", "faint"),
}
NOBODY: Final = N_("No patient")


def what(line: LibraryImage) -> str:
    """What an image is: its view, else its description, else its kind."""
    if line.image.view is not None:
        return _(VIEWS[line.image.view].name)
    return line.description or _(MODALITIES.get(line.modality, LIBRARY_KIND_LABELS[line.kind]))


def whose(line: LibraryImage | LibraryStudy) -> str:
    """The patient of the chart; without one, the name that came with the files, said to be that."""
    if line.patient_name is not None:
        return line.patient_name
    said = received_name(line.received_name)
    return _(N_("“{name}”, without a chart"), name=said) if said else _(NOBODY)


def received_name(raw: str | None) -> str:
    """A DICOM person name (PS3.5 §6.2.1.2) as people write it: family name, given name."""
    family, _caret, given = (raw or "").split("=")[0].partition("^")
    return ", ".join(part for part in (family.strip(), given.replace("^", " ").strip()) if part)


def taken_on(line: LibraryImage | LibraryStudy) -> str:
    """The day of the study."""
    return day(line.studied_on, short=True) if line.studied_on else _(N_("Date unknown"))


def counts_of(study: LibraryStudy) -> str:
    """`2 radiographies · 5 photos`, by kind."""
    return " · ".join(
        _(N_("{kind}: {count}"), kind=_(LIBRARY_KIND_LABELS[kind]), count=number(count))
        for kind, count in study.counts.items()
    )


def spoken(line: LibraryImage) -> str:
    """All of it, for a screen reader."""
    parts = [what(line), whose(line), taken_on(line)]
    if line.in_series > 1:
        parts.append(_(N_("{count} images"), count=number(line.in_series)))
    if line.reading in (ReadingState.UNREAD, ReadingState.NEW_IMAGES):
        parts.append(_(N_("To be read")))
    return ", ".join(part for part in parts if part)
