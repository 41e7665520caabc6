"""What was chosen last for each document at this workstation: printer, paper, labels, sides."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import msgspec


@dataclass(frozen=True, slots=True)
class Chosen:
    """The last choices for one document; empty parts take the default."""

    printer: str = ""
    paper: str = ""
    sheet: str = ""
    duplex: str = "one"


def chosen_for(kept: str, document: str) -> Chosen:
    """The choices for a document out of the setting; none from what cannot be read."""
    try:
        return msgspec.convert(_read(kept).get(document, {}), Chosen)
    except msgspec.ValidationError:
        return Chosen()


def with_choice(kept: str, document: str, chosen: Chosen) -> str:
    """The setting with other choices for one document."""
    return msgspec.json.encode(_read(kept) | {document: asdict(chosen)}, order="sorted").decode()


def _read(kept: str) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(kept or "{}")
    except msgspec.DecodeError:
        return {}
    return found if isinstance(found, dict) else {}
