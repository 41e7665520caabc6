"""Texts that can be said again: a widget's setter and its message, so that the language switches live."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.core.i18n import _


class Words:
    """The fixed texts of one screen or panel."""

    def __init__(self) -> None:
        self._put: dict[Callable[[str], Any], tuple[str, dict[str, Any]]] = {}

    def put(self, setter: Callable[[str], Any], message_id: str, **values: Any) -> None:
        """Set the text now and after each switch of language; a later call for the same setter replaces it."""
        self._put[setter] = (message_id, values)
        setter(_(message_id, **values))

    def again(self) -> None:
        """Say everything in the language in force."""
        for setter, (message_id, values) in self._put.items():
            setter(_(message_id, **values))
