"""About: the version, what it stands on, whose work that is, and the file for support."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from ui.shell.rail_button import Mark
from ui.shell.screen import Screen
from ui.shell.versions import NEWS_PAGE, RUNNING, libraries, write_support_bundle
from ui.theme.style import on_theme_change, theme
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.labels import Label, WrapLabel
from ui.widgets.layout import Flow, VScroll
from ui.widgets.rich_text import dress_tables

if TYPE_CHECKING:
    from ui.shell.window import Window

NOTICES = Path(__file__).resolve().parents[2] / "NOTICES.md"
COLUMNS = 3


class AboutScreen(Screen):
    """Read in one look; licences below."""

    def build(self) -> None:
        """Version, buttons, libraries, licences."""
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(14)
        names = QVBoxLayout()
        names.setSpacing(2)
        self._version = Label("", "body", "muted")
        names.addWidget(Label("Archwire", "figure"))
        names.addWidget(self._version)
        head.addWidget(Mark("text", 44))
        head.addLayout(names, 1)
        column.addLayout(head)
        self._bundle, self._news, self._keys = (
            Button("", "primary", "lifebuoy"), Button("", "secondary", "sparkle"), Button("", "secondary", "keyboard"),
        )  # fmt: skip
        self._bundle.clicked.connect(self._save)
        self._news.clicked.connect(self._show_news)
        self._keys.clicked.connect(lambda: self.open_screen.emit("shortcuts", {}))
        column.addWidget(Flow(self._bundle, self._news, self._keys))
        self._note = WrapLabel("", "small", "muted")
        column.addWidget(self._note)
        column.addWidget(self._libraries())
        column.addWidget(self._licences(), 1)
        whole = QVBoxLayout(self.body)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(VScroll(inner))
        self.words.put(self._version.setText, N_("Version {version}"), version=RUNNING)
        self.words.put(self._bundle.setText, N_("Write the support file…"))
        self.words.put(self._news.setText, N_("What’s new"))
        self.words.put(self._keys.setText, N_("Keyboard shortcuts"))
        self.words.put(
            self._note.setText,
            N_("The support file holds versions, counts and the names of faults. No patient, no text that was typed."),
        )

    def _libraries(self) -> Card:
        card, grid = Card(" ", icon="stack"), QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        self._grid, self._pairs = grid, [
            (Label(name), Label(number, "body", "muted")) for name, number in libraries().items()
        ]  # fmt: skip
        card.add(grid)
        self.words.put(card.set_title, N_("Built on"))
        on_theme_change(self._lay_out)
        return card

    def _lay_out(self) -> None:
        across = COLUMNS if theme.text_scale < 1.4 else 1
        for number, (name, version) in enumerate(self._pairs):
            row, column = divmod(number, across)
            self._grid.addWidget(name, row, 2 * column)
            self._grid.addWidget(version, row, 2 * column + 1)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(2 * column + 1, 1)

    def _licences(self) -> Card:
        card = Card(" ", icon="scroll")
        self._text = QTextBrowser()
        self._text.setOpenLinks(False)
        self._text.setFrameShape(QTextBrowser.Shape.NoFrame)
        self._text.viewport().setAutoFillBackground(False)
        card.add(self._text, 1)
        self.words.put(card.set_title, N_("Licences"))
        self.words.put(self._text.setAccessibleName, N_("Licences"))
        on_theme_change(self._read_licences)
        return card

    def _read_licences(self) -> None:
        self._text.document().setDefaultFont(theme.font("small"))
        self._text.setFont(theme.font("small"))
        self._text.setMarkdown(NOTICES.read_text(encoding="utf-8") if NOTICES.exists() else "")
        dress_tables(self._text.document())
        self._text.setMinimumHeight(theme.px(260))

    def subheading(self) -> str:
        """Nothing more."""
        return _(N_("Version, licences and help from afar"))

    def focus_first(self) -> None:
        """The support file."""
        self._bundle.setFocus(self.focus_reason)

    def _show_news(self) -> None:
        self.host().show_help(NEWS_PAGE)

    def host(self) -> Window:
        """The window that this screen stands in: it has the help and the open folder."""
        return cast("Window", self.window())

    # -- the support file -----------------------------------------------------------------------------------
    def _save(self) -> None:
        name = f"archwire-support-{datetime.now():%Y%m%d-%H%M%S}.zip"
        path, _kind = QFileDialog.getSaveFileName(self, _(N_("Write the support file")), name, "*.zip")
        if path:
            self.write_to(Path(path))

    def write_to(self, path: Path) -> None:
        """Write it off the main thread; it takes some seconds on a large folder."""
        workplace = self.host().session.workplace
        work = self.bench.progress.start(_(N_("Writing the support file")))
        self._bundle.setEnabled(False)

        def written(future: Future[None]) -> None:
            self._bundle.setEnabled(True)
            error = future.exception()
            if error is None:
                work.finish(_(N_("Saved as {path}"), path=str(path)))
            elif isinstance(error, OSError):
                work.finish(_(N_("The file {path} cannot be written."), path=str(path)))
            else:
                work.fail(error)

        self.bench.background(lambda: write_support_bundle(workplace, path), written)
