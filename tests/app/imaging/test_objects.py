"""The local object store: whole or not at all, by hash, by range, and resumed where it stopped."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import NotFound, RuleViolation, UsageError
from app.imaging.local_objects import PIECE, LocalObjects
from app.imaging.ports import ObjectDamaged, ObjectStore

BYTES = bytes(range(256)) * 9000
SHA = hashlib.sha256(BYTES).hexdigest()
KEY = "clinic-1/ab/cdef.bin"


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    """A store in a folder that does not exist yet."""
    return LocalObjects(tmp_path / "objects")


def test_what_was_put_comes_back_and_is_known(store: ObjectStore) -> None:
    assert len(BYTES) > 2 * PIECE
    assert store.head(KEY) is None
    head = store.put(KEY, io.BytesIO(BYTES), SHA)
    assert (head.key, head.size_bytes, head.sha256) == (KEY, len(BYTES), SHA)
    assert store.head(KEY) == head
    assert store.get(KEY) == BYTES


@pytest.mark.parametrize(
    ("start", "length"), [(0, 10), (PIECE - 3, 7), (PIECE, None), (5, 0), (len(BYTES) - 4, 99), (len(BYTES) + 1, 5)]
)
def test_a_range_is_cut_out_exactly(store: ObjectStore, start: int, length: int | None) -> None:
    store.put(KEY, io.BytesIO(BYTES), SHA)
    assert store.get(KEY, start, length) == BYTES[start : None if length is None else start + length]


def test_putting_the_same_again_is_no_fault_and_another_is_refused(store: ObjectStore) -> None:
    first = store.put(KEY, io.BytesIO(BYTES), SHA)
    assert store.put(KEY, io.BytesIO(BYTES), SHA) == first
    with pytest.raises(RuleViolation):
        store.put(KEY, io.BytesIO(b"other"), hashlib.sha256(b"other").hexdigest())
    assert store.get(KEY) == BYTES


def test_bytes_that_are_not_those_of_the_hash_leave_nothing(store: ObjectStore, tmp_path: Path) -> None:
    with pytest.raises(ObjectDamaged):
        store.put(KEY, io.BytesIO(BYTES[:-1]), SHA)
    assert store.head(KEY) is None
    assert list(store.list()) == []
    assert not [path for path in (tmp_path / "objects").rglob("*") if path.is_file()]


def test_a_stream_that_fails_leaves_nothing(store: ObjectStore, tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("the cable was pulled")

    with pytest.raises(OSError, match="cable"):
        store.put(KEY, Broken(), SHA)
    assert not [path for path in (tmp_path / "objects").rglob("*") if path.is_file()]


def test_an_upload_goes_on_where_it_stopped(store: ObjectStore, tmp_path: Path) -> None:
    assert store.received(KEY) == 0
    assert store.append(KEY, 0, BYTES[:1000]) == 1000
    with pytest.raises(RuleViolation):
        store.append(KEY, 0, BYTES[:1000])
    again: ObjectStore = LocalObjects(tmp_path / "objects")  # another process, after a power cut
    assert again.received(KEY) == 1000
    assert again.head(KEY) is None, "what has not arrived whole is not there"
    again.append(KEY, 1000, BYTES[1000:])
    assert again.complete(KEY, SHA).size_bytes == len(BYTES)
    assert again.received(KEY) == 0
    assert store.get(KEY) == BYTES


def test_an_upload_of_other_bytes_begins_anew(store: ObjectStore) -> None:
    store.append(KEY, 0, b"wrong")
    with pytest.raises(ObjectDamaged):
        store.complete(KEY, SHA)
    assert store.received(KEY) == 0
    with pytest.raises(NotFound):
        store.complete(KEY, SHA)


def test_an_upload_of_what_is_here_already_is_done_at_once(store: ObjectStore) -> None:
    store.put(KEY, io.BytesIO(BYTES), SHA)
    store.append(KEY, 0, BYTES[:10])
    assert store.complete(KEY, SHA).sha256 == SHA
    assert store.received(KEY) == 0


def test_rot_is_noticed_in_any_range_and_so_is_a_lost_file(store: ObjectStore, tmp_path: Path) -> None:
    store.put(KEY, io.BytesIO(BYTES), SHA)
    path = tmp_path / "objects" / "objects" / KEY
    rotten = bytearray(BYTES)
    rotten[-1] ^= 1
    path.write_bytes(rotten)
    with pytest.raises(ObjectDamaged):
        store.get(KEY, 0, 1)
    path.unlink()
    with pytest.raises(ObjectDamaged):
        store.get(KEY)


def test_bytes_without_a_head_are_no_object(store: ObjectStore, tmp_path: Path) -> None:
    left = tmp_path / "objects" / "objects" / KEY
    left.parent.mkdir(parents=True)
    left.write_bytes(BYTES[:77])  # killed between the bytes and the head
    assert store.head(KEY) is None
    with pytest.raises(NotFound):
        store.get(KEY)
    assert store.put(KEY, io.BytesIO(BYTES), SHA).size_bytes == len(BYTES)


def test_objects_are_listed_by_prefix_in_order_and_deleted(store: ObjectStore) -> None:
    for key in ("b/1", "a/2", "a/1", "c"):
        store.put(key, io.BytesIO(key.encode()), hashlib.sha256(key.encode()).hexdigest())
    assert [head.key for head in store.list()] == ["a/1", "a/2", "b/1", "c"]
    assert [head.key for head in store.list("a/")] == ["a/1", "a/2"]
    assert store.delete("a/1")
    assert not store.delete("a/1")
    assert [head.key for head in store.list("a")] == ["a/2"]


@pytest.mark.parametrize(
    "key", ["", "/a", "a/", "a//b", "..", "a/../b", ".hidden", "a/.b", "a b", "é", "a\\b", "a" * 200]
)
def test_no_key_leads_out_of_the_folder(store: ObjectStore, key: str) -> None:
    for door in (store.head, store.get, store.received, store.delete):
        with pytest.raises(UsageError):
            door(key)


@settings(max_examples=40, deadline=None)
@given(pieces=st.lists(st.binary(min_size=1, max_size=300), min_size=1, max_size=8))
def test_any_pieces_make_the_object_of_their_sum(tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]) -> None:
    store, whole = LocalObjects(tmp_path_factory.mktemp("store")), b"".join(pieces)
    for piece in pieces:
        store.append("k", store.received("k"), piece)
    assert store.complete("k", hashlib.sha256(whole).hexdigest()).size_bytes == len(whole)
    assert store.get("k") == whole
