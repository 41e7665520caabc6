"""Who signs out leaves nothing behind that the next sign-in would call."""

from app.journal.queries import NOBODY
from tests.ui.set_up_window import enter, section
from ui.practice.practice_view import SECTIONS
from ui.shell.offscreen import settle
from ui.shell.window import Window


def test_screens_that_were_given_up_hear_of_nobody(window: Window) -> None:
    for item in SECTIONS:
        section(window, item.page.name)
    window.open("roles")
    settle(window)
    window.sign_out()
    settle(window)
    assert window.screens == {}
    enter(window, "julie")
    assert window.bench.actor is not NOBODY
