"""What this workstation took in goes to its server: small copies first, then the files, until each is confirmed.

Which files wait is found on the disk and in the tables, never in a list of its own that could be lost: every sealed
file that is here, that a captured row names and that the server has not confirmed.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec

from app.core.clock import to_millis
from app.core.errors import IntegrityFailure, NotFound
from app.journal.changes import ChangeSet
from app.journal.copies import file_columns, shared_files
from app.journal.queries import SYSTEM
from app.journal.runner import Runner, Step
from sync.client.channel import Answer, Channel, Unanswered
from sync.protocol.files import MOST_NAMES, PIECE, RENDITION, Asked, FileStanding, SmallCopyHead, Standings
from sync.protocol.packing import run_of

KEPT_DAYS: Final = 30
"""What was taken in here is not given up for so long, though the server holds it: a server that was put back to a
backup of yesterday, or of last week, gets it from here once more."""
SMALL_KINDS: Final = ("thumbnail", "preview")
_RENDITIONS: Final = (
    "SELECT r.kind, r.sha256, r.quarter_turns, r.mirrored, r.media_type, r.width, r.height, r.instance_id"
    " FROM rendition r JOIN instance i ON i.id = r.instance_id"
    " WHERE i.sha256 IN (SELECT value FROM json_each(?)) OR i.dicom_sha256 IN (SELECT value FROM json_each(?))"
)


class Refusal(Exception):
    """The server does not take a file now; its row may be on the way."""


class Sender:
    """Used by one thread."""

    def __init__(self, runner: Runner, practice: str) -> None:
        self._runner = runner
        self._base = f"/v1/practices/{practice}"
        self._small_sent: set[tuple[str, str]] = set()

    # -- what waits -------------------------------------------------------------------------------------------------
    def waiting(self) -> list[str]:
        """The files that the server has not confirmed, those that came first in front."""
        files = self._runner.files
        here = set(files.names())
        with self._runner.read(SYSTEM) as read:
            run = run_of(read)
            confirmed = {row[0] for row in run.execute("SELECT id FROM sealed_copy WHERE confirmed_at IS NOT NULL")}
            found = here & shared_files(run) - confirmed
        return sorted(found, key=lambda name: (files.used_at(name), name))

    def among(self, changes: ChangeSet) -> list[str]:
        """The files named by rows that have just changed, as far as they wait."""
        columns = [(table, column) for table, column in file_columns() if changes.touches({table})]
        found: list[str] = []
        with self._runner.read(SYSTEM) as read:
            run = run_of(read)
            for table, column in columns:
                found += _named(run, table, column, changes.ids(table))
        return [name for name in dict.fromkeys(found) if self._runner.files.exists(name)]

    def unconfirmed(self, names: Iterable[str]) -> list[str]:
        """Those of these files that are here and that the server has (no longer) confirmed."""
        with self._runner.read(SYSTEM) as read:
            run = run_of(read)
            query = "SELECT 1 FROM sealed_copy WHERE id = ? AND confirmed_at IS NULL"
            waits = [name for name in sorted(names) if run.execute(query, (name,)).fetchone()]
        return [name for name in waits if self._runner.files.exists(name)]

    def note(self, names: Iterable[str]) -> None:
        """Until the server confirms them, these files must be here."""
        rows = [(name,) for name in names]

        def work(step: Step) -> ChangeSet:
            step.raw.executemany("INSERT OR IGNORE INTO sealed_copy(id) VALUES(?)", rows)
            step.wrote = True
            return ChangeSet()

        if rows:
            self._runner.transact(work)

    # -- sending ----------------------------------------------------------------------------------------------------
    def send_small(self, channel: Channel, names: list[str]) -> None:
        """The small copies of the images whose files these are; each is sent once."""
        encoded = msgspec.json.encode(names).decode()
        with self._runner.read(SYSTEM) as read:
            rows = run_of(read).execute(_RENDITIONS, (encoded, encoded)).fetchall()
        for kind, sha256, turns, mirrored, media, width, height, image in rows:
            if kind not in SMALL_KINDS or (image, sha256) in self._small_sent:
                continue
            if not self._runner.files.exists(sha256):
                continue
            head = SmallCopyHead(kind, turns, bool(mirrored), media, width, height)
            headers = {RENDITION: msgspec.json.encode(head).decode(), "Content-Encoding": "identity"}
            content = self._runner.files.read(sha256)
            answer = channel.ask("PUT", f"{self._base}/images/{image}/{kind}", content, headers)
            if answer.status == 204:
                self._small_sent.add((image, sha256))

    def send(self, channel: Channel, name: str, stopped: Callable[[], bool] = lambda: False) -> bool:
        """Send a file from where the server has it; whether it is held then.

        Raises `Unanswered`, `Refusal`. A file that is damaged here is left for the check of the files to report.
        """
        try:
            with self._runner.files.open(name) as source:
                size = source.seek(0, io.SEEK_END)
                standing = self.standings(channel, [name]).get(name) or FileStanding(name, False)
                while not standing.is_held:
                    if stopped():
                        return False
                    source.seek(standing.received)
                    before = standing.received
                    standing = self._piece(channel, name, before, size, source.read(PIECE))
                    if not standing.is_held and standing.received <= before:
                        raise Refusal("no progress")
        except (NotFound, IntegrityFailure):
            return False
        self.confirm({name: size})
        return True

    def _piece(self, channel: Channel, name: str, offset: int, size: int, piece: bytes) -> FileStanding:
        target = f"{self._base}/files/{name}?offset={offset}&size={size}"
        answer = channel.ask("PUT", target, piece, {"Content-Encoding": "identity"})
        said: FileStanding = _checked(answer, FileStanding)
        return said

    def standings(self, channel: Channel, names: list[str]) -> dict[str, FileStanding]:
        """Where these files stand at the server."""
        found: dict[str, FileStanding] = {}
        for start in range(0, len(names), MOST_NAMES):
            body = msgspec.json.encode(Asked(tuple(names[start : start + MOST_NAMES])))
            answer = channel.ask("POST", f"{self._base}/files", body)
            found |= {one.name: one for one in _checked(answer, Standings).files}
        return found

    def confirm(self, sizes: dict[str, int]) -> None:
        """The server holds these files: it has read them again. They stay here for `KEPT_DAYS` all the same."""
        now = to_millis(self._runner.clock.now())
        until = now + KEPT_DAYS * 86_400_000

        def work(step: Step) -> ChangeSet:
            step.raw.executemany(
                "INSERT INTO sealed_copy(id, size_bytes, confirmed_at, wanted_until_at) VALUES(?, ?, ?, ?)"
                " ON CONFLICT(id) DO UPDATE SET size_bytes = excluded.size_bytes,"
                " confirmed_at = excluded.confirmed_at, wanted_until_at = excluded.wanted_until_at",
                [(name, size, now, until) for name, size in sizes.items()],
            )
            step.wrote = True
            return ChangeSet({"sealed_copy": frozenset(sizes)})

        if sizes:
            self._runner.transact(work)


def _checked(answer: Answer, kind: Any) -> Any:
    if answer.status != 200:
        raise Refusal(answer.code or str(answer.status))
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except msgspec.DecodeError as error:
        raise Unanswered("damaged") from error


def _named(run: Any, table: str, column: str, ids: Iterable[str]) -> list[str]:
    query = (
        f'SELECT "{column}" FROM "{table}" WHERE "{column}" > \'\' AND id IN (SELECT value FROM json_each(?))'
        f' AND "{column}" NOT IN (SELECT id FROM sealed_copy WHERE confirmed_at IS NOT NULL)'
    )
    return [row[0] for row in run.execute(query, (msgspec.json.encode(list(ids)).decode(),))]
