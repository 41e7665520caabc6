"""Which version runs, which was seen last, and whether another has been installed meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer

from app.access.settings import NEWS_SEEN
from app.cli.support_bundle import contents, faults, program_version, versions, zipped
from app.core.i18n import N_, _

if TYPE_CHECKING:
    from app.journal.workplace import Workplace
    from ui.shell.window import Window

NEWS_PAGE: Final = "whats-new"
LOOK_EVERY_MS: Final = 10 * 60 * 1000
RUNNING: Final = program_version()
"""The version of the code that is loaded."""


def libraries() -> dict[str, str]:
    """The versions of Python and of the packages that the program stands on."""
    found: dict[str, Any] = versions()
    return {"Python": str(found["python"]), **found["packages"]}


def write_support_bundle(workplace: Workplace, path: Path) -> None:
    """Write what support needs, without any patient data. Takes some seconds: off the main thread."""
    documents = {"versions.json": versions(), **contents(workplace), "faults.json": faults(workplace.folder)}
    path.write_bytes(zipped(documents))


def tell_news(window: Window, running: str = RUNNING) -> bool:
    """Show what is new to who has worked with another version here, once; somebody new has seen no other."""
    bench = window.bench
    seen = bench.setting(NEWS_SEEN)
    if seen != running:
        bench.remember(NEWS_SEEN, running)
    if seen in ("", running):
        return False
    window.help.show()
    window.help.show_page(NEWS_PAGE)
    return True


class UpdateWatch(QObject):
    """Looks now and then whether another version lies on the disk, and says so once in the banner."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._told = RUNNING
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(lambda: self.look(program_version()))

    def start(self) -> None:
        """From now on."""
        self._timer.start()

    def look(self, installed: str) -> None:
        """Compare, and tell a version once."""
        if installed in (self._told, RUNNING):
            return
        self._told = installed
        sentence = _(
            N_("Version {version} is installed. Close Archwire and open it again when it suits you."), version=installed
        )
        self._window.banner_says("info", sentence)
        self._window.notices.add_here([sentence])
