"""The bench: all that a screen needs of the rest of the program: run a command, ask a query, know what is allowed.

Everything that comes back arrives in the main thread: worker threads only emit signals of this QObject, which lives
there (a signal of a sender in a worker thread would run plain functions in that thread).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.core.errors import ClinicError, PermissionDenied
from app.core.i18n import N_, _
from app.journal.commands import Command, Query
from app.journal.queries import NOBODY, Actor
from app.journal.settings_store import change_setting
from ui.shell.asking import Asking, Reader
from ui.shell.errors import Form, Presenter
from ui.shell.progress import ProgressCentre
from ui.shell.running import Ran, Running
from ui.shell.server_link import ServerLink

if TYPE_CHECKING:
    from app.core.permissions import Permission
    from app.core.settings import Setting
    from app.journal.changes import ChangeSet
    from app.journal.runner import Done, Runner
    from ui.shell.screen import Screen

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

SETTING_TABLES = frozenset({"clinic_setting", "user_setting", "workstation_setting"})
UNDO_DEPTH = 20


class Bench(QObject):
    """One for the windows of this program. Lives in the main thread.

    `progress.start(title, total=…)` registers long work; see `ProgressCentre`. `server` says how the workstation
    stands towards its server.
    """

    actor_changed = Signal(object)
    changed = Signal(object)
    """A ChangeSet, in the main thread, after the screens have been told."""
    ran = Signal(object)
    """A `Ran`: something was done that a toast should tell."""
    confirmation_needed = Signal(object)
    """A `Running` that waits: `again()` when the person gave their password again, else `give_up()`."""
    closing = Signal()
    """The last window goes: threads of screens end now."""
    idle = Signal()
    """Nothing is on its way any more."""
    _arrived = Signal(object)

    def __init__(self, runner: Runner, presenter: Presenter | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runner = runner
        self.presenter = presenter or Presenter(self)
        self.actor: Actor = NOBODY
        self._asking = Asking(runner, self._follow, self._refused)
        self._readers = self._asking.readers
        self.server = ServerLink(self)
        self.progress = ProgressCentre(self)
        self.progress.finished.connect(self._say_finished)
        self.progress.failed.connect(self.presenter.present)
        self.confirms = False
        """Whether somebody asks for the password again when a command needs it."""
        self._settings: dict[tuple[str, str], Any] = {}
        self._undoable: list[tuple[str, str]] = []
        self._redoable: list[tuple[str, str]] = []
        self._on_the_way = 0
        self._closed = False
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = runner.subscribe(self._notice)

    # -- who ------------------------------------------------------------------------------------------------
    def sign_in(self, actor: Actor) -> None:
        """From now on everything is done in this person's name; screens that are open read again."""
        self.actor = actor
        self._undoable.clear()
        self._redoable.clear()
        self.actor_changed.emit(actor)

    def may(self, item: Command[..., Any] | Query[..., Any] | Permission | None) -> bool:
        """Whether the person at the keyboard holds the right of a command, a query or a permission."""
        permission = item.permission if isinstance(item, Command | Query) else item
        return self.actor.may(permission)

    def reason(self, item: Command[..., Any] | Query[..., Any]) -> str:
        """Why a command is refused, as a sentence; empty when it is allowed."""
        if item.permission is None or self.may(item):
            return ""
        return str(PermissionDenied(item.permission.name, item.permission.label))

    # -- run ------------------------------------------------------------------------------------------------
    def run(self, command: Command[P, R], *args: P.args, **kwargs: P.kwargs) -> Running[R]:
        """Run a command on the writer thread; afterwards a toast offers undo, or the presenter says why not."""
        return self.run_for(None, command, *args, **kwargs)

    def run_for(self, form: Form | None, command: Command[P, R], *args: P.args, **kwargs: P.kwargs) -> Running[R]:
        """As `run`; a rule that names a field is said under that field of `form`."""
        actor = self.actor
        running: Running[R] = Running(
            self, command.name, command.label, form, lambda: self.runner.submit(actor, command, *args, **kwargs)
        )
        return running.again()

    def run_bound(self, form: Form | None, command: Command[..., R], arguments: dict[str, Any]) -> Running[R]:
        """As `run_for`, with the arguments by name, as a generated form has them."""
        actor = self.actor
        running: Running[R] = Running(
            self, command.name, command.label, form, lambda: self.runner.submit_bound(actor, command, arguments)
        )
        return running.again()

    def remember(self, setting: Setting[str], value: str, actor: Actor | None = None) -> None:
        """Keep how the person (or `actor`) has arranged something; nothing is said, and undo does not touch it."""
        who = actor or self.actor
        if who is not NOBODY and not self._closed:
            self._follow(self.runner.submit(who, change_setting, setting.name, value), self._remembered)

    def _remembered(self, future: Future[Any]) -> None:
        error = future.exception()
        if error is not None:
            self.presenter.present(error, "remember")

    def _say_finished(self, sentence: str) -> None:
        self.ran.emit(Ran(sentence, None))

    def note_done(self, operation_id: str | None, sentence: str, group_id: str = "") -> None:
        """Remember what can be undone (an operation, or a group of them), and have the toast told."""
        self._redoable.clear()
        if operation_id is not None:
            self._undoable = [*self._undoable, (operation_id, group_id)][-UNDO_DEPTH:]
        if sentence:
            self.ran.emit(Ran(sentence, operation_id, group_id))

    def undo(self, operation_id: str, group_id: str = "") -> None:
        """Take one operation back, or its whole group; refusals (somebody changed it since) are said in the banner."""
        actor = self.actor
        if (operation_id, group_id) in self._undoable:
            self._undoable.remove((operation_id, group_id))
        if group_id:
            self._follow(self._readers.submit(self.runner.undo_group, actor, group_id), self._undone)
        else:
            self._follow(self._readers.submit(self.runner.undo, actor, operation_id), self._undone)

    def undo_last(self) -> bool:
        """Undo the last thing that this person did here; False when there is nothing."""
        if not self._undoable:
            return False
        self.undo(*self._undoable[-1])
        return True

    def _undone(self, future: Future[Done[None]]) -> None:
        error = future.exception()
        if error is not None:
            self.presenter.present(error, "undo")
            return
        done = future.result()
        self._redoable = [*self._redoable, (done.operation_id, done.group_id or "")][-UNDO_DEPTH:]
        self.ran.emit(Ran(_(N_("Undone")), None))

    def redo_last(self) -> bool:
        """Do again what this person undid last; False when there is nothing. Another command ends the way forward."""
        if not self._redoable:
            return False
        operation, group = self._redoable.pop()
        actor, runner = self.actor, self.runner
        if group:
            self._follow(self._readers.submit(runner.undo_group, actor, group), self._redone)
        else:
            self._follow(self._readers.submit(runner.undo, actor, operation), self._redone)
        return True

    def _redone(self, future: Future[Done[None]]) -> None:
        error = future.exception()
        if error is not None:
            self.presenter.present(error, "redo")
            return
        done = future.result()
        self._undoable = [*self._undoable, (done.operation_id, done.group_id or "")][-UNDO_DEPTH:]
        self.ran.emit(Ran(_(N_("Done again")), done.operation_id, done.group_id or ""))

    # -- ask ------------------------------------------------------------------------------------------------
    def ask(self, query: Query[P, R], then: Callable[[R], None], *args: P.args, **kwargs: P.kwargs) -> None:
        """Answer `then(result)` in the main thread. Of several questions with the same `then`, only the last counts.

        When `then` belongs to a screen, or the question is asked while a screen reloads, the tables that the query
        read decide which commits make that screen read again.
        """
        self.ask_for(_screen_of(then) or self._asking.reloading, query, then, *args, **kwargs)

    def reloading(self, screen: Screen) -> AbstractContextManager[None]:
        """What is asked meanwhile is asked for this screen: a lambda as `then` does not tell whose it is."""
        return self._asking.for_screen(screen)

    def ask_for(
        self, screen: Reader | None, query: Query[P, R], then: Callable[[R], None], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """As `ask`, for a screen that is named."""
        if not self._closed:
            self._asking.ask(screen, self.actor, query, then, args, kwargs)

    def _refused(self, screen: Reader | None, error: BaseException, name: str) -> None:
        if screen is not None and isinstance(error, ClinicError):
            screen.show_error(error)
        else:
            self.presenter.present(error, name)

    def background(self, work: Callable[[], T], then: Callable[[Future[T]], None]) -> None:
        """Run slow work that is neither query nor command (a password hash, a file) off the main thread."""
        if not self._closed:
            self._follow(self._readers.submit(work), then)

    def setting(self, setting: Setting[T], actor: Actor | None = None) -> T:
        """The value in force for this person (or `actor`) at this workstation; read once until a commit changes one."""
        who = actor or self.actor
        return self.kept((who.id, setting.name), lambda: self.runner.setting(who, setting))

    def kept(self, key: tuple[str, str], read: Callable[[], T]) -> T:
        """What follows from settings alone, read once until a commit changes one."""
        known = self._settings  # into what stood before it was read
        if key not in known:
            known[key] = read()
        value: T = known[key]
        return value

    # -- changes --------------------------------------------------------------------------------------------
    def tables_of(self, screen: Reader) -> frozenset[str]:
        """The tables that the answers on a screen came from."""
        return self._asking.tables_of(screen)

    def _notice(self, changes: ChangeSet) -> None:
        """On the writer thread: forget what was read, hand over, nothing else."""
        if changes.touches(SETTING_TABLES):
            self._settings = {}
        number = self._asking.note(changes)
        if not self._closed:
            self._arrived.emit(lambda: self._apply(changes, number))

    def _apply(self, changes: ChangeSet, number: int = 0) -> None:
        self._asking.tell(changes, number)
        self.changed.emit(changes)

    def follow_command(self, future: Future[T], arrive: Callable[[Future[T]], None]) -> None:
        """Hand the end of a command over to the main thread."""
        self._follow(future, arrive)

    # -- threads --------------------------------------------------------------------------------------------
    def _follow(self, future: Future[T], arrive: Callable[[Future[T]], None]) -> None:
        self._on_the_way += 1

        def hand_over(ended: Future[T]) -> None:
            if not self._closed:
                self._arrived.emit(lambda: self._end(arrive, ended))

        future.add_done_callback(hand_over)

    def _end(self, arrive: Callable[[Future[T]], None], ended: Future[T]) -> None:
        self._on_the_way -= 1
        try:
            if not ended.cancelled():
                arrive(ended)
        finally:
            if self._on_the_way == 0:
                self.idle.emit()

    @property
    def busy(self) -> bool:
        """Whether an answer or a command is still on its way."""
        return self._on_the_way > 0

    @Slot(object)
    def _deliver(self, deed: Callable[[], None]) -> None:
        deed()

    def close(self) -> None:
        """Stop listening and end the reader threads; what is on its way is dropped."""
        self.closing.emit()
        self._closed = True
        self._unsubscribe()
        self._readers.shutdown(wait=True, cancel_futures=True)


def _screen_of(then: Callable[..., Any]) -> Screen | None:
    """The screen that a bound method belongs to, through the parents of its widget."""
    from PySide6.QtWidgets import QWidget

    from ui.shell.screen import Screen

    owner = getattr(then, "__self__", None)
    widget = owner if isinstance(owner, QWidget) else None
    while widget is not None and not isinstance(widget, Screen):
        widget = widget.parentWidget()
    return widget
