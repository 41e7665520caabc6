"""The viewer as a program of its own: `python -m viewer open FILES…`, with nothing else of ours installed."""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Sequence
from datetime import date, time
from pathlib import Path

from PySide6.QtCore import QDate, QLocale
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from viewer.errors import N_
from viewer.io.analysis_files import AnalysisFiles
from viewer.io.exports import key_file
from viewer.io.file_source import FileSource
from viewer.io.pseudonyms import Pseudonyms, kept_key
from viewer.widgets.cephalometry.offered import SidePanels, install_cephalometry
from viewer.widgets.comparing import add_comparing
from viewer.widgets.exporting import add_exporting
from viewer.widgets.look import Look
from viewer.widgets.marking.offered import install_marking
from viewer.widgets.texts import TileTexts
from viewer.widgets.workspace import Workspace

TITLE = N_("Images")
DIRECTIONS = N_("APRLHF")
LOCALES = Path(__file__).resolve().parents[2] / "resources" / "locale"
CATALOGUES = {"fr": "fr_CA"}


def words(language: str) -> TileTexts:
    """The words of the tiles in French when the catalogues are there, else in English."""
    catalogue = _catalogue(language)
    say = catalogue.gettext if catalogue is not None else str
    locale = QLocale(QLocale.Language.French, QLocale.Country.Canada) if language == "fr" else QLocale("en_CA")

    def day(value: date) -> str:
        pattern = "d MMMM yyyy" if language == "fr" else "MMMM d, yyyy"
        return locale.toString(QDate(value.year, value.month, value.day), pattern)

    def clock(value: time) -> str:
        return f"{value.hour} h {value.minute:02}" if language == "fr" else f"{value:%H:%M}"

    plain = TileTexts()
    named = {name: say(str(getattr(plain, name))) for name in _PATTERNS}
    return TileTexts(**named, translate=say, day=day, clock=clock)


_PATTERNS = (
    "image", "empty", "loading", "window", "table", "automatic", "zoom", "frame", "inverted", "mirrored", "rotated",
    "directions",
)  # fmt: skip


def _catalogue(language: str) -> gettext.NullTranslations | None:
    """The French texts of the source tree, compiled in memory; None where neither they nor babel are there."""
    import io

    try:
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po
    except ImportError:
        return None
    chain: gettext.NullTranslations | None = None
    for po in sorted((LOCALES / CATALOGUES.get(language, "")).glob("*.po")) if language in CATALOGUES else []:
        compiled = io.BytesIO()
        with po.open("rb") as source:
            write_mo(compiled, read_po(source))
        link = gettext.GNUTranslations(io.BytesIO(compiled.getvalue()))
        if chain is not None:
            link.add_fallback(chain)
        chain = link
    return chain


def window(paths: Sequence[Path], language: str, choices: Path | None = None) -> Workspace:
    """A workspace over files and folders; the application must exist."""
    texts = words(language)
    workspace = Workspace(FileSource(paths, choices), texts, Look())
    workspace.setWindowTitle(texts.say(TITLE))
    workspace.setLocale(QLocale("fr_CA") if language == "fr" else QLocale("en_CA"))
    workspace.resize(1440, 900)
    marking = install_marking(workspace)
    kept = AnalysisFiles(choices.parent / "analyses") if choices is not None else None
    workspace.panel.addWidget(SidePanels(marking, install_cephalometry(workspace, marking, kept)))
    add_comparing(workspace)
    exporter = add_exporting(workspace)
    if choices is not None:
        exporter.pseudonyms = Pseudonyms(kept_key(choices.parent / key_file().name))
    workspace.load()
    return workspace


def darken(application: QApplication) -> None:
    """The reading room for what the workspace does not style itself: dialogs, tool tips."""
    look, palette = Look(), QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, look.canvas), (QPalette.ColorRole.Base, look.surface),
        (QPalette.ColorRole.Button, look.raised), (QPalette.ColorRole.Text, look.text),
        (QPalette.ColorRole.WindowText, look.text), (QPalette.ColorRole.ButtonText, look.text),
        (QPalette.ColorRole.Highlight, look.accent_soft), (QPalette.ColorRole.HighlightedText, look.text),
    ):  # fmt: skip
        palette.setColor(role, QColor(colour))
    application.setStyle("Fusion")
    application.setPalette(palette)


def open_files(paths: Sequence[Path], language: str) -> int:
    """Show a window until it is closed."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    darken(application)
    shown = window(paths, language, choices_file())
    shown.show()
    return application.exec()


def choices_file() -> Path:
    """Where the layouts that the user chose are kept."""
    from platformdirs import user_config_path

    return user_config_path("archwire-viewer", appauthor=False) / "layouts.json"
