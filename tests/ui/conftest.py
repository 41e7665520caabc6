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
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from shiboken6 import isValid

from ui.theme.focus import FocusRing
from ui.theme.style import Theme, theme
from ui.widgets.labels import ElidedLabel

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


def _label_is_cut(label: QLabel) -> bool:
    if isinstance(label, ElidedLabel):
        return label.height() < label.sizeHint().height()
    if label.wordWrap():
        return label.height() < label.heightForWidth(label.width())
    return label.height() < label.sizeHint().height() or label.width() < label.sizeHint().width()


@pytest.fixture
def clipped() -> Callable[[QWidget], list[str]]:
    """Visible labels and buttons under a widget that are smaller than their words need."""

    def walk(window: QWidget) -> list[str]:
        labels = [label for label in window.findChildren(QLabel) if label.isVisible() and label.text()]
        buttons = [button for button in window.findChildren(QAbstractButton) if button.isVisible() and button.text()]
        cut = [f"{label.text()!r} {label.size()}" for label in labels if _label_is_cut(label)]
        for button in buttons:
            hint = button.sizeHint()
            if button.width() < hint.width() or button.height() < hint.height():
                cut.append(f"{button.text()!r} {button.size()} needs {hint}")
        return cut

    return walk


def words_of(window: QWidget) -> list[QWidget]:
    """The visible labels, buttons and fields under a widget, less those that float over others by design."""
    found: list[QWidget] = []
    for kind in (QLabel, QAbstractButton, QLineEdit):
        found += [widget for widget in window.findChildren(kind) if widget.isVisible() and widget.width() > 1]
    return [widget for widget in found if isinstance(widget, QLineEdit) or words(widget)]


def words(widget: QWidget) -> str:
    """What is written on a label or a button."""
    return widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""


@pytest.fixture
def overlapping() -> Callable[[QWidget], list[str]]:
    """Pairs of neighbours (of one parent) of which one stands on the other."""

    def walk(window: QWidget) -> list[str]:
        families: dict[int, list[QWidget]] = {}
        for widget in words_of(window):
            families.setdefault(id(widget.parentWidget()), []).append(widget)
        faults = []
        for family in families.values():
            for place, one in enumerate(family):
                for other in family[place + 1 :]:
                    common = one.geometry().intersected(other.geometry())
                    if common.width() > 1 and common.height() > 1:
                        faults.append(f"{words(one)!r} over {words(other)!r}: {common}")
        return faults

    return walk


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
