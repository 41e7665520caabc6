"""Which kinds of visit are held in which kinds of room."""

from __future__ import annotations

from app.practice.vocabulary import OperatoryKind


def suits(kind: OperatoryKind, wanted: OperatoryKind) -> bool:
    """Whether a room is offered: an exam or a talk at a chair too; other visits need their kind of place."""
    return kind is wanted or (wanted is OperatoryKind.CONSULTATION and kind is OperatoryKind.CHAIR)


def may_stand(kind: OperatoryKind, wanted: OperatoryKind) -> bool:
    """Whether a visit stands there without a word: the emergency column takes whatever is fitted in on the day."""
    return suits(kind, wanted) or kind is OperatoryKind.EMERGENCY
