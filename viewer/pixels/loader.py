"""Images from a source to the screen: preview first, then the original, neighbours ahead; never on its thread.

The order of an image: what the cache holds, at once; else the small stored copy; else the low resolutions of its own
codestream; then the original. A request whose tile has moved on is dropped before it is decoded, and its download
stops at the next word of progress.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import queue
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import numpy as np

from viewer.model.catalogue import ImageItem
from viewer.model.sources import ImageSource
from viewer.pixels.cache import PictureCache
from viewer.pixels.display import display_part
from viewer.pixels.errors import PixelError
from viewer.pixels.filters import Filter, filtered
from viewer.pixels.form import Array
from viewer.pixels.isolation import IsolatedDecoder
from viewer.pixels.picture import Picture, prepare
from viewer.pixels.quick_look import picture_of_rendition, quick_picture
from viewer.pixels.renditions import PREVIEW_PX, THUMBNAIL_PX
from viewer.pixels.source import PixelSource, open_image

SHOWN, PREFETCH, THUMBNAIL = 0, 1, 2
PREVIEW_SECONDS = 0.05
"""So long the decoding of a small picture waits for word whether the source keeps one."""
OPEN_FILES = 4
"""Opened files that are kept for their next frames."""


class Receiver(Protocol):
    """What a tile is told; always on the screen's thread."""

    def arrived(self, picture: Picture) -> None: ...

    def progressed(self, part: float) -> None: ...

    def failed(self, error: BaseException) -> None: ...


class _MovedOn(BaseException):
    """Stops a download whose image nobody waits for any more; not an `Exception`, so that no source swallows it."""


@dataclass(eq=False)
class Request:
    """An image on its way. `cancel` it when the tile shows something else."""

    item: ImageItem
    frame: int
    filter: Filter
    receiver: Receiver | None
    cancelled: bool = False
    has_some: bool = False
    """A preview or the original was sent."""
    looked_for_preview: threading.Event = field(default_factory=threading.Event)
    """Set once it is known whether the source keeps a small copy."""
    has_preview: bool = False
    """The source keeps one, which will be there before anything that is decoded."""

    def cancel(self) -> None:
        """Nothing more is delivered."""
        self.cancelled = True


@dataclass(order=True)
class _Job:
    priority: int
    order: int
    work: Callable[[], None] = field(compare=False)


