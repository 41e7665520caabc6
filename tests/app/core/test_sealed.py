"""Sealed files: random access reads what was put, and nothing in them can be changed unseen."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import struct
import tempfile
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import IntegrityFailure, NotFound
from app.core.sealed import SealedStore
from app.core.sealed_segments import SEGMENT

KEY = b"k" * 32
HEAD, PIECE = 24, SEGMENT + 16
SIZES = (0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 3 * SEGMENT + 5)


@pytest.fixture
def store(tmp_path: Path) -> SealedStore:
    return SealedStore(tmp_path / "sealed", KEY)


def content_of(size: int) -> bytes:
    return hashlib.shake_128(str(size).encode()).digest(size)


@pytest.mark.parametrize("size", SIZES)
def test_what_is_put_is_read(store: SealedStore, tmp_path: Path, size: int) -> None:
    content = content_of(size)
    name = store.put(content)
    assert name == hashlib.sha256(content).hexdigest()
    assert (store.read(name), store.size(name), store.exists(name)) == (content, size, True)
    (tmp_path / "file").write_bytes(content)
    other = SealedStore(tmp_path / "other", KEY)
    assert other.put(tmp_path / "file") == name
    assert other.read(name) == content


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(SIZES), st.lists(st.tuples(st.integers(0, 4 * SEGMENT), st.integers(0, 2 * SEGMENT)), max_size=8)
)
def test_random_access_is_that_of_the_plain_bytes(size: int, reads: list[tuple[int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store, content = SealedStore(Path(folder), KEY), content_of(size)
        plain = io.BytesIO(content)
        with store.open(store.put(content)) as sealed:
            for offset, length in reads:
                assert sealed.seek(offset) == plain.seek(offset)
                assert sealed.read(length) == plain.read(length)
            for whence in (os.SEEK_CUR, os.SEEK_END):
                plain.seek(sealed.tell())
                assert sealed.seek(-min(1, size, sealed.tell()), whence) == plain.seek(
                    -min(1, size, plain.tell()), whence
                )
                assert sealed.read() == plain.read()


def test_nothing_plain_stands_in_the_file(store: SealedStore) -> None:
    content = b"\x89PNG\r\n\x1a\n" + b"\x00" * 128 + b"DICM" + b"Tremblay" * 20_000
    sealed = store.path(store.put(content)).read_bytes()
    for trace in (b"PNG", b"DICM", b"Tremblay"):
        assert trace not in sealed
    assert len(sealed) == HEAD + len(content) + 16 * 3


def test_the_same_content_is_kept_once_and_sealed_anew_elsewhere(store: SealedStore, tmp_path: Path) -> None:
    name = store.put(b"x" * 1000)
    first = store.path(name).read_bytes()
    assert store.put(b"x" * 1000) == name
    assert store.path(name).read_bytes() == first
    assert list(store.names()) == [name]
    other = SealedStore(tmp_path / "other", KEY)
    assert other.path(other.put(b"x" * 1000)).read_bytes() != first, "a nonce was used twice"


def flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def swap(data: bytes) -> bytes:
    first, second = data[HEAD : HEAD + PIECE], data[HEAD + PIECE : HEAD + 2 * PIECE]
    return data[:HEAD] + second + first + data[HEAD + 2 * PIECE :]


def claim(data: bytes, length: int) -> bytes:
    return data[:16] + struct.pack("<Q", length) + data[HEAD:]


SPOILT = {
    "a bit": lambda data: flip(data, HEAD + 5),
    "a bit of the last segment": lambda data: flip(data, len(data) - 20),
    "a bit of a tag": lambda data: flip(data, HEAD + SEGMENT + 3),
    "a bit of the nonce": lambda data: flip(data, 6),
    "a bit of the nonce's end": lambda data: flip(data, 13),
    "the magic": lambda data: flip(data, 0),
    "two segments swapped": swap,
    "a segment twice": lambda data: data[: HEAD + PIECE] + data[HEAD : HEAD + PIECE] + data[HEAD + 2 * PIECE :],
    "a segment cut out": lambda data: claim(data[:HEAD] + data[HEAD + PIECE :], 2 * SEGMENT + 5),
    "the last segment cut off": lambda data: data[: HEAD + 3 * PIECE],
    "the last segment cut off, and the length": lambda data: claim(data[: HEAD + 3 * PIECE], 3 * SEGMENT),
    "a byte cut off": lambda data: data[:-1],
    "a byte more": lambda data: data + b"x",
    "a segment more": lambda data: data + data[HEAD : HEAD + PIECE],
    "a shorter length": lambda data: claim(data, 3 * SEGMENT),
    "a longer length": lambda data: claim(data, 4 * SEGMENT),
    "no length": lambda data: claim(data[:HEAD], 0),
    "no header": lambda data: data[:10],
    "nothing": lambda data: b"",
}


def read_in_pieces(store: SealedStore, name: str) -> None:
    with store.open(name) as stream:
        while stream.read(SEGMENT):
            pass


@pytest.mark.parametrize("how", SPOILT)
def test_damage_is_noticed(store: SealedStore, how: str) -> None:
    name = store.put(content_of(3 * SEGMENT + 5))
    path = store.path(name)
    path.write_bytes(SPOILT[how](path.read_bytes()))
    with pytest.raises(IntegrityFailure):
        store.read(name)
    with pytest.raises(IntegrityFailure):
        read_in_pieces(store, name)


def test_another_file_under_this_name_is_noticed(store: SealedStore) -> None:
    name, other = store.put(b"one"), store.put(b"two")
    store.path(name).write_bytes(store.path(other).read_bytes())
    with pytest.raises(IntegrityFailure):
        store.read(name)


def test_another_key_reads_nothing(store: SealedStore) -> None:
    name = store.put(b"one")
    with pytest.raises(IntegrityFailure):
        SealedStore(store.folder, b"x" * 32).read(name)


def test_a_file_that_is_not_here(store: SealedStore) -> None:
    with pytest.raises(NotFound):
        store.read("ab" * 32)
    store.remove("ab" * 32)


def test_a_removed_file_is_gone(store: SealedStore) -> None:
    name = store.put(b"one")
    path = store.path(name)
    other = path.with_name("hard link")
    os.link(path, other)
    store.remove(name)
    assert not store.exists(name)
    assert other.read_bytes()[:HEAD] == bytes(HEAD), "the nonce is overwritten: the rest cannot be read again"


def test_a_file_that_changes_while_it_is_read_is_refused(
    store: SealedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "growing"
    source.write_bytes(b"first")
    digest = hashlib.file_digest

    def change_after(*args: object) -> object:
        result = digest(*args)
        source.write_bytes(b"other")
        return result

    monkeypatch.setattr(hashlib, "file_digest", change_after)
    with pytest.raises(IntegrityFailure, match="changed while"):
        store.put(source)
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_a_crash_in_the_middle_leaves_no_file(store: SealedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        store.put(content_of(SEGMENT * 2))
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_the_sweep_takes_what_no_row_names(store: SealedStore) -> None:
    kept, orphan, fresh = (store.put(text) for text in (b"kept", b"orphan", b"fresh"))
    for name in (kept, orphan):
        os.utime(store.path(name), (0, 0))
    assert store.sweep(frozenset({kept})) == 1
    assert sorted(store.names()) == sorted([kept, fresh])
    assert store.sweep(frozenset({kept}), older_than=timedelta(days=-1)) == 1
    assert list(store.names()) == [kept]
    assert not store.exists(orphan)


def test_a_file_that_is_put_again_outlives_the_sweep(store: SealedStore) -> None:
    """Its row is not written yet: the sweep must not take it for the orphan that it was."""
    name = store.put(b"orphan")
    os.utime(store.path(name), (0, 0))
    store.put(b"orphan")
    assert store.sweep(frozenset()) == 0
    assert store.read(name) == b"orphan"


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_only_the_owner_may_read(store: SealedStore) -> None:
    assert store.path(store.put(b"x")).stat().st_mode & 0o077 == 0


def test_a_worker_process_gets_the_store_without_its_line_to_elsewhere(store: SealedStore) -> None:
    """A workstation with a server seals in workers, as one without does."""

    class Line:
        def __init__(self) -> None:
            self.held = threading.Lock()  # nothing that holds one can be sent to another process

        def bring(self, sha256: str, progress: Callable[[float], None]) -> None:
            raise AssertionError("nobody asked")

    store.elsewhere = Line()
    sent = pickle.loads(pickle.dumps(store))
    assert sent.elsewhere is None
    assert sent.put(b"an image") == store.put(b"an image")
    assert store.elsewhere is not None
