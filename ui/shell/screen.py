"""What every screen is: it builds itself once, reads itself again when its tables change, and says how it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from app.core.errors import PermissionDenied
from app.core.i18n import N_, _
from ui.shell.errors import icon_of, sentence_of
from ui.shell.words import Words
from ui.widgets.cards import EmptyState

if TYPE_CHECKING:
    from app.journal.commands import Query
    from ui.shell.bench import Bench

P = ParamSpec("P")
R = TypeVar("R")

SKELETON_AFTER = 300
"""Milliseconds of silence before a screen says that it is reading (design: under 300 ms, nothing)."""


class Screen(QWidget):
    """Base of all screens. Subclasses fill `self.body` in `build` and ask their queries in `reload`.

    `open_screen(name, **chosen)` is emitted to go elsewhere. Texts put through `self.words` follow the language.
    """

    open_screen = Signal(str, dict)
    went_back = Signal()
    titled = Signal()
    """The title or the line under it has changed."""
    help_turned = Signal()
    """Another page of the help belongs to what is done now."""

    title: str = ""
    """A msgid; the window sets that of the declaration."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bench = bench
        self.words = Words()
        self.stale = True
        self.focus_reason = Qt.FocusReason.ActiveWindowFocusReason
        self.body = QWidget(self)
        self._state: QWidget | None = None
        self._say_state: Callable[[], None] | None = None
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.body)
        self._busy_timer = QTimer(self, singleShot=True, interval=SKELETON_AFTER)
        self._busy_timer.timeout.connect(self._say_busy)
        self.build()

    def help_page(self) -> str:
        """The page of the help for what is done now; '' for the screen’s own."""
        return ""

    # -- for subclasses -------------------------------------------------------------------------------------
    def build(self) -> None:
        """Make the widgets, once, inside `self.body`."""

    def prepare(self) -> None:
        """Make what is shown first and is otherwise made then: this screen is made before anybody asks for it."""

    def reload(self) -> None:
        """Ask the queries whose answers this screen shows."""

    def choose(self, **chosen: Any) -> None:
        """Take what the screen is opened for (`patient_id=...`)."""

    def context(self) -> dict[str, Any]:
        """The ids of what is shown (`patient_id`, …): commands of the palette take them; the window adds its own."""
        return {}

    def printed(self) -> dict[str, Any]:
        """What Ctrl P prints from here: `document`, and the `patient_id`, `appointment_id` or day `on` of it."""
        return {}

    @property
    def busy(self) -> bool:
        """Whether something that was asked of this screen is still being made, beside queries and commands."""
        return False

    def faces(self) -> dict[str, dict[str, Any]]:
        """What else there is to see here than what opens first: {name: what `choose` takes to show it}.

        The pictures and the walks of the tests go through them; a `patient_id` is filled in with theirs.
        """
        return {}

    def heading(self) -> str:
        """The words at the left of the top bar."""
        return _(self.title)

    def subheading(self) -> str:
        """The line under them."""
        return ""

    def focus_first(self) -> None:
        """Put the keyboard where work begins, for `self.focus_reason`: a ring shows only for who uses the keyboard."""

    def filter_field(self) -> QWidget | None:
        """What Ctrl F goes to."""
        return None

    # -- reading --------------------------------------------------------------------------------------------
    def ask(self, query: Query[P, R], then: Callable[[R], None], *args: P.args, **kwargs: P.kwargs) -> None:
        """Ask; the answer arrives in the main thread, and its tables decide when this screen reads again."""
        self.bench.ask_for(self, query, then, *args, **kwargs)

    def freshen(self) -> None:
        """Something that this screen shows has changed: read now when visible, else when shown again."""
        if self.isVisible():
            self.stale = False
            with self.bench.reloading(self):
                self.reload()
        else:
            self.stale = True

    def showEvent(self, event: QShowEvent) -> None:
        """Read what has changed while the screen was hidden."""
        super().showEvent(event)
        if self.stale:
            self.freshen()

    def retranslate(self) -> None:
        """Say everything in the language in force; data are read again, for dates and amounts are words too."""
        self.words.again()
        if self._say_state is not None:
            self._say_state()
        self.titled.emit()
        self.freshen()

    # -- states ---------------------------------------------------------------------------------------------
    def show_body(self) -> None:
        """Show the content."""
        self._busy_timer.stop()
        self._drop_state()
        self._pages.setCurrentIndex(0)

    def show_state(
        self, icon: str, fact: str, following: str = "", *, action: str = "",
        act: Callable[[], None] | None = None, **values: Any,
    ) -> None:  # fmt: skip
        """Show one fact, what comes next and one action (msgids) in place of the content."""
        self._busy_timer.stop()
        self._drop_state()
        state = EmptyState(icon, "", "")
        if act is not None:
            state.activated.connect(act)
        self._say_state = lambda: state.tell(_(fact, **values), _(following, **values), _(action))
        self._say_state()
        self._state = _centred(state)
        self._pages.addWidget(self._state)
        self._pages.setCurrentWidget(self._state)

    def _drop_state(self) -> None:
        if self._state is not None:
            self._pages.removeWidget(self._state)
            self._state.deleteLater()
        self._state, self._say_state = None, None

    def show_busy(self) -> None:
        """Say that the content is being read, if it takes long enough to be noticed."""
        self._busy_timer.start()

    def _say_busy(self) -> None:
        self.show_state("hourglass-medium", N_("Reading…"))

    def show_error(self, error: BaseException) -> None:
        """Show why the content cannot be shown: a missing right, a row that is gone, a fault."""
        if isinstance(error, PermissionDenied):
            self.show_state(icon_of(error), N_("This screen needs a right that you do not hold."), str(error))
        else:
            self.show_state(icon_of(error), sentence_of(error))

    @property
    def shows_body(self) -> bool:
        """Whether the content is on show, and not a state."""
        return self._pages.currentIndex() == 0


def _centred(widget: QWidget) -> QWidget:
    host = QWidget()
    column = QVBoxLayout(host)
    column.setContentsMargins(24, 0, 24, 0)
    column.addStretch(2)
    column.addWidget(widget)
    column.addStretch(3)
    return host
