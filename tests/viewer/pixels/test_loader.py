"""Images on their way: preview first, the original after it, neighbours ahead, nothing for who has moved on."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.viewer.conftest import MakeImage
from viewer.model.catalogue import Catalogue, ImageItem
from viewer.model.sources import Progress
from viewer.pixels import DamagedPixels, rendition
from viewer.pixels import loader as loader_module
from viewer.pixels.filters import Filter
from viewer.pixels.loader import Loader
from viewer.pixels.picture import Picture


class Store:
    """Images in memory; `gate` holds originals back until it is opened."""

    def __init__(self, images: dict[str, bytes], previews: bool = False) -> None:
        self.images, self._previews = images, previews
        self.gate = threading.Event()
        self.gate.set()
        self.slow: set[str] = set()
        self.asked: list[str] = []
        self.stopped: list[str] = []

    def catalogue(self) -> Catalogue:
        return Catalogue()

    def rendition(self, key: str, longest_px: int) -> bytes | None:
        return rendition(self.images[key], longest_px) if self._previews else None

    def original(self, key: str, progress: Progress) -> Path | bytes:
        self.asked.append(key)
        part = 0.25
        try:
            while not self.gate.wait(0.01) or key in self.slow:
                progress(part)
                time.sleep(0.01)
            progress(1.0)
        except BaseException:
            self.stopped.append(key)
            raise
        return self.images[key]

    def layout(self, situation: str) -> str:
        return ""

    def keep_layout(self, situation: str, name: str) -> None:
        return None

    def key_images(self) -> frozenset[tuple[str, int]]:
        return frozenset()

    def keep_key_images(self, chosen: Sequence[tuple[str, int]]) -> None:
        return None


class Desk:
    """The thread of the screen: runs what is delivered when it is asked to, and notes what a tile would be told."""

    def __init__(self) -> None:
        self.calls: queue.Queue[Callable[[], None]] = queue.Queue()
        self.pictures: list[Picture] = []
        self.parts: list[float] = []
        self.errors: list[BaseException] = []

    def arrived(self, picture: Picture) -> None:
        self.pictures.append(picture)

    def progressed(self, part: float) -> None:
        self.parts.append(part)

    def failed(self, error: BaseException) -> None:
        self.errors.append(error)

    def until(self, met: Callable[[], bool]) -> None:
        end = time.monotonic() + 30
        while not met():
            assert time.monotonic() < end, "nothing came"
            try:
                self.calls.get(timeout=0.1)()
            except queue.Empty:
                continue


Make = Callable[[Store], Loader]


@pytest.fixture
def images(make_image: MakeImage) -> dict[str, bytes]:
    values = np.arange(300 * 400, dtype=np.uint16).reshape(300, 400) % 4000
    made = {name: make_image(values + index, WindowCenter=2000, WindowWidth=4000) for index, name in enumerate("abcd")}
    return made | {"bad": made["a"][:-5000]}


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def loading(desk: Desk) -> Iterator[Make]:
    made: list[Loader] = []

    def make(store: Store) -> Loader:
        made.append(Loader(store, desk.calls.put))
        return made[-1]

    yield make
    for loader in made:
        loader.close()


def item(key: str) -> ImageItem:
    return ImageItem(key, rows=300, columns=400)


def test_the_preview_comes_first_and_says_so(loading: Make, desk: Desk, images: dict[str, bytes]) -> None:
    store = Store(images, previews=True)
    store.gate.clear()
    loader = loading(store)
    loader.want(item("a"), 0, desk)
    desk.until(lambda: len(desk.pictures) == 1 and bool(desk.parts))
    preview = desk.pictures[0]
    assert preview.is_preview
    assert (preview.rows, preview.columns) == (300, 400)
    assert desk.parts[0] == 0.25
    store.gate.set()
    desk.until(lambda: len(desk.pictures) == 2)
    assert not desk.pictures[1].is_preview
    assert desk.pictures[1].key == preview.key == "a"


def test_a_preview_that_comes_after_the_original_is_dropped(
    loading: Make, desk: Desk, images: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(images, previews=True)
    late = threading.Event()
    made = store.rendition

    def slow(key: str, longest_px: int) -> bytes | None:
        late.wait(30)
        return made(key, longest_px)

    monkeypatch.setattr(store, "rendition", slow)
    loader = loading(store)
    loader.want(item("a"), 0, desk)
    desk.until(lambda: len(desk.pictures) == 1)
    late.set()
    small: list[object] = []
    loader.thumbnail(item("b"), small.append)
    desk.until(lambda: bool(small))
    assert [picture.is_preview for picture in desk.pictures] == [False]


@pytest.mark.parametrize("previews", [True, False])
def test_no_small_picture_is_decoded_where_the_source_keeps_one(
    loading: Make, desk: Desk, images: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, previews: bool
) -> None:
    looked: list[str] = []
    monkeypatch.setattr(loader_module, "quick_picture", lambda *words: looked.append(words[2]))
    loading(Store(images, previews=previews)).want(item("a"), 0, desk)
    desk.until(lambda: any(not picture.is_preview for picture in desk.pictures))
    assert looked == ([] if previews else ["a"])


def test_what_was_read_once_arrives_at_once(loading: Make, desk: Desk, images: dict[str, bytes]) -> None:
    store = Store(images)
    loader = loading(store)
    loader.want(item("a"), 0, desk)
    desk.until(lambda: len(desk.pictures) == 1)
    loader.want(item("a"), 0, desk)
    assert len(desk.pictures) == 2, "before `want` returned"
    assert store.asked == ["a"]


def test_what_is_read_ahead_arrives_at_once(loading: Make, desk: Desk, images: dict[str, bytes]) -> None:
    loader = loading(Store(images))
    loader.prefetch([(item("b"), 0), (item("c"), 0)])
    desk.until(lambda: loader.cache.get(("c", 0, Filter.NONE)) is not None)
    assert desk.pictures == []
    loader.want(item("b"), 0, desk)
    assert [picture.key for picture in desk.pictures] == ["b"]


def test_who_has_moved_on_is_told_nothing_and_the_download_stops(
    loading: Make, desk: Desk, images: dict[str, bytes]
) -> None:
    store = Store(images)
    store.gate.clear()
    loader = loading(store)
    gone = loader.want(item("a"), 0, desk)
    desk.until(lambda: store.asked == ["a"])
    gone.cancel()
    desk.until(lambda: store.stopped == ["a"])
    store.gate.set()
    loader.want(item("b"), 0, desk)
    desk.until(lambda: bool(desk.pictures))
    assert [picture.key for picture in desk.pictures] == ["b"]
    assert desk.errors == []


def test_what_was_to_be_read_ahead_gives_way(loading: Make, desk: Desk, images: dict[str, bytes]) -> None:
    store = Store(images)
    store.gate.clear()
    loader = loading(store)
    loader.prefetch([(item("b"), 0), (item("c"), 0)])
    desk.until(lambda: store.asked == ["b"])
    loader.prefetch([(item("d"), 0)])
    desk.until(lambda: store.stopped == ["b"])
    store.gate.set()
    desk.until(lambda: loader.cache.get(("d", 0, Filter.NONE)) is not None)
    assert store.asked == ["b", "d"]


def test_what_is_read_ahead_never_stands_before_what_is_wanted(
    loading: Make, desk: Desk, images: dict[str, bytes]
) -> None:
    """Reading ahead waits for a slow original; the image that is wanted arrives all the same."""
    store = Store(images)
    store.slow = {"b"}
    loader = loading(store)
    loader.prefetch([(item("b"), 0)])
    desk.until(lambda: store.asked == ["b"])
    loader.want(item("a"), 0, desk)
    desk.until(lambda: bool(desk.pictures))
    assert [picture.key for picture in desk.pictures] == ["a"]


def test_a_damaged_image_fails_with_its_reason_and_others_live(
    loading: Make, desk: Desk, images: dict[str, bytes]
) -> None:
    loader = loading(Store(images))
    loader.want(item("bad"), 0, desk)
    loader.want(item("a"), 0, desk)
    loader.want(item("nowhere"), 0, desk)
    desk.until(lambda: len(desk.errors) == 2 and len(desk.pictures) == 1)
    assert {type(error) for error in desk.errors} == {DamagedPixels, KeyError}


def test_a_filtered_image_is_kept_beside_the_original(loading: Make, desk: Desk, images: dict[str, bytes]) -> None:
    loader = loading(Store(images))
    loader.want(item("a"), 0, desk, Filter.SMOOTH)
    desk.until(lambda: len(desk.pictures) == 1)
    assert desk.pictures[0].filter_name
    loader.want(item("a"), 0, desk)
    assert desk.pictures[1].filter_name == ""


@pytest.mark.parametrize("previews", [True, False])
def test_small_pictures_stand_upright(loading: Make, desk: Desk, images: dict[str, bytes], previews: bool) -> None:
    loader = loading(Store(images, previews))
    turned = ImageItem("a", rows=300, columns=400, quarter_turns=0 if previews else 1)
    found: list[object] = []
    loader.thumbnail(turned, found.append)
    loader.thumbnail(item("bad"), found.append) if not previews else None
    desk.until(lambda: len(found) == (1 if previews else 2))
    shapes = [None if made is None else np.shape(made) for made in found]
    small = next(shape for shape in shapes if shape is not None)
    assert (small[1] > small[0]) is previews
    assert max(small) <= 210
