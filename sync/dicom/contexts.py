"""Which services and transfer syntaxes a device is offered, by what it may do (PS3.7 §D, PS3.8 §7.1.1.13).

Contexts are made of what the peer proposes: to declare every storage class with every transfer syntax costs a tenth of
a second for each association.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from pynetdicom import build_context
from pynetdicom.presentation import PresentationContext
from pynetdicom.service_class import StorageServiceClass
from pynetdicom.sop_class import uid_to_service_class

from app.gateway.vocabulary import PeerRight

EXPLICIT_LITTLE: Final = "1.2.840.10008.1.2.1"
IMPLICIT_LITTLE: Final = "1.2.840.10008.1.2"
PLAIN: Final = (EXPLICIT_LITTLE, IMPLICIT_LITTLE, "1.2.840.10008.1.2.2")
STORED: Final = (
    EXPLICIT_LITTLE,
    IMPLICIT_LITTLE,
    "1.2.840.10008.1.2.2",  # Explicit VR Big Endian
    "1.2.840.10008.1.2.1.99",  # Deflated
    "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51",  # JPEG baseline, extended
    "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70",  # JPEG lossless
    "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81",  # JPEG-LS
    "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91",  # JPEG 2000
    "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203",  # HTJ2K
    "1.2.840.10008.1.2.5",  # RLE
)  # fmt: skip
"""What is kept as it comes."""
VERIFICATION: Final = "1.2.840.10008.1.1"
WORKLIST: Final = "1.2.840.10008.5.1.4.31"
PERFORMED_STEP: Final = "1.2.840.10008.3.1.2.3.3"
COMMITMENT: Final = "1.2.840.10008.1.20.1"
PATIENT_ROOT_FIND, PATIENT_ROOT_MOVE, PATIENT_ROOT_GET = (f"1.2.840.10008.5.1.4.1.2.1.{n}" for n in (1, 2, 3))
STUDY_ROOT_FIND, STUDY_ROOT_MOVE, STUDY_ROOT_GET = (f"1.2.840.10008.5.1.4.1.2.2.{n}" for n in (1, 2, 3))
RIGHTS: Final[dict[str, PeerRight]] = {
    VERIFICATION: PeerRight.ECHO,
    WORKLIST: PeerRight.WORKLIST,
    PERFORMED_STEP: PeerRight.STEP,
    COMMITMENT: PeerRight.COMMIT,
    PATIENT_ROOT_FIND: PeerRight.FIND,
    STUDY_ROOT_FIND: PeerRight.FIND,
    PATIENT_ROOT_MOVE: PeerRight.RETRIEVE,
    STUDY_ROOT_MOVE: PeerRight.RETRIEVE,
    PATIENT_ROOT_GET: PeerRight.RETRIEVE,
    STUDY_ROOT_GET: PeerRight.RETRIEVE,
}


def is_storage(abstract_syntax: str) -> bool:
    """Whether it is a class of objects to be stored, of the standard's own (PS3.4 §B.5)."""
    return uid_to_service_class(abstract_syntax) is StorageServiceClass


def offered(proposed: Iterable[PresentationContext], rights: Collection[PeerRight]) -> list[PresentationContext]:
    """The contexts that a device of these rights is given, of those that it proposes."""
    wanted: dict[str, list[str]] = {}
    for context in proposed:
        allowed = _allowed(str(context.abstract_syntax), rights)
        syntaxes = wanted.setdefault(str(context.abstract_syntax), [])
        syntaxes += [str(item) for item in context.transfer_syntax if item in allowed and item not in syntaxes]
    made = []
    for abstract_syntax, syntaxes in wanted.items():
        if not syntaxes:
            continue
        context = build_context(abstract_syntax, syntaxes)
        if is_storage(abstract_syntax):  # a C-GET comes back over the same association (PS3.4 §C.5.3)
            context.scu_role = PeerRight.STORE in rights
            context.scp_role = PeerRight.RETRIEVE in rights
        elif abstract_syntax == COMMITMENT:  # an archive that reports is its provider, although it calls (PS3.4 §J.3.3)
            context.scu_role, context.scp_role = False, True
        made.append(context)
    return made


def _allowed(abstract_syntax: str, rights: Collection[PeerRight]) -> tuple[str, ...]:
    if is_storage(abstract_syntax):
        return STORED if {PeerRight.STORE, PeerRight.RETRIEVE} & set(rights) else ()
    right = RIGHTS.get(abstract_syntax)
    return PLAIN if right is not None and right in rights else ()
