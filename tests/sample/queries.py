"""Queries of the sample slice."""

from dataclasses import dataclass

from sqlalchemy import select

from app.journal.commands import query
from app.journal.queries import Reading
from tests.sample.model import OwnerLine
from tests.sample.permissions import READ_OWNERS


@dataclass(frozen=True, slots=True)
class Line:
    id: str
    line: str
    visits: int


@query(permission=READ_OWNERS, label="Sample owners")
def sample_owners(read: Reading) -> tuple[Line, ...]:
    """Every owner with the number of visits."""
    rows = read.execute(select(OwnerLine.id, OwnerLine.line, OwnerLine.visits).order_by(OwnerLine.line))
    return tuple(Line(*row) for row in rows)
