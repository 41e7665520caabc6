"""The window of the first run: steps at the left, one page at the right, Back and Continue under it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QEvent, QLocale, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.core.i18n import N_, NAMES, _, language, on_language_change, set_language
from ui.first_run.end_pages import MakingPage, SummaryPage
from ui.first_run.opening_pages import CodePage, KindPage, WelcomePage
from ui.first_run.page import Answers, Page
from ui.first_run.people_pages import AdministratorPage, StaffPage
from ui.first_run.place_pages import ChairsPage, HoursPage, PracticePage
from ui.first_run.safety_pages import BackupPage, RecoveryPage
from ui.shell.preferences import LOOKS, TEXT_SIZE, THEME, TextSize, ThemeChoice, apply_looks
from ui.shell.rail_button import Mark
from ui.shell.words import Words
from ui.theme.icons import IconWeight
from ui.theme.style import theme
from ui.widgets.announce import announce
from ui.widgets.buttons import Button
from ui.widgets.cards import Hairline, ThemedIcon
from ui.widgets.labels import ElidedLabel, Label, WrapLabel
from ui.widgets.layout import Flow, VScroll, effective_width

STEPS_WIDTH: Final = 268
PAGE_WIDTH: Final = 760
FOLD_BELOW: Final = 1000
LEAST: Final = (800, 560)
CLINIC_PAGES: Final = (
    WelcomePage, KindPage, PracticePage, HoursPage, ChairsPage, StaffPage, AdministratorPage, RecoveryPage, BackupPage,
    SummaryPage, MakingPage,
)  # fmt: skip
DEMO_PAGES: Final = (WelcomePage, KindPage, MakingPage)
JOIN_PAGES: Final = (WelcomePage, KindPage, CodePage, MakingPage)


class StepList(QWidget):
    """The steps with how far one is; in a narrow window one line."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)

    def show_steps(self, pages: list[Page], now: int) -> None:
        """Say them again."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, page in enumerate(pages):
            self._column.addWidget(_step(_(page.step), number, now))


def _step(words: str, number: int, now: int) -> QWidget:
    host = QWidget()
    row = QHBoxLayout(host)
    row.setContentsMargins(8, 5, 8, 5)
    row.setSpacing(10)
    icon, role = ("check-circle", "accent") if number < now else ("circle", "accent" if number == now else "muted")
    weight: IconWeight = "fill" if number <= now else "regular"
    row.addWidget(ThemedIcon(icon, 17, role=role, weight=weight))
    row.addWidget(ElidedLabel(words, "name" if number == now else "body", "" if number <= now else "muted"), 1)
    said = N_("{step}: done") if number < now else N_("{step}: now") if number == now else N_("{step}: to come")
    host.setAccessibleName(_(said, step=words))
    return host


class Wizard(QWidget):
    """`finished(folder)` when a clinic or the demonstration stands and shall be opened."""

    finished = Signal(object)

    def __init__(self, folder: Path, demo_folder: Path) -> None:
        super().__init__()
        self.answers = Answers(folder, demo_folder)
        self.looks: dict[str, Any] = {setting.name: setting.default for setting in LOOKS}
        self.words = Words()
        self._made: dict[type[Page], Page] = {}
        self.place = 0
        self._narrow = self._closing = False
        self.setWindowTitle("Archwire")
        self.setMinimumSize(*LEAST)
        self.setProperty("surface", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._build()
        for keys, act in (("Alt+Left", self.go_back), ("Alt+Right", self.go_on)):
            QShortcut(QKeySequence(keys), self).activated.connect(act)  # a scroll area would keep the arrows
        self._stop_language = on_language_change(lambda _code: self.retranslate())
        self.retranslate()
        self.go(0)

    # -- building -------------------------------------------------------------------------------------------
    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left())
        row.addLayout(self._right(), 1)

    def _left(self) -> QWidget:
        self._side = QFrame()
        self._side.setProperty("surface", "surface")
        self._side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(22, 26, 14, 16)
        column.setSpacing(20)
        brand = QHBoxLayout()
        brand.setSpacing(10)
        sign = Mark("text", 34)
        sign.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        brand.addWidget(sign)
        brand.addWidget(Label("Archwire", "heading"))
        brand.addStretch()
        self.steps = StepList()
        column.addLayout(brand)
        column.addWidget(self.steps)
        column.addStretch(1)
        line = QFrame()
        line.setProperty("kind", "hairline_v")
        side = QHBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(0)
        side.addWidget(VScroll(inner), 1)
        side.addWidget(line)
        return self._side

    def _right(self) -> QVBoxLayout:
        self._count, self._title = Label("", "small", "muted"), WrapLabel("", "figure")
        self._blurb = WrapLabel("", "body", "muted")
        self._host = QVBoxLayout()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(40, 30, 40, 24)
        column.setSpacing(6)
        for label in (self._count, self._title, self._blurb):
            column.addWidget(label)
        column.addSpacing(12)
        column.addLayout(self._host, 1)
        inner.setMaximumWidth(theme.px(PAGE_WIDTH))
        self._page = inner
        self._scroll = VScroll(inner)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self._scroll, 1)
        right.addWidget(Hairline())
        right.addWidget(self._foot())
        return right

    def _foot(self) -> QWidget:
        foot = QFrame()
        foot.setProperty("surface", "surface")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._other, self._bigger, self._contrast = Button("", "quiet"), Button("", "quiet"), Button("", "quiet")
        self.back, self.onward = Button("", "secondary", "caret-left"), Button("", "primary")
        self._other.clicked.connect(lambda: set_language("en" if language() == "fr" else "fr"))
        self._bigger.clicked.connect(self._grow)
        self._contrast.clicked.connect(self._sharpen)
        self.back.clicked.connect(self.go_back)
        self.onward.clicked.connect(self.go_on)
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 10, 24, 10)
        row.setSpacing(8)
        row.addWidget(Flow(self._other, self._bigger, self._contrast, gap=4), 1)
        row.addWidget(self.back)
        row.addWidget(self.onward)
        self.words.put(self._bigger.setText, TEXT_SIZE.label)
        self.words.put(self._contrast.setText, N_("High contrast"))
        self.words.put(self.back.setText, N_("Back"))
        return foot

    # -- going about ----------------------------------------------------------------------------------------
    def pages(self) -> list[Page]:
        """The pages of what is set up, made when first asked for."""
        kinds = DEMO_PAGES if self.answers.demonstration else JOIN_PAGES if self.answers.joining else CLINIC_PAGES
        return [self._page_of(kind) for kind in kinds]

    def _page_of(self, kind: type[Page]) -> Page:
        if kind not in self._made:
            page = self._made[kind] = kind(self.answers)
            page.changed.connect(self._changed)
            page.fold(self._narrow)
            page.setParent(self._page)
            page.hide()
        return self._made[kind]

    @property
    def page(self) -> Page:
        """The page on show."""
        return self.pages()[self.place]

    def go(self, place: int) -> None:
        """Show a page; the keyboard goes to where it begins."""
        self.place = place
        page = self.page
        for other in self._made.values():  # not a stacked widget: that one is as tall as its tallest page
            if other is not page:
                other.hide()
                self._host.removeWidget(other)
        self._host.addWidget(page)
        page.show()
        page.enter()
        self._say()
        self._scroll.verticalScrollBar().setValue(0)
        announce(self, f"{self._count.text()}. {self._title.text()}")
        first = page.first() or self.onward
        first.setFocus(Qt.FocusReason.TabFocusReason)

    def go_back(self) -> None:
        """The page before; what is typed stays."""
        if self.place > 0 and self.back.isEnabled():
            self.page.take()
            self.go(self.place - 1)

    def go_on(self) -> None:
        """The next page when this one is right; from the last, into the program."""
        page = self.page
        if not page.may_go_on or not page.check():
            return
        if isinstance(page, MakingPage):
            self.finished.emit(self.answers.demo_folder if self.answers.demonstration else self.answers.folder)
            self.close()
            return
        self.go(self.place + 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on from a field."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go_on()
        else:
            super().keyPressEvent(event)

    @property
    def busy(self) -> bool:
        """Whether something is being made."""
        made = self._made.get(MakingPage)
        return isinstance(made, MakingPage) and made.making.busy

    @property
    def workbench(self) -> QWidget:
        """Where the keyboard is."""
        return self

    # -- words ----------------------------------------------------------------------------------------------
    def _say(self) -> None:
        pages, page = self.pages(), self.page
        making = isinstance(page, MakingPage)
        self._count.setText(_(N_("Step {number} of {count}"), number=self.place + 1, count=len(pages)))
        self._title.setText(_(page.heading() if isinstance(page, MakingPage) else page.title))
        self._blurb.setText(_(page.blurb) if page.blurb else "")
        self._blurb.setVisible(bool(page.blurb))
        self.steps.show_steps(pages, self.place)
        onward = page.onward or N_("Continue")
        self.onward.setText(_(onward))
        self.onward.setEnabled(page.may_go_on)
        self.back.setVisible(self.place > 0)
        self.back.setEnabled(not making or (isinstance(page, MakingPage) and page.stuck))

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.setLocale(QLocale("fr_CA" if language() == "fr" else "en_CA"))
        QApplication.sendEvent(self, QEvent(QEvent.Type.LanguageChange))
        self.words.again()
        self._other.setText(NAMES["en" if language() == "fr" else "fr"].partition(" ")[0])
        for page in self._made.values():
            page.retranslate()
        self._say()

    def _changed(self) -> None:
        self._say()
        if isinstance(self.page, MakingPage) and not self.page.making.busy:
            (self.page.first() or self.onward).setFocus(Qt.FocusReason.TabFocusReason)

    # -- looks ----------------------------------------------------------------------------------------------
    def _grow(self) -> None:
        sizes = list(TextSize)
        now = sizes.index(TextSize(str(round(theme.text_scale * 100))))
        self.wear(TEXT_SIZE.name, sizes[(now + 1) % len(sizes)])

    def _sharpen(self) -> None:
        strong = theme.choice == ThemeChoice.HIGH_CONTRAST
        self.wear(THEME.name, ThemeChoice.SYSTEM if strong else ThemeChoice.HIGH_CONTRAST)

    def wear(self, name: str, value: Any) -> None:
        """Another look, at once."""
        self.looks[name] = value
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_looks(app, self.looks)
        self._page.setMaximumWidth(theme.px(PAGE_WIDTH))
        self._fold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The list of steps needs room."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        self._narrow = effective_width(self) < FOLD_BELOW
        self._side.setVisible(not self._narrow)
        self._side.setFixedWidth(round(STEPS_WIDTH * min(theme.text_scale, 1.6)))
        for page in self._made.values():
            page.fold(self._narrow)

    # -- closing --------------------------------------------------------------------------------------------
    def closeEvent(self, event: QCloseEvent) -> None:
        """A making that goes on is stopped first; nothing half-made stays."""
        made = self._made.get(MakingPage)
        if isinstance(made, MakingPage) and made.making.busy:
            made.making.stop()
            if not self._closing:
                self._closing = True
                for signal in (made.making.stopped, made.making.failed, made.making.made):
                    signal.connect(self.close)
            event.ignore()
            return
        self._stop_language()
        super().closeEvent(event)
