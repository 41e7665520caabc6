"""Who stands behind a report: the person who drew it or, where nobody is signed in, this program."""

from __future__ import annotations

from pydicom.dataset import Dataset

from viewer.io.documents import Authorship, code

OBSERVER_TYPE = ("121005", "DCM", "Observer Type")
PROGRAM_UID = "2.25.225118606913264917720364415243927811602"
"""The program as an observer: the same in every document."""


def observers(by: Authorship) -> list[Dataset]:
    """The observer context (PS3.16 TID 1002): a person has a name, which may not be empty; a device has a UID."""
    kind = _item("CODE", OBSERVER_TYPE)
    if by.creator.strip():
        kind.ConceptCodeSequence = [code("121006", "DCM", "Person")]
        named = _item("PNAME", ("121008", "DCM", "Person Observer Name"))
        named.PersonName = by.creator
    else:
        kind.ConceptCodeSequence = [code("121007", "DCM", "Device")]
        named = _item("UIDREF", ("121012", "DCM", "Device Observer UID"))
        named.UID = PROGRAM_UID
    return [kind, named]


def _item(value_type: str, concept: tuple[str, str, str]) -> Dataset:
    item = Dataset()
    item.RelationshipType, item.ValueType = "HAS OBS CONTEXT", value_type
    item.ConceptNameCodeSequence = [code(*concept)]
    return item
