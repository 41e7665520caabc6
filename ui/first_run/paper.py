"""The sheet with the recovery key: as a document to print or to keep as PDF, and as plain text."""

from __future__ import annotations

from datetime import date
from html import escape
from pathlib import Path

from PySide6.QtGui import QTextDocument

from app.core.i18n import N_, _
from ui.shell.formats import day

EXPLAINED = N_(
    "Whoever holds this sheet can open the clinic’s data. Keep it in a safe, away from the computer. Without it, a "
    "computer that is lost takes its data with it: nobody, not even the makers of Archwire, can open them."
)
HOW = N_("To use it: command line of Archwire, “admin recover”, then type the key.")


def lines(practice: str, recovery_key: str, today: date) -> list[str]:
    """The sheet as plain lines."""
    return [
        _(N_("Recovery key of {practice}"), practice=practice),
        "",
        recovery_key,
        "",
        _(EXPLAINED),
        _(HOW),
        _(N_("Printed on {date}"), date=day(today)),
    ]


def document(practice: str, recovery_key: str, today: date) -> QTextDocument:
    """One Letter page; sizes in points."""
    title, _blank, key, _other, why, how, when = (escape(line) for line in lines(practice, recovery_key, today))
    made = QTextDocument()
    made.setHtml(
        f"<h1 style='font-size:20pt'>{title}</h1>"
        f"<p style='font-size:22pt; font-family:monospace'>{key.replace('-', ' - ')}</p>"
        f"<p style='font-size:11pt'>{why}</p><p style='font-size:11pt'>{how}</p><p style='font-size:10pt'>{when}</p>"
    )
    return made


def write_text(path: Path, practice: str, recovery_key: str, today: date) -> None:
    """Keep the sheet as text."""
    path.write_text("\n".join(lines(practice, recovery_key, today)) + "\n", encoding="utf-8")
