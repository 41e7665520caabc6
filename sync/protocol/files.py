"""What is said about sealed files. Their bytes travel as they are, inside TLS; each machine seals them by its own key.

A piece needs no hash of its own: the signature of its request covers the SHA-256 of its body.
"""

from __future__ import annotations

from typing import Final

import msgspec

PIECE: Final = 2 << 20
"""Bytes of one piece of an upload, and of one range of a download."""
MOST_NAMES: Final = 500


class Asked(msgspec.Struct, frozen=True):
    """Which of these do you hold?"""

    names: tuple[str, ...]


class FileStanding(msgspec.Struct, frozen=True):
    """One file at the server: held (read again, of this hash), or so many bytes of it received from its workstation."""

    name: str
    is_held: bool
    received: int = 0
    size: int = 0


class Standings(msgspec.Struct, frozen=True):
    """The answer."""

    files: tuple[FileStanding, ...]


class SmallCopyHead(msgspec.Struct, frozen=True):
    """What is said of a rendition beside its bytes, as JSON in the header `Archwire-Rendition`."""

    kind: str
    quarter_turns: int
    mirrored: bool
    media_type: str
    width: int
    height: int


RENDITION: Final = "Archwire-Rendition"
