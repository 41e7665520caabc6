"""One kept-open HTTPS connection to the server, every request signed. Trusts the pinned authority and nothing else.

A connection that says nothing for `STALL_SECONDS` is given up: a half-open one would otherwise be waited for for
ever. The clock that signs is the server's, learnt from its answers.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
import zlib
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import msgspec
import zstandard

from sync.client.connection import Connection
from sync.protocol.signing import NOW, Signer

STALL_SECONDS: Final = 30.0
CONNECT_SECONDS: Final = 5.0
LARGEST_ANSWER: Final = 1 << 28
SERVER_NAME: Final = "archwire.internal"
WORTH_PACKING: Final = 4096
SAMPLES: Final = 20


class Unanswered(Exception):
    """The request did not get through, or what came back is no answer."""


class ServerClock:
    """What to add to this computer's clock to have the server's: of the last answers, the one that came fastest."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque(maxlen=SAMPLES)
        self._lock = threading.Lock()

    def learn(self, sent: float, received: float, server_millis: int) -> None:
        """An answer: sent and received by this computer's clock, seconds since 1970."""
        with self._lock:
            offset = server_millis - round((sent + received) * 500)
            if self._samples and abs(offset - self.offset()) > 2 * (received - sent) * 1000 + 1000:
                self._samples.clear()  # this computer's clock was set meanwhile
            self._samples.append((received - sent, offset))

    def offset(self) -> int:
        """Milliseconds."""
        return min(self._samples)[1] if self._samples else 0

    def is_known(self) -> bool:
        """Whether the server has said anything yet."""
        return bool(self._samples)

    def millis(self) -> int:
        """The server's clock now, milliseconds since 1970."""
        return round(time.time() * 1000) + self.offset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `code` is the door's reason when it did not open."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def code(self) -> str:
        """The refusal's code, empty when there is none."""
        try:
            return str(msgspec.json.decode(self.body).get("error", ""))
        except (msgspec.DecodeError, AttributeError):
            return ""


def pinned(authority: str) -> ssl.SSLContext:
    """A context that believes certificates of this authority only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(cadata=authority)
    return context


class Channel:
    """Used by one thread at a time; `interrupt` may be called from any."""

    def __init__(self, connection: Connection, signer: Signer | None, clock: ServerClock) -> None:
        self._connection, self._signer, self._clock = connection, signer, clock
        self._context = pinned(connection.authority)
        self._compressor = zstandard.ZstdCompressor(level=3)
        self._open: _Pinned | None = None
        self._stall = STALL_SECONDS

    # -- one question, one answer ---------------------------------------------------------------------------------
    def ask(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        stall: float | None = None,
    ) -> Answer:
        """Send one request and read the whole answer; `Unanswered` when it does not get through.

        `stall` is how many seconds of silence end it. A kept connection that the other side has closed meanwhile is
        opened again, once. A request whose date the server does not believe is signed again by its clock, once.
        """
        packed = dict(headers or {})
        self._stall = STALL_SECONDS if stall is None else stall
        if len(body) >= WORTH_PACKING and "Content-Encoding" not in packed:
            body, packed["Content-Encoding"] = self._compressor.compress(body), "zstd"
        answer = self._asked(method, target, body, packed)
        if answer.status == 401 and answer.code == "clock":
            answer = self._asked(method, target, body, packed)
        return answer

    def _asked(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        kept = self._open is not None
        try:
            return self._once(method, target, body, headers)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            if not kept or isinstance(error, TimeoutError):
                raise Unanswered(type(error).__name__) from error
        try:
            return self._once(method, target, body, headers)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Unanswered(type(error).__name__) from error

    def _once(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        sent = time.time()
        response = self._send(method, target, body, headers, accept="zstd, gzip")
        data = response.read(LARGEST_ANSWER)
        self._learn(sent, response)
        if response.will_close:
            self.close()
        kept = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, kept, _unpacked(data, kept.get("content-encoding", "")))

    def _send(
        self, method: str, target: str, body: bytes, headers: Mapping[str, str], accept: str
    ) -> http.client.HTTPResponse:
        if self._open is None:
            self._open = _Pinned(self._connection.url, self._context)
        if self._open.sock is not None:
            self._open.sock.settimeout(self._stall)
        self._open.stall = self._stall
        signed = self._signer.headers(method, target, body, self._clock.millis()) if self._signer else {}
        self._open.request(method, target, body or None, {"Accept-Encoding": accept, **headers, **signed})
        return self._open.getresponse()

    def _learn(self, sent: float, response: http.client.HTTPResponse) -> None:
        said = response.headers.get(NOW, "")
        if said.isascii() and said.isdigit():
            self._clock.learn(sent, time.time(), int(said))

    # -- a stream ---------------------------------------------------------------------------------------------------
    def events(self, target: str, silence: float) -> Iterator[str]:
        """The data of a stream of server-sent events, empty for a sign of life; ends when the server ends it.

        `Unanswered` when it cannot be opened, breaks, or says nothing for `silence` seconds.
        """
        try:
            sent = time.time()
            response = self._send("GET", target, b"", {"Accept": "text/event-stream"}, accept="identity")
            self._learn(sent, response)
            if response.status != 200:
                raise Unanswered(str(response.status))
            assert self._open is not None
            self._open.sock.settimeout(silence)
            while line := response.readline():
                text = line.decode("utf-8", "replace").strip()
                if text.startswith(":"):
                    yield ""
                elif text.startswith("data:"):
                    yield text[5:].strip()
        except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
            raise Unanswered(type(error).__name__) from error
        finally:
            self.close()

    def move(self, connection: Connection) -> None:
        """The server is elsewhere now: the next request opens a connection to there."""
        self._connection = connection
        self.interrupt()
        self.close()

    # -- ending -----------------------------------------------------------------------------------------------------
    def interrupt(self) -> None:
        """Break what is being waited for, from another thread."""
        held = self._open
        raw = held.sock if held is not None else None
        if raw is not None:
            with contextlib.suppress(OSError):
                raw.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._open is not None:
            self._open.close()
            self._open = None


class _Pinned(http.client.HTTPConnection):
    """HTTP over TLS whose certificate must be of the pinned authority, whatever address it was reached by."""

    def __init__(self, url: str, context: ssl.SSLContext) -> None:
        parts = urlsplit(url)
        super().__init__(parts.hostname or "", parts.port or 443, timeout=CONNECT_SECONDS)
        self._context, self.stall = context, STALL_SECONDS

    def connect(self) -> None:
        super().connect()
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self.sock = self._context.wrap_socket(self.sock, server_hostname=SERVER_NAME)
        self.sock.settimeout(self.stall)


def _unpacked(data: bytes, encoding: str) -> bytes:
    try:
        if encoding == "zstd":
            return zstandard.ZstdDecompressor().decompress(data, max_output_size=LARGEST_ANSWER)
        if encoding == "gzip":
            return zlib.decompress(data, zlib.MAX_WBITS | 16)
    except (zlib.error, zstandard.ZstdError) as error:
        raise Unanswered("damaged") from error
    return data
