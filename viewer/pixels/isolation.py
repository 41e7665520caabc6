"""Decode compressed frames in worker processes, so that nothing that hides in a file can stop the screen.

imagecodecs releases the interpreter lock in every codec that is used here (measured: the longest pause of another
thread is under 1 ms), so threads would be fast enough. A process is taken for what a thread cannot give: a codec that
crashes takes only its own process with it, and one that never ends can be ended. Native pixels stay in the process of
the screen: slicing an array can neither crash nor hang.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import threading
import warnings
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from viewer.errors import N_
from viewer.pixels.codecs import decode
from viewer.pixels.errors import DamagedPixels, PixelError
from viewer.pixels.exchange import Exchange, ExchangeEnd
from viewer.pixels.form import Array, Decoded, PixelFormat
from viewer.pixels.reduced import reduced_samples

SECONDS = 4.0
"""What an image of ordinary size may take; with opening and telling, an error stands on the screen within 5 s."""
SECONDS_A_MEGAPIXEL = 2.0
"""Added for each million pixels beyond the first: a large sound image on a busy machine is not a fault."""


class DecoderStopped(PixelError):
    """The codec crashed or did not end."""

    message_id = N_("The decoder stopped at this image.")


_Request = tuple[str, PixelFormat, int]
"""Transfer syntax, form, and how many times the frame is halved; 0 for the whole."""


class IsolatedDecoder:
    """Decodes in up to `workers` processes, which are started when first needed and replaced when they die.

    Callable like `viewer.pixels.codecs.decode`, from any thread.
    """

    def __init__(self, workers: int = 2) -> None:
        self._free: list[_Worker] = []
        self._slots = threading.BoundedSemaphore(workers)
        self._lock = threading.Lock()
        self._closed = False

    def warm(self) -> None:
        """Have one process ready before the first image; returns at once."""
        with self._lock:
            if not self._free and not self._closed:
                self._free.append(_Worker())

    def __call__(self, data: bytes, transfer_syntax: str, form: PixelFormat) -> Decoded:
        """Raises what `decode` raises, and DecoderStopped."""
        return self._ask(data, (transfer_syntax, form, 0))

    def reduced(self, data: bytes, steps: int, form: PixelFormat) -> Array:
        """As `viewer.pixels.reduced.reduced_samples`."""
        return self._ask(data, ("", form, steps)).values

    def _ask(self, data: bytes, request: _Request) -> Decoded:
        with self._slots:
            with self._lock:
                if self._closed:
                    raise DecoderStopped
                worker = self._free.pop() if self._free else _Worker()
            try:
                found = worker.ask(data, request)
            except DecoderStopped:
                worker.end()
                raise
            except PixelError:
                self._give_back(worker)
                raise
            self._give_back(worker)
            return found

    def _give_back(self, worker: _Worker) -> None:
        with self._lock:
            if not self._closed:
                self._free.append(worker)
                return
        worker.end()

    def close(self) -> None:
        """End the processes that are idle; one at work ends when its frame is done."""
        with self._lock:
            self._closed = True
            free, self._free = self._free, []
        for worker in free:
            worker.end()


class _Worker:
    """One process and the pipe to it. The first frame waits until it has imported its codecs."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._pipe: Connection[Any, Any] = ours
        self._process = context.Process(target=_serve, args=(theirs,), name="decoder", daemon=True)
        self._process.start()
        theirs.close()
        self._exchange = Exchange()
        self._ready = False

    def ask(self, data: bytes, request: _Request) -> Decoded:
        try:
            self._wait_until_ready()
            name = self._exchange.put(data, 0 if request[2] else request[1].sample_bytes)
            self._pipe.send((name, len(data), request))
            if not name:
                self._pipe.send_bytes(data)
            if not self._pipe.poll(allowed_seconds(request[1])):
                raise DecoderStopped
            answer = self._pipe.recv()
            if isinstance(answer, PixelError):
                raise answer
            dtype, shape, is_rgb, in_block = answer
            if in_block:
                return Decoded(self._exchange.take(dtype, shape), is_rgb)
            values = np.empty(shape, dtype)
            if values.nbytes:
                self._pipe.recv_bytes_into(values.data.cast("B"))
            return Decoded(values, is_rgb)
        except (EOFError, OSError, pickle.UnpicklingError):
            raise DecoderStopped from None

    def _wait_until_ready(self) -> None:
        """Starting is not counted as decoding."""
        if not self._ready:
            if not self._pipe.poll(60.0):
                raise DecoderStopped
            self._pipe.recv()
            self._ready = True

    def end(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._process.kill()
        self._process.join(5.0)
        self._pipe.close()
        self._exchange.close()


def allowed_seconds(form: PixelFormat) -> float:
    """How long a frame of this size may take."""
    return SECONDS + SECONDS_A_MEGAPIXEL * max(0.0, form.rows * form.columns / 1e6 - 1)


def _serve(pipe: Connection[Any, Any]) -> None:
    """In the worker: frame after frame, until the screen goes away."""
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()
    import imagecodecs
    from PIL import Jpeg2KImagePlugin, JpegImagePlugin  # noqa: F401  loaded ahead

    # The codecs load their libraries when they are first named: here, and not in the first image's time.
    for name in ("jpeg8_decode", "jpegls_decode", "jpeg2k_decode", "htj2k_decode", "packbits_decode"):
        getattr(imagecodecs, name)
    with contextlib.suppress(EOFError, OSError):
        pipe.send(True)
        exchange = ExchangeEnd()
        while True:
            name, count, request = pipe.recv()
            data = exchange.read(name, count) if name else pipe.recv_bytes()
            _answer(pipe, exchange if name else None, data, *request)


def _answer(
    pipe: Connection[Any, Any], exchange: ExchangeEnd | None, data: bytes, syntax: str, form: PixelFormat, steps: int
) -> None:
    try:
        found = Decoded(reduced_samples(data, steps, form)) if steps else decode(data, syntax, form)
    except PixelError as error:
        pipe.send(error)
        return
    except MemoryError:
        pipe.send(DamagedPixels())
        return
    found = replace(found, values=np.ascontiguousarray(found.values))
    in_block = exchange is not None and exchange.write(found.values)
    pipe.send((found.values.dtype.str, found.values.shape, found.is_rgb, in_block))
    if found.values.nbytes and not in_block:
        pipe.send_bytes(found.values.data.cast("B"))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
