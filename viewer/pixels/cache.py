"""Pictures that were shown or will be shown soon, within a budget of bytes; the least recently used go first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

from viewer.pixels.picture import Picture

BUDGET_BYTES = 512 << 20


class PictureCache:
    """Any thread may use it."""

    def __init__(self, budget: int = BUDGET_BYTES) -> None:
        self.budget = budget
        self._held: OrderedDict[Hashable, Picture] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes held."""
        return self._size

    def get(self, key: Hashable) -> Picture | None:
        """The picture, which is now the most recently used."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: Hashable, picture: Picture) -> None:
        """Keep a picture; one that is larger than the whole budget is not kept."""
        with self._lock:
            self._drop(key)
            if picture.nbytes > self.budget:
                return
            self._held[key] = picture
            self._size += picture.nbytes
            while self._size > self.budget:
                self._drop(next(iter(self._held)))

    def _drop(self, key: Hashable) -> None:
        old = self._held.pop(key, None)
        self._size -= old.nbytes if old is not None else 0

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._held.clear()
            self._size = 0
