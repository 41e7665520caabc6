"""What every test of the interface shares: no window, no Qt warning, a known theme, and walks over what is shown."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import gc
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from PySide6.QtCore import QEvent, QObject, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from tests.ui import walks
from ui.theme.focus import FocusRing
from ui.theme.style import Theme, theme

_LOCALE = Path(__file__).resolve().parents[2] / "resources" / "locale" / "fr_CA"
# The offscreen platform says these of windows with a least size, panels that float and menus; no fault of ours.
_PLATFORM_NOISE = ("propagateSizeHints", "This plugin does not support")


@pytest.fixture(autouse=True)
def no_qt_warning(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Fail when Qt warned: a warning is a mistake of ours that Qt survived."""
    said: list[str] = []

    def listen(kind: QtMsgType, context: object, message: str) -> None:
        if kind != QtMsgType.QtDebugMsg and not any(noise in message for noise in _PLATFORM_NOISE):
            said.append(message)

    previous = qInstallMessageHandler(listen)
    yield said
    # Outside an event loop Qt keeps what was to be deleted later; the next test must not restyle it.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qInstallMessageHandler(previous)
    assert not said


Alive = tuple[set[str], set[QWidget], set[QTimer]]
_before: list[Alive] = []
"""What lived at the end of the test before: to look through all objects takes time, once a test is enough."""


def alive() -> Alive:
    """What lives beyond a test when somebody forgets it: threads, windows, timers that run."""
    threads = {thread.name for thread in threading.enumerate()}
    windows = {widget for widget in QApplication.topLevelWidgets() if not isinstance(widget, FocusRing)}
    kinds = frozenset(kinds_of(QTimer))
    timers = {item for item in gc.get_objects() if type(item) in kinds and isValid(item) and item.isActive()}
    return threads, {widget for widget in windows if not _of_the_style(widget)}, timers


def kinds_of(kind: type) -> Iterator[type]:
    """A class and all that derive from it: to compare types takes a tenth of what `isinstance` does."""
    yield kind
    for derived in kind.__subclasses__():
        yield from kinds_of(derived)


def left_by(before: Alive, now: Alive | None = None) -> list[str]:
    """What has come to life since, each with what it belongs to."""
    threads, windows, timers = now or alive()
    return [
        *(f"thread {name}" for name in sorted(threads - before[0])),
        *(f"window {told(widget)}" for widget in windows - before[1]),
        *(f"running timer {told(timer)}" for timer in timers - before[2]),
    ]


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Fail when a thread, a window or a running timer outlives its test."""
    before = _before[0] if _before else (alive() if QApplication.instance() else (set(), set(), set()))
    if not _before:
        before = (before[0] | {thread.name for thread in threading.enumerate()}, before[1], before[2])
    yield
    if QApplication.instance() is None:
        return
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    now = alive()
    left = left_by(before, now)
    if left:
        gc.collect()  # a window in a cycle of references goes now, not some day
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        now = alive()
        left = left_by(before, now)
    _before[:] = [now]
    assert left == [], "this outlives its test"


def told(item: QObject) -> str:
    """What a forgotten object is, and what it belongs to."""
    parent = item.parent()
    return f"{type(item).__name__} {item.objectName()} of {type(parent).__name__}"


def _of_the_style(widget: QWidget) -> bool:
    """Tooltips and the lists of combo boxes are Qt’s own and go when Qt pleases."""
    return widget.inherits("QTipLabel") or widget.inherits("QComboBoxPrivateContainer")


@pytest.fixture
def themed(qapp: QApplication) -> Iterator[Theme]:
    """The light theme at 100 % in normal density without motion, put back afterwards."""
    theme.apply(qapp, "light", 1.0, "normal", reduce_motion=True, only_changes=True)
    yield theme
    theme.apply(qapp, "light", 1.0, "normal", reduce_motion=True, only_changes=True)


@pytest.fixture(scope="session")
def french() -> Callable[..., str]:
    """Translation into French (Canada) of the components' own texts."""
    with (_LOCALE / "widgets.po").open("rb") as file:
        texts = {str(message.id): str(message.string) for message in read_po(file) if message.id}
    return lambda msgid, **values: texts[msgid].format(**values) if values else texts[msgid]


def settle(widget: QWidget) -> None:
    """Let layouts that depend on each other come to rest."""
    for _turn in range(8):
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        QApplication.processEvents()


@pytest.fixture
def settled() -> Callable[[QWidget], None]:
    """Let layouts that depend on each other come to rest."""
    return settle


@pytest.fixture
def clipped() -> Callable[[QWidget], list[str]]:
    """Visible labels and buttons under a widget that are smaller than their words need."""
    return walks.clipped


@pytest.fixture
def overlapping() -> Callable[[QWidget], list[str]]:
    """Pairs of neighbours (of one parent) of which one stands on the other."""
    return walks.overlapping


@pytest.fixture
def unnamed() -> Callable[[QWidget], list[str]]:
    """Focusable accessible nodes under a widget without a name or without a role."""

    def walk(window: QWidget) -> list[str]:
        QAccessible.setActive(True)
        faults: list[str] = []
        pending = [QAccessible.queryAccessibleInterface(window)]
        while pending:
            node = pending.pop()
            if node is None or not node.isValid():
                continue
            state = node.state()
            mute = not node.text(QAccessible.Text.Name).strip() or node.role() == QAccessible.Role.NoRole
            if state.focusable and not state.invisible and mute:
                owner = node.object()
                faults.append(f"{node.role()} {owner.metaObject().className() if owner else ''}")
            pending.extend(node.child(place) for place in range(node.childCount()))
        return faults

    return walk
