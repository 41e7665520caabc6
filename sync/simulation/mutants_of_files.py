"""Mistakes with the files of images: given up, kept or believed too soon."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from sync.client.store import ClientStore
from sync.simulation.mutation import mutant


@mutant
def given_up_unasked() -> Any:
    """What the server once confirmed is given up without asking it again: it may have been restored since."""
    from sync.client import making_room
    from sync.client.sending_files import Sender
    from sync.protocol.files import FileStanding
    from sync.simulation import files

    def held(self: Sender, channel: Any, names: Any) -> dict[str, FileStanding]:
        return {name: FileStanding(name, True) for name in names}

    def blind(runner: Any, sender: Sender, channel: Any, budget: int) -> int:
        with patch.object(Sender, "standings", held):
            return making_room.make_room(runner, sender, channel, budget)

    return patch.object(files, "make_room", blind)


@mutant
def held_before_it_is_whole() -> Any:
    """The server says that it holds a file of which the first piece has arrived."""
    from sync.protocol.files import FileStanding
    from sync.server.files import PracticeFiles

    take = PracticeFiles.take

    def hasty(self: PracticeFiles, name: str, offset: int, size: int, piece: bytes) -> FileStanding:
        take(self, name, offset, size, piece)
        return FileStanding(name, True, size, size)

    return patch.object(PracticeFiles, "take", hasty)


@mutant
def restored_server_is_believed() -> Any:
    """A file that a server confirmed before it was put back is not offered to it again."""
    return patch.object(ClientStore, "_unconfirmed", lambda self, run: frozenset())