class Loader:
    """`deliver` runs a function on the screen's thread."""

    def __init__(
        self,
        source: ImageSource,
        deliver: Callable[[Callable[[], None]], None],
        cache: PictureCache | None = None,
        decoder: IsolatedDecoder | None = None,
    ) -> None:
        self.source, self._deliver = source, deliver
        self.cache = cache or PictureCache()
        self._decoder = decoder or IsolatedDecoder()
        self._decoder.warm()
        self._opened: OrderedDict[str, PixelSource] = OrderedDict()
        self._lock = threading.Lock()
        self._order = itertools.count()
        self._ahead: list[Request] = []
        self._quick: queue.PriorityQueue[_Job] = queue.PriorityQueue()
        self._heavy: queue.PriorityQueue[_Job] = queue.PriorityQueue()
        self._later: queue.PriorityQueue[_Job] = queue.PriorityQueue()
        self._closed = False
        # What nobody waits for has a thread of its own, so that it never stands before what is wanted now.
        self._queues = [self._quick, self._later, *[self._heavy] * min(2, os.cpu_count() or 1)]
        self._threads = [
            threading.Thread(target=self._serve, args=(jobs,), daemon=True, name="images") for jobs in self._queues
        ]
        for thread in self._threads:
            thread.start()

    # -- asking

    def want(self, item: ImageItem, frame: int, receiver: Receiver, kind: Filter = Filter.NONE) -> Request:
        """Have an image shown. What the cache holds arrives before this returns."""
        request = Request(item, frame, kind, receiver)
        held = self.cache.get((item.key, frame, kind))
        if held is not None:
            receiver.arrived(held)
            return request
        if frame == 0 and kind is Filter.NONE and self.cache.get((item.key, 0, Filter.NONE)) is None:
            self._put(self._quick, SHOWN, lambda: self._preview(request))
        else:
            request.looked_for_preview.set()
        self._put(self._heavy, SHOWN, lambda: self._original(request))
        return request

    def prefetch(self, wanted: Iterable[tuple[ImageItem, int]]) -> None:
        """Read these ahead, in this order, one at a time; what was to be read ahead before is dropped."""
        for request in self._ahead:
            request.cancel()
        self._ahead = [Request(item, frame, Filter.NONE, None) for item, frame in wanted]
        for request in self._ahead:
            if self.cache.get((request.item.key, request.frame, Filter.NONE)) is None:
                self._put(self._later, PREFETCH, partial(self._original, request))

    def thumbnail(self, item: ImageItem, receive: Callable[[Array | None], None]) -> None:
        """A small upright picture as 8-bit grey or RGB; None for what has none."""

        def work() -> None:
            found = self._stored_thumbnail(item)
            if found is not None or not item.has_pixels:
                self._tell(lambda: receive(found))
                return
            self._put(self._later, THUMBNAIL, lambda: self._tell_made(item, receive))

        self._put(self._quick, THUMBNAIL, work)

    def stop(self) -> None:
        """Deliver nothing more; the decoder, which others may use, lives on."""
        self._closed = True
        for jobs in self._queues:
            self._put(jobs, -1, lambda: None)
        self._opened.clear()

    def close(self) -> None:
        """Stop, and end the decoder too."""
        self.stop()
        self._decoder.close()

    def wait(self) -> None:
        """After `close`, until what was being read is done: its source may then be taken away."""
        for thread in self._threads:
            thread.join()

    # -- working

    def _put(self, to: queue.PriorityQueue[_Job], priority: int, work: Callable[[], None]) -> None:
        to.put(_Job(priority, next(self._order), work))

    def _serve(self, jobs: queue.PriorityQueue[_Job]) -> None:
        while not self._closed:
            with contextlib.suppress(_MovedOn):
                jobs.get().work()

    def _tell(self, call: Callable[[], None]) -> None:
        if not self._closed:
            self._deliver(call)

    def _arrive(self, request: Request, picture: Picture) -> None:
        """Send a picture; a preview that comes too late is dropped."""

        def call() -> None:
            if not request.cancelled and request.receiver is not None:
                request.receiver.arrived(picture)

        with self._lock:
            if picture.is_preview and request.has_some:
                return
            request.has_some = True
            self._tell(call)

    def _preview(self, request: Request) -> None:
        """The small stored copy, unless the original was faster."""
        item = request.item
        if request.cancelled:
            return
        try:
            content = self.source.rendition(item.key, PREVIEW_PX)
            request.has_preview = content is not None
            request.looked_for_preview.set()
            if content is None or request.has_some:
                return
            turns, mirrored = item.quarter_turns, item.mirrored
            picture = picture_of_rendition(content, item.rows, item.columns, item.key, turns, mirrored)
        except Exception:
            # A preview that cannot be had is no fault: the original is on its way and will say what is wrong.
            request.has_preview = False
            return
        finally:
            request.looked_for_preview.set()
        self._arrive(request, picture)

    def _original(self, request: Request) -> None:
        if request.cancelled:
            return
        try:
            picture = self._read(request)
        except _MovedOn:
            return
        except Exception as error:
            failure = error

            def fail() -> None:
                if not request.cancelled and request.receiver is not None:
                    request.receiver.failed(failure)

            self._tell(fail)
            return
        self._arrive(request, picture)

    def _read(self, request: Request) -> Picture:
        key, frame = request.item.key, request.frame
        picture = self.cache.get((key, frame, Filter.NONE))
        if picture is None:
            opened = self._open(request)
            if request.receiver is not None and self._wants_quick_look(request):
                self._quick_look(request, opened)
            picture = prepare(opened, min(frame, opened.frames - 1), key)
            self.cache.put((key, frame, Filter.NONE), picture)
        if request.filter is Filter.NONE:
            return picture
        changed = filtered(picture, request.filter)
        self.cache.put((key, frame, request.filter), changed)
        return changed

    @staticmethod
    def _wants_quick_look(request: Request) -> bool:
        """Not where a small copy is on its way: two pictures of it would only keep the original waiting."""
        request.looked_for_preview.wait(PREVIEW_SECONDS)
        return not (request.has_some or request.has_preview)

    def _quick_look(self, request: Request, opened: PixelSource) -> None:
        try:
            looked = quick_picture(opened, request.frame, request.item.key, self._decoder.reduced)
        except (PixelError, IndexError):
            return
        if looked is not None:
            self._arrive(request, looked)

    def _open(self, request: Request) -> PixelSource:
        key = request.item.key
        with self._lock:
            if key in self._opened:
                self._opened.move_to_end(key)
                return self._opened[key]

        def progress(part: float) -> None:
            if request.cancelled or self._closed:
                raise _MovedOn
            receiver = request.receiver
            if receiver is not None:
                self._tell(lambda: None if request.cancelled else receiver.progressed(part))

        opened = open_image(self.source.original(key, progress), decoder=self._decoder)
        with self._lock:
            self._opened[key] = opened
            while len(self._opened) > OPEN_FILES:
                self._opened.popitem(last=False)
        return opened

    # -- thumbnails

    def _stored_thumbnail(self, item: ImageItem) -> Array | None:
        try:
            content = self.source.rendition(item.key, THUMBNAIL_PX)
            return picture_of_rendition(content, 0, 0).levels[0] if content else None
        except Exception:
            return None

    def _tell_made(self, item: ImageItem, receive: Callable[[Array | None], None]) -> None:
        """A thumbnail from the original itself, for a source that keeps none."""
        found: Array | None = None
        try:
            opened = self._open(Request(item, 0, Filter.NONE, None))
            looked = quick_picture(opened, 0, item.key, self._decoder.reduced)
            if looked is None:
                looked = self._read(Request(item, 0, Filter.NONE, None))
            found = _small(looked, item)
        except Exception:
            # The tile that shows this image will say why; a list shows a blank.
            found = None
        self._tell(lambda: receive(found))


def _small(picture: Picture, item: ImageItem) -> Array:
    """The picture upright, at most about a thumbnail large."""
    values = picture.levels[-1]
    step = max(1, max(values.shape[:2]) // THUMBNAIL_PX)
    values = values[::step, ::step]
    shown = display_part(picture.frame, values, picture.voi) if picture.frame.is_grey else values
    shown = shown[:, ::-1] if item.mirrored else shown
    return np.ascontiguousarray(np.rot90(shown, -item.quarter_turns))
