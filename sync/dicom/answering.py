"""Answers to C-FIND, written straight onto the wire (PS3.7 §9.3.2.2, PS3.5 §7.1).

An answer is a plain mapping of keywords to values: to make a data set of each, to choose from it, to encode it and to
pass it through three queues costs two milliseconds, which a unit at the chair waits for two hundred times.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataset import Dataset

from app.gateway.vocabulary import CharacterSet

Answer: TypeAlias = Mapping[str, Any]
"""Keywords of the data dictionary, with texts, whole numbers, lists of texts, or lists of answers (sequences)."""
CODECS: Final = {CharacterSet.LATIN_1: "latin-1", CharacterSet.UTF_8: "utf-8"}
IMPLICIT_LITTLE, EXPLICIT_BIG = "1.2.840.10008.1.2", "1.2.840.10008.1.2.2"
LONG_FORM: Final = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"})
"""VRs whose explicit length has four bytes (PS3.5 §7.1.2)."""
NUMBERS: Final = {"US": "H", "SS": "h", "UL": "I", "SL": "i"}
ITEM: Final = (0xFFFE, 0xE000)
PENDING_RESPONSE: Final = (0x8020, 0xFF00)
COMMAND, LAST, P_DATA_TF = 0x01, 0x02, 0x04
TOGETHER_BYTES: Final = 1 << 16
TOGETHER_SECONDS: Final = 0.02
ESTABLISHED: Final = "Sta6"


class Gone(Exception):
    """The other side is not there any more."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One attribute that is wanted; `inner` are those of the items of a sequence, None for all of them."""

    group: int
    element: int
    vr: str
    keyword: str
    inner: tuple[Asked, ...] | None = None


def asked_for(keys: Dataset, *always: str, absent: bool = False) -> tuple[Asked, ...]:
    """What an identifier wants, in the order of the tags, and what it is told `always`.

    With `absent`, what we do not have is answered empty; without, it is left out.
    """
    found: dict[int, Asked] = {}
    for keyword in always:
        tag = tag_for_keyword(keyword)
        assert tag is not None, keyword
        found[tag] = Asked(tag >> 16, tag & 0xFFFF, dictionary_VR(tag), keyword)
    for key in keys:
        if int(key.tag) in found or (not key.keyword and (not absent or key.VR == "SQ")):
            continue
        inner = asked_for(key.value[0]) if key.VR == "SQ" and key.value and list(key.value[0]) else None
        found[int(key.tag)] = Asked(key.tag.group, key.tag.element, _one_vr(key.VR), key.keyword, inner)
    return tuple(found[tag] for tag in sorted(found))


def _one_vr(vr: str) -> str:
    return "US" if " or " in vr else vr


class Encoding:
    """How answers are written for one question."""

    def __init__(self, transfer_syntax: str, characters: CharacterSet, *, absent: bool = False) -> None:
        self._explicit = transfer_syntax != IMPLICIT_LITTLE
        self._order = ">" if transfer_syntax == EXPLICIT_BIG else "<"
        self._codec, self._absent = CODECS[characters], absent

    def encoded(self, asked: Sequence[Asked], answer: Answer) -> bytes:
        """The data set with what is asked for."""
        parts = []
        for one in asked:
            if one.keyword in answer:
                parts.append(self._element(one, answer[one.keyword]))
            elif self._absent and one.vr != "SQ":
                parts.append(self._element(one, None))
        return b"".join(parts)

    def _element(self, one: Asked, value: Any) -> bytes:
        content = self._items(one, value) if one.vr == "SQ" else self._content(one.vr, value)
        tag = struct.pack(f"{self._order}HH", one.group, one.element)
        if not self._explicit:
            return tag + struct.pack("<I", len(content)) + content
        vr = one.vr.encode()
        if one.vr in LONG_FORM:
            return tag + vr + b"\0\0" + struct.pack(f"{self._order}I", len(content)) + content
        return tag + vr + struct.pack(f"{self._order}H", len(content)) + content

    def _content(self, vr: str, value: Any) -> bytes:
        if value is None or value == "":
            return b""
        if vr in NUMBERS:
            return struct.pack(f"{self._order}{NUMBERS[vr]}", int(value))
        text = "\\".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        content = text.encode(self._codec, "replace")
        if len(content) % 2:
            content += b"\0" if vr == "UI" else b" "
        return content

    def _items(self, one: Asked, value: Iterable[Answer] | None) -> bytes:
        made = b""
        for item in value or ():
            inner = one.inner if one.inner is not None else everything(item)
            content = self.encoded(inner, item)
            made += struct.pack(f"{self._order}HHI", *ITEM, len(content)) + content
        return made


