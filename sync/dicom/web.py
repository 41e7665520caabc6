"""An archive by DICOMweb (PS3.18): search (QIDO-RS), storing (STOW-RS), giving back (WADO-RS), over one connection.

The interface is that of classic archives in `asking` and `calling`: data sets, parcels, `Unanswered`.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import re
import ssl
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from pydicom.dataset import Dataset

from app.archives.credentials import ArchiveCredentials, credentials_of
from app.archives.queries import ArchiveLine
from app.archives.sending import Probed
from app.archives.vocabulary import Failure
from app.core.i18n import N_
from sync.dicom.asking import Unanswered

CONNECT_SECONDS: Final = 30.0
PAGE: Final = 500
LONGEST_ANSWER: Final = 4 << 30
JSON: Final = "application/dicom+json"
STORED, STORED_SOME, CONFLICT = 200, 202, 409
NOT_THERE: Final = frozenset({404, 405, 501})
REFUSED: Final = N_("It does not offer this.")
_BOUNDARY: Final = re.compile(r'boundary="?([^";]+)"?')


class WebArchive:
    """One archive, for one thread. Every request that fails raises `Unanswered`."""

    def __init__(self, base_url: str, credentials: ArchiveCredentials | None = None) -> None:
        parts = urlsplit(base_url)
        host, self._path = parts.hostname or "", parts.path.rstrip("/")
        if parts.scheme == "https":
            context = ssl.create_default_context()
            self._line: http.client.HTTPConnection = http.client.HTTPSConnection(
                host, parts.port, timeout=CONNECT_SECONDS, context=context
            )
        else:
            self._line = http.client.HTTPConnection(host, parts.port, timeout=CONNECT_SECONDS)
        self._headers = _authorisation(credentials)

    def close(self) -> None:
        """End the connection."""
        self._line.close()

    # -- searching ----------------------------------------------------------------------------------------------
    def find(self, keys: Dataset) -> Iterator[Dataset]:
        """The studies that match, with what is asked for; `keys` are those of a C-FIND at the level of studies."""
        given = {key.keyword: str(key.value) for key in keys if key.value and key.keyword not in LEFT_OUT}
        wanted = [("includefield", key.keyword) for key in keys if not key.value]
        name, told = given.pop("PatientName", ""), set()
        for spelled in dict.fromkeys((name.upper(), name.title(), name)):  # some services mind capitals
            named = [("PatientName", spelled)] if spelled else []
            for found in self._pages("/studies", [*given.items(), *named, *wanted]):
                uid = str(found.get("StudyInstanceUID") or "")
                if uid not in told:
                    told.add(uid)
                    yield found

    def instances_there(self, studies: Iterable[str]) -> set[str]:
        """The SOP Instance UIDs that it has of some studies."""
        return {str(item.SOPInstanceUID) for study in dict.fromkeys(studies) for item in self._instances(study)}

    def _instances(self, study: str) -> Iterator[Dataset]:
        yield from self._pages(f"/studies/{quote(study)}/instances", [])

    def _pages(self, path: str, given: list[tuple[str, str]]) -> Iterator[Dataset]:
        offset = 0
        while True:
            query = urlencode([*given, ("limit", PAGE), ("offset", offset)], safe="*?")
            status, _headers, body = self._ask("GET", f"{path}?{query}", accept=JSON)
            if status in {204, 404}:
                return
            _require(status, {200})
            try:
                found = [Dataset.from_json(item) for item in json.loads(body or b"[]")]
            except (ValueError, TypeError, KeyError) as error:
                raise Unanswered(Failure.NOT_UNDERSTOOD, status) from error
            yield from found
            offset += len(found)
            if len(found) < PAGE:
                return

    # -- storing ------------------------------------------------------------------------------------------------
    def store(self, sop_instance_uid: str, dicom: bytes) -> tuple[Failure | None, int | None]:
        """Store one object; what came of it, as `failure_of` says of a C-STORE."""
        boundary = uuid.uuid4().hex
        head = f"--{boundary}\r\nContent-Type: application/dicom\r\nContent-Length: {len(dicom)}\r\n\r\n"
        body = head.encode() + dicom + f"\r\n--{boundary}--\r\n".encode()
        kind = f'multipart/related; type="application/dicom"; boundary={boundary}'
        status, _headers, answer = self._ask("POST", "/studies", body, kind, JSON)
        if status == STORED:
            return None, 0
        if status in {STORED_SOME, CONFLICT}:
            return _failure_in(answer, sop_instance_uid)
        if status in {401, 403}:
            return Failure.REJECTED, status
        if status in {415, *NOT_THERE}:
            return Failure.NOT_SUPPORTED, status
        return (Failure.RESOURCES if status >= 500 or status == 429 else Failure.NOT_UNDERSTOOD), status

    # -- giving back --------------------------------------------------------------------------------------------
    def fetch(self, study: str, wanted: set[str]) -> Iterator[bytes]:
        """The objects as DICOM files (PS3.10), in the transfer syntax in which they are kept, one after the other."""
        for item in list(self._instances(study)):
            uid = str(item.SOPInstanceUID)
            if uid not in wanted:
                continue
            path = f"/studies/{quote(study)}/series/{quote(str(item.SeriesInstanceUID))}/instances/{quote(uid)}"
            accept = 'multipart/related; type="application/dicom"; transfer-syntax=*'
            status, headers, body = self._ask("GET", path, accept=accept)
            _require(status, {200})
            yield from _parts(headers.get("content-type", ""), body)

    # -- what it can do -----------------------------------------------------------------------------------------
    def probe(self) -> list[Probed]:
        """What it offers, each tried; to try storing, a message without an object is sent."""
        try:
            found = self._ask("GET", "/studies?limit=1", accept=JSON)[0]
            kind = 'multipart/related; type="application/dicom"; boundary=none'
            stored = self._ask("POST", "/studies", b"--none--\r\n", kind, JSON)[0]
            given = self._ask("GET", "/studies/1.2.3.4.5.6.7/metadata", accept=JSON)[0]
        except Unanswered as error:
            return [Probed(name, False, WHY[error.failure]) for name in ("qido", "stow", "wado")]
        if {found, stored, given} & {401, 403}:
            return [Probed(name, False, WHY[Failure.REJECTED]) for name in ("qido", "stow", "wado")]
        works = {"qido": found in {200, 204}, "stow": stored not in NOT_THERE, "wado": given not in {405, 501}}
        return [Probed(name, does, "" if does else REFUSED) for name, does in works.items()]

    # -- the line -----------------------------------------------------------------------------------------------
    def _ask(
        self, method: str, path: str, body: bytes | None = None, kind: str = "", accept: str = ""
    ) -> tuple[int, dict[str, str], bytes]:
        headers = {**self._headers, "Accept": accept} | ({"Content-Type": kind} if kind else {})
        for attempt in (1, 2):
            fresh = self._line.sock is None
            try:
                self._line.request(method, f"{self._path}{path}", body, headers)
                answer = self._line.getresponse()
                content = answer.read(LONGEST_ANSWER)
                return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content
            except (OSError, http.client.HTTPException) as error:
                self._line.close()
                if fresh or attempt == 2:  # a connection that was kept may have been closed by the other side
                    failure = Failure.REJECTED if isinstance(error, ssl.SSLError) else Failure.TRANSPORT
                    raise Unanswered(failure) from error
        raise AssertionError("two tries end above")  # pragma: no cover


LEFT_OUT: Final = frozenset({"QueryRetrieveLevel", "SpecificCharacterSet"})
WHY: Final = {
    Failure.TRANSPORT: N_("The archive does not answer."),
    Failure.REJECTED: N_("The archive turns us away: check AE titles and certificates on both sides."),
}


def _authorisation(credentials: ArchiveCredentials | None) -> dict[str, str]:
    if credentials is None:
        return {}
    if not credentials.user:
        return {"Authorization": f"Bearer {credentials.secret}"}
    pair = base64.b64encode(f"{credentials.user}:{credentials.secret}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def _require(status: int, wanted: set[int]) -> None:
    if status in wanted:
        return
    if status in {401, 403}:
        raise Unanswered(Failure.REJECTED, status)
    raise Unanswered(Failure.RESOURCES if status >= 500 or status == 429 else Failure.NOT_SUPPORTED, status)


def _failure_in(answer: bytes, uid: str) -> tuple[Failure | None, int | None]:
    """What the answer says of one object (PS3.18 §I.2, table 10.5.1-2)."""
    try:
        said = Dataset.from_json(json.loads(answer))
        for item in said.get("FailedSOPSequence") or ():
            code = int(item.get("FailureReason") or 0)
            if 0xA700 <= code <= 0xA7FF:
                return Failure.RESOURCES, code
            return (Failure.NOT_SUPPORTED if code in {0x0122, 0x0124} else Failure.NOT_UNDERSTOOD), code
        stored = {str(item.get("ReferencedSOPInstanceUID")) for item in said.get("ReferencedSOPSequence") or ()}
    except (ValueError, TypeError, KeyError):
        return Failure.NOT_UNDERSTOOD, None
    return (None, 0) if uid in stored else (Failure.NOT_UNDERSTOOD, None)


def _parts(kind: str, body: bytes) -> Iterator[bytes]:
    """The parts of a multipart message (RFC 2046 §5.1)."""
    found = _BOUNDARY.search(kind)
    if found is None:
        raise Unanswered(Failure.NOT_UNDERSTOOD)
    mark = b"--" + found.group(1).encode()
    for part in body.split(b"\r\n" + mark if not body.startswith(mark) else mark)[1:]:
        if part.startswith(b"--"):
            return
        _head, gap, content = part.partition(b"\r\n\r\n")
        if gap:
            yield content.removesuffix(b"\r\n")


@contextlib.contextmanager
def web_archive(folder: Path, line: ArchiveLine) -> Iterator[WebArchive]:
    """The archive of a line, with who we are to it."""
    made = WebArchive(line.base_url or "", credentials_of(folder, line.archive_id))
    try:
        yield made
    finally:
        made.close()
