"""States of the clinic’s own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.core.i18n import N_
from app.journal.commands import query
from app.journal.queries import Reading
from app.orchestration.model import OwnState
from app.orchestration.permissions import SEE_DAY
from app.orchestration.vocabulary import OwnStateId
from app.scheduling.vocabulary import Stage


@dataclass(frozen=True, slots=True)
class OwnStateLine:
    """A state of the clinic’s own; `renames` the stage, or stands within it."""

    id: OwnStateId
    stage: Stage
    renames: bool
    name_fr: str
    name_en: str
    colour: Stage


@query(permission=SEE_DAY, label=N_("Own states of visits"))
def own_states(read: Reading) -> tuple[OwnStateLine, ...]:
    """What stages are called here, then the finer states, in the order of the stages."""
    columns = [getattr(OwnState, name) for name in OwnStateLine.__dataclass_fields__]
    rows: Iterable[Any] = read.execute(select(*columns).where(OwnState.withdrawn_at.is_(None)))
    order = list(Stage)
    lines = [OwnStateLine(*row) for row in rows]
    return tuple(sorted(lines, key=lambda line: (order.index(line.stage), not line.renames, line.name_fr, line.id)))
