"""What a verb says: tables and sentences for people, or one JSON document for programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import msgspec

from app.cli.plain import plain
from app.core.errors import ClinicError
from app.core.i18n import N_, _

FAULT = N_("The program stopped on a fault of its own ({kind}).")


@dataclass(slots=True)
class Console:
    """Where a verb writes. In JSON mode exactly one document is printed, when the verb has ended."""

    out: TextIO
    err: TextIO
    as_json: bool = False
    _document: list[Any] = field(default_factory=list)

    def emit(self, payload: Any, text: str | Callable[[], str] = "") -> None:
        """Answer: `payload` for programs, `text` (or the function that makes it) for people."""
        if self.as_json:
            self._document = [plain(payload)]
            return
        shown = text if isinstance(text, str) else text()
        if shown:
            print(shown, file=self.out)

    def note(self, text: str) -> None:
        """A sentence beside the answer, on standard error."""
        print(text, file=self.err)

    def fail(self, error: ClinicError) -> int:
        """Say why it was refused; returns the exit code."""
        self._say_error(str(error), error.message_id, error.field, error.values, error.exit_code)
        return error.exit_code

    def fault(self, kind: str, log: Path | None) -> int:
        """Say that the program itself failed, with no value of the failure; returns exit code 1."""
        self._say_error(_(FAULT, kind=kind), FAULT, None, {"kind": kind}, 1)
        if log is not None:
            self.note(_(N_("Where it happened is noted in {path}, without any patient data."), path=str(log)))
        return 1

    def close(self) -> None:
        """Print the JSON document, if there is one."""
        for document in self._document:
            print(msgspec.json.format(msgspec.json.encode(document), indent=2).decode(), file=self.out)
        self._document = []

    def _say_error(self, sentence: str, message_id: str, at: str | None, values: dict[str, Any], code: int) -> None:
        if self.as_json:
            document = {"error": sentence, "message_id": message_id, "field": at, "values": values, "exit": code}
            self._document = [plain(document)]
        else:
            self.note(sentence)
