"""De-identified copies of a file or of a whole folder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from viewer.errors import N_, ViewerError
from viewer.io.confidentiality import Option
from viewer.io.deidentification import Plan, deidentify
from viewer.io.masking import Rectangle
from viewer.io.pseudonyms import Pseudonyms
from viewer.pixels.errors import NotDicom


class ExportError(ViewerError):
    """An export that cannot begin."""

    message_id = N_("The copy must not replace the original.")


@dataclass(frozen=True)
class Outcome:
    """How many files were written, refused, or no DICOM at all; `sentences` name files by their place in the list."""

    written: int
    refused: int
    ignored: int
    sentences: tuple[str, ...]


def plan_of(masks: Iterable[tuple[int, int, int, int]], retain: Sequence[str], subject: str, inspected: bool) -> Plan:
    """A plan from words such as `full-dates`, `modified-dates`, `uids`. Raises ExportError for an unknown one."""
    known = {option.name.removeprefix("RETAIN_").lower().replace("_", "-"): option for option in Option}
    known.pop("clean-pixels")
    for word in retain:
        if word not in known:
            raise ExportError(N_("This option is not known: {name}"), name=word[:40])
    if {"full-dates", "modified-dates"} <= set(retain):
        raise ExportError(N_("Dates are either kept or shifted, not both."))
    return Plan(frozenset(known[word] for word in retain), tuple(Rectangle(*m) for m in masks), subject, inspected)


def key_file() -> Path:
    """Where the key of this user's exports is kept."""
    from platformdirs import user_config_path

    return user_config_path("archwire-viewer", appauthor=False) / "pseudonyms.key"


def deidentify_all(source: Path, target: Path, plan: Plan, key: str | None = None) -> Outcome:
    """Copy a file to a file, or every DICOM file under a folder into another folder under its new UID.

    One bad file stops no other. Raises ExportError, or the refusal itself for a single file.
    """
    pseudonyms = _pseudonyms(key)
    if target.resolve() == source.resolve() or (source.is_dir() and source.resolve() in target.resolve().parents):
        raise ExportError
    if source.is_dir():
        return _folder(source, target, plan, pseudonyms)
    copy = deidentify(source, pseudonyms, plan)
    _write(target / f"{copy.sop_instance_uid}.dcm" if target.is_dir() else target, copy.data)
    return Outcome(1, 0, 0, copy.warnings)


def _pseudonyms(key: str | None) -> Pseudonyms:
    """From a kept key, or from a new one. A short key could be tried out, and old and new UIDs joined again."""
    if key is None:
        return Pseudonyms()
    try:
        secret = bytes.fromhex(key)
    except ValueError:
        secret = b""
    if len(secret) < 16:
        raise ExportError(N_("A key has at least 32 hexadecimal digits."))
    return Pseudonyms(secret)


def _folder(source: Path, target: Path, plan: Plan, pseudonyms: Pseudonyms) -> Outcome:
    refused = ignored = 0
    written: set[str] = set()
    sentences: list[str] = []
    for number, path in enumerate(sorted(p for p in source.rglob("*") if p.is_file()), 1):
        try:
            copy = deidentify(path, pseudonyms, plan)
        except NotDicom:
            ignored += 1
            continue
        except ViewerError as refusal:
            # File names may hold names of people: the place in the sorted list is enough to find the file.
            refused += 1
            sentences.append(f"{number}: {refusal}")
            continue
        name = copy.sop_instance_uid or str(number)
        # Two files of one UID, such as one image in two compressions: the second must not replace the first.
        name = f"{name}-{number}" if name in written else name
        _write(target / f"{name}.dcm", copy.data)
        written.add(name)
        sentences += [f"{number}: {warning}" for warning in copy.warnings]
    return Outcome(len(written), refused, ignored, tuple(sentences))


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