def everything(answer: Answer) -> tuple[Asked, ...]:
    """All that an answer holds."""
    tags = {keyword: tag_for_keyword(keyword) for keyword in answer}
    return tuple(
        Asked(tag >> 16, tag & 0xFFFF, _one_vr(dictionary_VR(tag)), keyword)
        for keyword, tag in sorted(tags.items(), key=lambda pair: pair[1] or 0)
        if tag is not None
    )


class Answering:
    """The pending answers to one C-FIND. The first leaves at once, those after it together."""

    def __init__(self, event: Any, characters: CharacterSet, asked: Sequence[Asked], *, absent: bool = False) -> None:
        context, request = event.context, event.request
        self._assoc, self._asked = event.assoc, asked
        self._encoding = Encoding(str(context.transfer_syntax), characters, absent=absent)
        self._context_id = int(context.context_id)
        self._longest = int(self._assoc.dimse.maximum_pdu_size) or TOGETHER_BYTES
        self._command = _response(str(request.AffectedSOPClassUID), int(request.MessageID))
        self._held: list[bytes] = []
        self._size, self._since = 0, 0.0

    def put(self, answer: Answer) -> None:
        """One more answer. Raises `Gone`."""
        data = self._encoding.encoded(self._asked, answer)
        made = self._pdus(self._command, COMMAND) + self._pdus(data, 0)
        self._held.append(made)
        self._size += len(made)
        if self._size > TOGETHER_BYTES or time.monotonic() - self._since > TOGETHER_SECONDS:
            self.flush()

    def flush(self) -> None:
        """What is held back leaves. Raises `Gone`."""
        self._since = time.monotonic()
        if not self._held:
            return
        made, self._held, self._size = b"".join(self._held), [], 0
        wire = self._assoc.dul.socket
        if not self._assoc.is_established or wire is None or self._assoc.dul.state_machine.current_state != ESTABLISHED:
            raise Gone
        wire.send(made)

    def _pdus(self, content: bytes, kind: int) -> bytes:
        """P-DATA-TF PDUs of one value each, no longer than the other side takes (PS3.8 §9.3.5)."""
        room, made = max(self._longest - 6, 2), b""
        for start in range(0, len(content), room) or (0,):
            piece = content[start : start + room]
            flags = kind | (LAST if start + room >= len(content) else 0)
            value = struct.pack(">IBB", len(piece) + 2, self._context_id, flags) + piece
            made += struct.pack(">BBI", P_DATA_TF, 0, len(value)) + value
        return made


def _response(sop_class: str, message_id: int) -> bytes:
    """The command set of a pending C-FIND-RSP (PS3.7 table 9.3-4), always implicit and little."""
    field, status = PENDING_RESPONSE
    uid = sop_class.encode() + b"\0" * (len(sop_class) % 2)
    parts = struct.pack("<HHI", 0x0000, 0x0002, len(uid)) + uid
    for element, value in ((0x0100, field), (0x0120, message_id), (0x0800, 0x0001), (0x0900, status)):
        parts += struct.pack("<HHIH", 0x0000, element, 2, value)
    return struct.pack("<HHII", 0x0000, 0x0000, 4, len(parts)) + parts
