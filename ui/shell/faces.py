"""What there is to look at: every screen, each of its faces, and what stands over screens, brought into view in turn.

Pictures and the walks of the tests go the same way, so that nothing is drawn that is not measured.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.access.queries import staff_list
from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.core.secret import Secret
from app.journal.commands import COMMANDS
from app.patients.queries import patient_list, search_patients
from ui.shell.confirm import ConfirmDialog
from ui.shell.menus import person_menu, workspace_menu
from ui.shell.screens import ScreenSpec, discover
from ui.shell.sign_in import SignIn

if TYPE_CHECKING:
    from ui.shell.window import Window

SHOWN_PATIENT: Final = "florence bergeron"
PutAway = Callable[[], Any]


def shown_patient(window: Window) -> PatientId:
    """The patient of the pictures: Florence Bergeron when she is here, else the first of the list."""
    runner, actor = window.bench.runner, window.bench.actor
    found = runner.ask(actor, search_patients, SHOWN_PATIENT).rows
    return found[0].id if found else runner.ask(actor, patient_list, limit=1).rows[0].id


@dataclass(frozen=True, slots=True)
class Face:
    """One thing to look at: a screen (`patient`), a face of it (`patient.images`), something over it (`over.palette`).

    `bring` shows it and gives what puts it away again.
    """

    label: str
    bring: Callable[[], PutAway]


def faces_of(window: Window, wanted: Collection[str] | None = None, *, every: bool = True) -> Iterator[Face]:
    """The faces of the screens that are wanted (all of them: None), and with `every` what stands over screens too.

    A screen is asked for its faces once it is open: what was given before is on show by then.
    """
    for spec in discover():
        if wanted is not None and spec.name not in wanted:
            continue
        yield Face(spec.name, partial(_open, window, spec, {}))
        if every:
            for name, chosen in window.screens[spec.name].faces().items():
                yield Face(f"{spec.name}.{name}", partial(_open, window, spec, chosen))
    if every and wanted is None:
        for name, bring in OVER.items():
            yield Face(f"over.{name}", partial(bring, window))


def _open(window: Window, spec: ScreenSpec, chosen: dict[str, Any]) -> PutAway:
    """Open a screen, for the patient of the pictures where it needs one."""
    if "patient" in spec.needs or "patient_id" in chosen:
        chosen = {**chosen, "patient_id": shown_patient(window)}
    window.open(spec.name, **chosen)
    return _nothing


def _nothing() -> None:
    """A screen stays until another is opened."""


# -- over the screens ----------------------------------------------------------------------------------------------
def _palette(window: Window, typed: str) -> PutAway:
    window.open("today")
    window.open_palette(typed)
    return window.palette_sheet.close_now


def _panel(window: Window, name: str) -> PutAway:
    window.open("today")
    panel = window.docks.panels[name]
    if panel.isVisible():
        return _nothing
    window.docks.toggle(name)
    return partial(window.docks.toggle, name)


def _menu(window: Window, make: Callable[[Window], QMenu], anchor: Callable[[Window], QWidget]) -> PutAway:
    window.open("today")
    menu, under = make(window), anchor(window)
    corner = under.mapToGlobal(under.rect().bottomRight())
    width, edge = menu.sizeHint().width(), window.mapToGlobal(window.rect().topRight()).x()
    menu.popup(QPoint(min(corner.x(), edge - width), corner.y()))
    return partial(_close, menu)


def _close(widget: QWidget) -> None:
    widget.close()
    widget.deleteLater()


def _help(window: Window, page: str) -> PutAway:
    window.open("today")
    window.show_help(page)
    return window.help.hide


def _told(window: Window) -> PutAway:
    window.open("patients")
    window.toast.tell(_(N_("{name} has arrived"), name="Florence Bergeron"), undo=True)
    window.banner_says("warn", _(N_("No patient has the file number {number}."), number="20418"))

    def away() -> None:
        window.toast.close_now()
        window.banner_host.hide()

    return away


def _works(window: Window) -> PutAway:
    window.open("imaging")
    works = [
        window.bench.progress.start(_(COMMANDS["take_in_images"].label), 40, cancel=_nothing, pause=lambda _on: None),
        window.bench.progress.start(_(COMMANDS["sign_reading"].label), None),
    ]
    works[0].advance(25)
    QApplication.processEvents()
    window.status.progress.toggle()

    def away() -> None:
        window.status.progress.toggle()
        works[0].cancel()
        for work in works:
            work.finish()
        QApplication.processEvents()
        window.toast.close_now()

    return away


def _confirming(window: Window) -> PutAway:
    window.open("today")
    dialog = ConfirmDialog(window.session, _(COMMANDS["sign_reading"].label), window)
    dialog.open()
    dialog.move(window.mapToGlobal(window.rect().center()) - dialog.rect().center())
    return dialog.reject


def _command(window: Window) -> PutAway:
    window.open("command", command="raise_alert", patient_id=shown_patient(window))
    return _nothing


def _gate(window: Window, *, somebody_else: bool = False) -> PutAway:
    session, signed = window.session, window.session.signed
    assert session.demo_secrets is not None, "only a demonstration is entered without a person"
    assert signed is not None, "pictures are drawn for somebody"
    people = window.bench.runner.ask(window.bench.actor, staff_list)
    username = next(person.username for person in people if person.staff_id == signed.staff_id)
    secret = Secret(session.demo_secrets[0])
    window.lock()
    if somebody_else:
        gate = window.root.findChild(SignIn)
        assert gate is not None, "a window that is locked shows its gate"
        gate.nobody_yet()
    return lambda: session.become(session.gatekeeper.sign_in(username, secret))


OVER: Final[dict[str, Callable[[Window], PutAway]]] = {
    "palette": partial(_palette, typed=""),
    "palette_found": partial(_palette, typed="flor"),
    "palette_command": partial(_palette, typed="> al"),
    "notices": partial(_panel, name="notices"),
    "recent_work": partial(_panel, name="recent_work"),
    "person_menu": partial(_menu, make=person_menu, anchor=lambda window: window.top.person),
    "workspaces": partial(_menu, make=workspace_menu, anchor=lambda window: window.rail.head),
    "help": partial(_help, page="today"),
    "whats_new": partial(_help, page="whats-new"),
    "toast_and_banner": _told,
    "progress": _works,
    "confirm": _confirming,
    "command_form": _command,
    "locked": _gate,
    "sign_in": partial(_gate, somebody_else=True),
}


def picture_of(window: Window) -> QPixmap:
    """The window with the menus, dialogs and panels that stand over it."""
    picture, painter = window.grab(), QPainter()
    above = [w for w in QApplication.topLevelWidgets() if w is not window and w.isVisible() and w.width() > 1]
    painter.begin(picture)
    for widget in above:
        painter.drawPixmap(window.mapFromGlobal(widget.mapToGlobal(QPoint(0, 0))), widget.grab())
    painter.end()
    return picture
