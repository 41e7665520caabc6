"""The reading room look: near black round the images. The shell may hand in its own colours, sizes and shapes."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

ICONS = Path(__file__).resolve().parents[2] / "resources" / "icons" / "regular"


@dataclass(frozen=True)
class Look:
    """Colours of the chrome (not of the image), and the scale of the text."""

    canvas: str = "#08090B"
    surface: str = "#121519"
    raised: str = "#1A1E24"
    border: str = "#252B33"
    control: str = "#74808D"
    text: str = "#D5DBE2"
    muted: str = "#A2ACB7"
    accent: str = "#98A8FF"
    accent_soft: str = "#262F58"
    focus: str = "#98A8FF"
    text_scale: float = 1.0
    family: str = ""
    icons: Path = ICONS

    def px(self, size: float) -> int:
        """A size at 100 % text in pixels at the scale in force."""
        return round(size * self.text_scale)

    def icon(self, name: str) -> QIcon:
        """A shape in the colour of text, and of muted text where it is disabled; empty when there is no such file."""
        icon = QIcon()
        for colour, mode in ((self.text, QIcon.Mode.Normal), (self.control, QIcon.Mode.Disabled)):
            pixmap = _drawn(self.icons / f"{name}.svg", colour, self.px(20))
            if not pixmap.isNull():
                icon.addPixmap(pixmap, mode)
        return icon

    def _check(self) -> str:
        """The tick of a check box, dark on the accent."""
        return (self.icons / "check.svg").as_posix()

    def _light(self, name: str) -> str:
        """A shape for style sheets, which take files only: written once in the colour of text."""
        return _tinted(self.icons / f"{name}.svg", self.text)

    def _panels(self) -> str:
        """Tables, fields, buttons and tabs of the panels and dialogs."""
        small, box = self.px(12), self.px(14)
        return f"""
        #workspace QLabel#heading {{ font-weight: 600; font-size: {self.px(15)}px; }}
        #workspace QLabel#muted {{ color: {self.muted}; font-size: {small}px; }}
        #workspace QTableWidget {{ background: {self.surface}; border: 2px solid transparent; outline: none;
            font-size: {small}px; selection-background-color: {self.accent_soft}; selection-color: {self.text}; }}
        #workspace QTableWidget:focus {{ border-color: {self.focus}; }}
        #workspace QTableWidget::item {{ padding: 0 4px; border-bottom: 1px solid {self.border}; }}
        #workspace QHeaderView {{ background: {self.surface}; border: none; }}
        #workspace QHeaderView::section {{ background: {self.surface}; color: {self.muted}; border: none;
            border-bottom: 1px solid {self.control}; font-size: {small}px; font-weight: 600; padding: 3px 4px; }}
        #workspace QTableWidget::indicator {{ width: {box}px; height: {box}px; border: 1px solid {self.control};
            border-radius: 4px; background: {self.raised}; }}
        #workspace QTableWidget::indicator:checked {{ background: {self.accent}; image: url({self._check()}); }}
        #workspace QComboBox, #workspace QLineEdit, #workspace QDoubleSpinBox, #workspace QPushButton {{
            background: {self.raised}; border: 1px solid {self.control}; border-radius: 7px; padding: 4px 8px;
            min-height: {self.px(20)}px; selection-background-color: {self.accent_soft}; }}
        #workspace QComboBox:focus, #workspace QLineEdit:focus, #workspace QDoubleSpinBox:focus,
        #workspace QPushButton:focus {{ border: 2px solid {self.focus}; padding: 3px 7px; }}
        #workspace QPushButton:hover {{ background: {self.accent_soft}; }}
        #workspace QPushButton:disabled {{ color: {self.control}; border-color: {self.border}; }}
        #workspace QComboBox::drop-down {{ border: none; width: 22px; }}
        #workspace QComboBox::down-arrow {{ image: url({self._light("caret-down")}); width: 14px; height: 14px; }}
        #workspace QComboBox QAbstractItemView {{ background: {self.raised}; border: 1px solid {self.control};
            selection-background-color: {self.accent_soft}; }}
        #workspace QTabWidget::pane {{ border: none; background: {self.canvas}; }}
        #workspace QTabBar {{ background: {self.canvas}; }}
        #workspace QTabBar::tab {{ background: transparent; color: {self.muted}; border: none; padding: 8px 12px;
            font-weight: 600; border-bottom: 2px solid transparent; }}
        #workspace QTabBar::tab:selected {{ color: {self.text}; border-bottom: 2px solid {self.accent}; }}
        #workspace QTabBar::tab:focus {{ color: {self.focus}; }}
        #workspace QTableCornerButton::section {{ background: {self.surface}; border: none; }}
        """

    def sheet(self) -> str:
        """One style sheet for a whole workspace."""
        family = f'font-family: "{self.family}";' if self.family else ""
        body, small = self.px(13), self.px(12)
        return f"""
        #workspace, #workspace QDialog {{ background: {self.canvas}; }}
        #workspace QWidget {{ color: {self.text}; font-size: {body}px; {family} }}
        #workspace QFrame#bar, #workspace QFrame#side {{ background: {self.surface}; border: none; }}
        #workspace QLabel {{ background: transparent; border: none; }}
        #workspace QLabel#status {{ color: {self.muted}; font-size: {small}px; padding: 0 10px; }}
        #workspace QToolButton {{ background: transparent; border: 2px solid transparent; border-radius: 7px;
            padding: 4px 7px; font-size: {small}px; }}
        #workspace QFrame#bar QToolButton {{ padding: 4px; }}
        #workspace QToolButton:hover {{ background: {self.raised}; }}
        #workspace QToolButton:checked {{ background: {self.accent_soft}; }}
        #workspace QToolButton:focus {{ border-color: {self.focus}; }}
        #workspace QToolButton::menu-indicator {{ image: none; }}
        #workspace QListWidget {{ background: {self.surface}; border: 2px solid transparent; outline: none; }}
        #workspace QListWidget:focus {{ border-color: {self.focus}; }}
        {self._panels()}
        #workspace QScrollBar:vertical {{ background: {self.surface}; width: 10px; margin: 0; }}
        #workspace QScrollBar::handle:vertical {{ background: {self.border}; border-radius: 5px; min-height: 30px; }}
        #workspace QScrollBar::add-line, #workspace QScrollBar::sub-line {{ height: 0; }}
        QMenu {{ background: {self.raised}; color: {self.text}; border: 1px solid {self.control}; padding: 6px;
            font-size: {body}px; {family} }}
        QMenu::item {{ padding: 6px 22px 6px 12px; border-radius: 5px; }}
        QMenu::item:selected {{ background: {self.accent_soft}; }}
        QMenu::item:disabled {{ color: {self.control}; }}
        QMenu::separator {{ height: 1px; background: {self.border}; margin: 5px 8px; }}
        QToolTip {{ background: {self.raised}; color: {self.text}; border: 1px solid {self.control}; }}
        """


@cache
def _tinted(path: Path, colour: str) -> str:
    """A file with the shape in a colour; the shape as it is where none can be written."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="archwire-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        tinted = folder / path.name
        tinted.write_text(path.read_text(encoding="utf-8").replace("currentColor", colour), encoding="utf-8")
    except OSError:
        return path.as_posix()
    return tinted.as_posix()


@cache
def _drawn(path: Path, colour: str, size: int) -> QPixmap:
    """The shape at twice the size, so that it is sharp on fine screens."""
    from PySide6.QtSvg import QSvgRenderer

    if not path.is_file():
        return QPixmap()
    renderer = QSvgRenderer(QByteArray(path.read_text(encoding="utf-8").replace("currentColor", colour).encode()))
    pixmap = QPixmap(2 * size, 2 * size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, 2 * size, 2 * size))
    painter.end()
    pixmap.setDevicePixelRatio(2.0)
    return pixmap
