"""A journey through the wizard, and on through the window that it opens."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QEvent

from app.core.i18n import N_, _, language
from ui.first_run.pictures import wait
from ui.first_run.safety_pages import RecoveryPage
from ui.first_run.wizard import Wizard
from ui.shell.bootstrap import open_window
from ui.shell.journey import Journey
from ui.shell.offscreen import settle
from ui.shell.steps import Step

if TYPE_CHECKING:
    from ui.shell.window import Window


class FirstRunJourney(Journey):
    """Knows one step more: typing back the groups of the key that the page asks for."""

    def __init__(self, wizard: Wizard, *, keyboard_only: bool = False) -> None:
        super().__init__(cast("Window", wizard), keyboard_only=keyboard_only)  # of the wizard, only `busy` is asked
        self._wizard = wizard

    def _retype_key(self) -> None:
        page = self._wizard.page
        assert isinstance(page, RecoveryPage), _(N_("there is no recovery key here"))
        for place in page.asked:
            self._type(page.fields[f"group{place}"].label.text(), page.groups[place])


def play(wizard: Wizard, steps: list[Step], *, keyboard_only: bool) -> list[str]:
    """Play all; what the wizard makes is opened, and the journey goes on there. Returns the steps as told."""
    with ExitStack() as opened:
        journey = FirstRunJourney(wizard, keyboard_only=keyboard_only)

        def go_on(folder: Path) -> None:
            window, _workplace = opened.enter_context(open_window(folder, language=language()))
            window.show()
            settle(window)
            journey.follow(window)

        wizard.finished.connect(go_on)
        try:
            return journey.play(steps)
        finally:
            wizard.close()
            wait(wizard)  # a making that goes on is stopped first
            wizard.close()
            wizard.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
