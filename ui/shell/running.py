"""A command on its way, and what is told when it has been done."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QObject

from app.access.queries import ConfirmationNeeded
from app.core.i18n import N_, _
from ui.shell.errors import Form

if TYPE_CHECKING:
    from app.journal.runner import Done
    from ui.shell.bench import Bench

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Ran:
    """What the toast says after a command: the sentence, and the operation that *Undo* takes back (if it can)."""

    sentence: str
    operation_id: str | None
    group_id: str = ""

    @property
    def undoable(self) -> bool:
        """Whether there is a way back."""
        return self.operation_id is not None


class Running(QObject, Generic[R]):
    """A command on its way. Slots that are added now are called in the main thread when it has ended."""

    def __init__(
        self, bench: Bench, doing: str, label: str, form: Form | None, submit: Callable[[], Future[Done[R]]]
    ) -> None:
        super().__init__(bench)
        self._bench, self._doing, self.label, self._form, self._submit = bench, doing, label, form, submit
        self._refused: BaseException | None = None
        self._then: list[Callable[[R], None]] = []
        self._finally: list[Callable[[], None]] = []
        self._instead: Callable[[BaseException], bool] | None = None
        self._sentence: str | None = None

    def then(self, slot: Callable[[R], None]) -> Running[R]:
        """Call `slot(result)` when the command has been committed."""
        self._then.append(slot)
        return self

    def instead(self, slot: Callable[[BaseException], bool]) -> Running[R]:
        """Offer a failure to `slot` first; when it returns False the presenter says it."""
        self._instead = slot
        return self

    def at_end(self, slot: Callable[[], None]) -> Running[R]:
        """Call `slot()` whatever happens: a busy button wakes up."""
        self._finally.append(slot)
        return self

    def say(self, sentence: str) -> Running[R]:
        """What the toast says afterwards, in place of the command's label; an empty text: no toast."""
        self._sentence = sentence
        return self

    def again(self) -> Running[R]:
        """Send the command to the writer thread, now or once more; in the name of whoever asked for it."""
        self._bench.follow_command(self._submit(), self.arrive)
        return self

    def give_up(self) -> None:
        """Nobody confirmed: the refusal is said after all."""
        refused = self._refused
        self._refused = None
        if refused is not None:
            self._end(refused, None)

    def arrive(self, future: Future[Done[R]]) -> None:
        """The end, in the main thread; unless the person must say first that they are who they are."""
        error = future.exception()
        if isinstance(error, ConfirmationNeeded) and self._refused is None and self._bench.confirms:
            self._refused = error
            self._bench.confirmation_needed.emit(self)
            return
        self._end(error, None if error is not None else future.result())

    def _end(self, error: BaseException | None, done: Done[R] | None) -> None:
        try:
            if done is not None:
                self._succeed(done)
            elif error is None:
                return
            elif self._instead is None or not self._instead(error):
                self._bench.presenter.present(error, self._doing, self._form)
        finally:
            for slot in self._finally:
                slot()
            self.deleteLater()

    def _succeed(self, done: Done[R]) -> None:
        sentence = _(N_("Done: {label}"), label=self.label) if self._sentence is None else self._sentence
        self._bench.note_done(done.operation_id if done.undoable else None, sentence)
        for slot in self._then:
            slot(done.result)
