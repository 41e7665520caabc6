"""The practices that this server holds: one folder, one database, one writer for each, found by `practice_id`.

`PracticeStore` is the door behind which another kind of store (PostgreSQL) may stand one day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

import sync.server.model  # noqa: F401 - registers the server's tables before a folder is opened
from app.access.authority import StaffAuthority
from app.access.history import RightsThen
from app.archives.server_folder import PRACTICES_FOLDER, practices_of
from app.core.errors import NotFound
from app.core.i18n import N_
from app.journal.changes import ChangeSet
from app.journal.operations import set_state, state
from app.journal.queries import SYSTEM, Reading
from app.journal.runner import Step
from app.journal.workplace import Workplace, create_folder, exists, open_workplace
from sync.protocol.enrolment import Enrol
from sync.protocol.messages import Hello, HelloReply, Operation, Page, Pull, Push, PushReply
from sync.protocol.packing import run_of
from sync.server.authorisation import refusal
from sync.server.copies import Copies
from sync.server.devices import Devices
from sync.server.enrolment import REVOCATIONS, follow_revocations, let_in
from sync.server.files import PracticeFiles
from sync.server.group_commit import PushQueue
from sync.server.passwords import Passwords
from sync.server.pokes import Pokes
from sync.server.standing import founder_of, head_of
from sync.server.store import ServerStore
from sync.server.tail import Tail

WAITING_PUSHES: Final = 256
"""More than these are told to come back: a queue that grows helps nobody."""


class PracticeStore(Protocol):
    """What answers for one practice. Every method may be called from any thread."""

    def hello(self, hello: Hello) -> HelloReply:
        """Where a workstation stands."""

    def push_all(self, pushes: Sequence[Push]) -> list[PushReply | Exception]:
        """Take in several pushes by one commit; each has its own answer, or the error that took only it back."""

    def pull(self, pull: Pull) -> Page:
        """What comes after a cursor."""

    def head(self) -> int:
        """The newest sequence."""


class Practice:
    """One open practice."""

    def __init__(self, practice_id: str, workplace: Workplace) -> None:
        self.id = practice_id
        self.workplace = workplace
        self.store = ServerStore(workplace.runner, _Judge())
        self.devices = Devices(workplace.runner, practice_id)
        self.pokes = Pokes()
        self.pushes = PushQueue(self.store, WAITING_PUSHES)
        self.epoch = self.store.ensure_epoch()
        self.tail = Tail()
        self.tail.begin(self.store.head())
        self.copies = Copies(workplace)
        self.files = PracticeFiles(workplace.runner)
        self.passwords = Passwords(workplace.runner)
        follow_revocations(workplace.runner)
        self._stop = workplace.runner.subscribe(self._committed)

    def _committed(self, changes: ChangeSet) -> None:
        if changes.touches({REVOCATIONS}) and follow_revocations(self.workplace.runner):
            self.devices.forget()
        with self.workplace.runner.read(SYSTEM) as read:
            run = run_of(read)
            head = head_of(run)
            self.tail.follow(run, head)
        self.pokes.tell(head)

    def page(self, pull: Pull, now: int) -> bytes | None:
        """A page of the newest operations, encoded; None when it has to be read."""
        return self.tail.page(pull, self.epoch, now)

    def enrol(self, device: str, name: str, public_key: str, opening_key: str = "") -> None:
        """Let a device in without a code. Both keys are in base 64."""
        let_in(self.workplace.runner, Enrol("", device, public_key, opening_key, name))
        self.devices.forget()

    def revoke(self, device: str) -> None:
        """Shut a device out, at once."""
        self.store.revoke(device)
        self.devices.forget()

    def close(self) -> None:
        """End the streams, the writer and the database."""
        self._stop()
        self.copies.close()
        self.pokes.close()
        self.workplace.close()


class PracticeStores:
    """Every practice under a server's folder. Opened once, at the start; closed at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: dict[str, Practice] = {}

    def open_all(self) -> PracticeStores:
        """Open every practice that has a folder."""
        for place in practices_of(self.folder):
            self._take(place)
        return self

    def create(self, practice_id: str, kind: str = "clinic") -> Practice:
        """Make an empty practice that workstations of this id may join; one that is there already is given back."""
        if practice_id in self._open:
            return self._open[practice_id]
        place = self.folder / PRACTICES_FOLDER / practice_id
        if not exists(place):
            create_folder(place, kind)
            with open_workplace(place, authority=StaffAuthority()) as made:
                made.runner.transact(lambda step: _named(step, practice_id))
        return self._take(place)

    def _take(self, place: Path) -> Practice:
        workplace = open_workplace(place, authority=StaffAuthority())
        with workplace.runner.read(SYSTEM) as read:
            practice_id = state(run_of(read), "practice") or ""
        self._open[practice_id] = Practice(practice_id, workplace)
        return self._open[practice_id]

    def find(self, practice_id: str) -> Practice | None:
        """A practice, None when it is not here."""
        return self._open.get(practice_id)

    def get(self, practice_id: str) -> Practice:
        """A practice; `NotFound` when it is not here."""
        found = self.find(practice_id)
        if found is None:
            raise NotFound(N_("practice"), practice_id)
        return found

    def __iter__(self) -> Iterator[Practice]:
        return iter(tuple(self._open.values()))

    def close(self) -> None:
        """Close all of them."""
        for practice in self:
            practice.close()
        self._open.clear()

    def __enter__(self) -> PracticeStores:
        return self.open_all()

    def __exit__(self, *error: object) -> None:
        self.close()


class _Judge:
    """Why an operation is refused; what was done before there was a server was authorised then."""

    def __init__(self) -> None:
        self._rights = RightsThen()
        self._reading: Reading | None = None
        self._founder: tuple[str | None, int] = None, 0

    def __call__(self, read: Reading, operation: Operation) -> str:
        if read is not self._reading:
            self._reading, self._founder = read, founder_of(read)
        device, until = self._founder
        if operation.device == device and operation.number <= until:
            return ""
        return refusal(read, operation, self._rights.actor)


def _named(step: Step, practice_id: str) -> ChangeSet:
    set_state(step.raw, "practice", practice_id)
    step.wrote = True
    return ChangeSet()
