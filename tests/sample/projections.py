"""Projection of the sample slice."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import func, select

from app.journal.projections import projection
from app.journal.queries import Reading
from tests.sample.model import Owner, OwnerLine, Visit


@projection(target=OwnerLine, of=(Owner, Visit))
def owner_lines(read: Reading, keys: Collection[str] | None) -> Iterable[dict[str, Any]]:
    visits = select(func.count()).where(Visit.owner_id == Owner.id).scalar_subquery()
    statement = select(Owner.id, Owner.name, Owner.phone, visits.label("visits")).where(Owner.withdrawn_at.is_(None))
    if keys is not None:
        statement = statement.where(Owner.id.in_(keys))
    for row in read.execute(statement):
        yield {"id": row.id, "line": f"{row.name} {row.phone or ''}".strip(), "visits": row.visits}
