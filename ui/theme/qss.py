"""The one application sheet, made from tokens. It sets no font: sheets drop tabular figures and hinting."""

from ui.theme.tokens import FIXED, ThemeTokens
from ui.theme.tokens.metrics import RADII, TYPE, Density

HEAD_CELL = 15
"""Px beside the word of a head: the view adds PM_FocusFrameHMargin + 1 px inside each cell, which the head does not."""


def sheet(tokens: ThemeTokens, text_scale: float, density: Density) -> str:
    """QSS of a theme at a text scale (1.0 = 100 %) and a density."""
    growth = round(TYPE["body"].line * (text_scale - 1))
    sizes = {
        "line": tokens.line,
        "control": density.control + growth - 2 * tokens.line,
        "compact": (44 if density.control >= 48 else 28) + growth - 2 * tokens.line,  # a finger needs 44 px
        "touch": 48 + growth - 2 * tokens.line,
        "pad": density.pad,
        "field_pad": density.pad - 5,
        # A focused or wrong field has a thicker edge and the same outer size, so that nothing moves.
        "thick_control": density.control + growth - 4,
        "thick_pad": density.pad - 5 - (2 - tokens.line),
        "thick_vpad": 6 - (2 - tokens.line),
        "radius": RADII.touch_control if density.control >= 48 else RADII.control,
        "chip": RADII.chip,
        "card": RADII.card,
        "dialog": RADII.dialog,
        "touch_radius": RADII.touch_control,
        "thin": 10,
        "cell": 12,
        "head_cell": HEAD_CELL,
        "menu_icon": round(16 * text_scale),
        "head": density.row + growth - 4,
    }
    values: dict[str, object] = {name: getattr(tokens.colours, name) for name in tokens.colours.__slots__}
    values |= {f"fixed_{name}": getattr(FIXED, name) for name in FIXED.__slots__}
    values |= {f"{name}_fg": colours.fg for name, colours in tokens.severities.items()}
    values |= {f"{name}_soft": colours.soft for name, colours in tokens.severities.items()}
    values |= {f"px_{name}": size for name, size in sizes.items()}
    # Where colours cannot say it, lines do: high contrast dashes what is disabled, and outlines what is selected.
    values["off_edge"] = f"{tokens.line}px dashed {tokens.colours.faint}" if tokens.high_contrast else "1px solid"
    values["off_colour"] = "" if tokens.high_contrast else tokens.colours.sunken
    text = _SURFACES + _TEXT + _BUTTONS + _FIELDS + _VIEWS + _REST
    for name in sorted(values, key=len, reverse=True):
        text = text.replace(f"@{name}", str(values[name]))
    return text


_SURFACES = """
QMainWindow, QWidget[surface="canvas"] { background: @canvas; }
QDialog { background: @raised; }
QWidget[surface="surface"] { background: @surface; }
QWidget[surface="sunken"] { background: @sunken; }
QWidget[surface="raised"] { background: @raised; }
QWidget[surface="rail"] { background: @rail; }
QFrame[kind="card"] { background: @surface; border: @px_linepx solid @border; border-radius: @px_cardpx; }
QFrame[kind="card"][selected="true"] { border: 2px solid @focus; }
QFrame[kind="panel"] { background: @raised; border: @px_linepx solid @border; border-radius: @px_dialogpx; }
QFrame[kind="hairline"] { background: @border; border: 0; max-height: 1px; min-height: 1px; }
QFrame[kind="hairline_v"] { background: @border; border: 0; max-width: 1px; min-width: 1px; }
QFrame[kind="banner"] { border-radius: @px_cardpx; border: 1px solid @control; background: @surface; }
QFrame[kind="banner"][severity="info"] { background: @info_soft; border-color: @info_fg; }
QFrame[kind="banner"][severity="ok"] { background: @ok_soft; border-color: @ok_fg; }
QFrame[kind="banner"][severity="warn"] { background: @warn_soft; border-color: @warn_fg; }
QFrame[kind="banner"][severity="danger"] { background: @danger_soft; border-color: @danger_fg; }
QFrame[kind="ribbon"] { background: @warn_soft; border: 0; border-bottom: 1px solid @warn_fg; }
QFrame[kind="toast"] { background: @fixed_toast; border: 1px solid @fixed_toast_edge; border-radius: @px_cardpx; }
"""

_TEXT = """
QLabel { background: transparent; color: @text; }
QLabel[ink="muted"] { color: @muted; }
QLabel[ink="faint"] { color: @faint; }
QLabel[ink="accent"] { color: @accent; }
QLabel[ink="rail"] { color: @rail_text; }
QLabel[ink="info"] { color: @info_fg; }
QLabel[ink="ok"] { color: @ok_fg; }
QLabel[ink="warn"] { color: @warn_fg; }
QLabel[ink="danger"] { color: @danger_fg; }
QLabel[ink="toast"] { color: @fixed_toast_text; }
QLabel[ink="toast_hint"] { color: @fixed_toast_hint; }
QToolTip { background: @raised; color: @text; border: 1px solid @control; padding: 5px 8px; }
"""

_BUTTONS = """
QPushButton { background: @surface; color: @text; border: @px_linepx solid @control;
  border-radius: @px_radiuspx; padding: 0 @px_padpx; min-height: @px_controlpx; outline: 0; }
QPushButton:hover { background: @canvas; border-color: @muted; }
QPushButton:pressed { background: @sunken; }
QPushButton[kind="primary"] { background: @accent; color: @on_accent; border-color: @accent; }
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed {
  background: @accent_hover; border-color: @accent_hover; }
QPushButton[kind="danger"] { background: @danger; color: @on_danger; border-color: @danger; }
QPushButton[kind="danger"]:hover, QPushButton[kind="danger"]:pressed {
  background: @danger_hover; border-color: @danger_hover; }
QPushButton[kind="quiet"], QPushButton[kind="icon"] { background: transparent; color: @muted;
  border-color: transparent; }
QPushButton[kind="quiet"]:hover, QPushButton[kind="icon"]:hover { background: @sunken; color: @text; }
QPushButton[kind="quiet"]:pressed, QPushButton[kind="icon"]:pressed { background: @accent_soft; }
QPushButton[kind="link"] { background: transparent; color: @accent; border-color: transparent; padding: 0 4px; }
QPushButton[kind="link"]:hover { background: @accent_soft; }
QPushButton[kind="quiet"] { padding: 0 10px; }
QPushButton[kind="icon"] { padding: 0; }
QPushButton[kind="icon"]:checked { background: @accent_soft; color: @accent; }
QPushButton[kind="toast"] { background: transparent; color: @fixed_toast_undo; border-color: transparent;
  padding: 0 8px; }
QPushButton[kind="toast"]:hover { background: @fixed_toast_well; }
QPushButton[dimension="compact"] { min-height: @px_compactpx; padding: 0 10px; }
QPushButton[dimension="touch"] { min-height: @px_touchpx; padding: 0 18px; border-radius: @px_touch_radiuspx; }
QPushButton[kind="icon"][dimension="compact"], QPushButton[kind="icon"][dimension="touch"] { padding: 0; }
QPushButton[dimension="inset"] { min-height: 0; padding: 0; border-radius: @px_chippx; }
QPushButton[kind="painted"] { min-height: 0; padding: 0; border: 0; background: transparent; }
QPushButton:disabled { background: @sunken; color: @muted; border: @off_edge @off_colour; }
QPushButton[kind="quiet"]:disabled, QPushButton[kind="icon"]:disabled { background: transparent; color: @faint; }
"""

_FIELDS = """
QLineEdit, QComboBox, QPlainTextEdit, QTextEdit, QAbstractSpinBox { background: @surface; color: @text;
  border: @px_linepx solid @control; border-radius: @px_radiuspx; padding: 0 @px_field_padpx;
  selection-background-color: @accent; selection-color: @on_accent; placeholder-text-color: @faint; }
QLineEdit, QComboBox, QAbstractSpinBox { min-height: @px_controlpx; }
QPlainTextEdit, QTextEdit { padding: 6px @px_field_padpx; }
QTextBrowser { background: transparent; border: 2px solid transparent; border-radius: 0; padding: 0; }
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {
  border: 2px solid @focus; padding: 0 @px_thick_padpx; min-height: @px_thick_controlpx; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid @focus; padding: @px_thick_vpadpx @px_thick_padpx; }
QTextBrowser:focus { border: 2px solid @focus; padding: 0; }
QLineEdit[invalid="true"], QComboBox[invalid="true"] {
  border: 2px solid @danger_fg; padding: 0 @px_thick_padpx; min-height: @px_thick_controlpx; }
QPlainTextEdit[invalid="true"] { border: 2px solid @danger_fg; padding: @px_thick_vpadpx @px_thick_padpx; }
QLineEdit { lineedit-password-character: 8226; }
QLineEdit:read-only { background: @sunken; color: @muted; placeholder-text-color: @muted; }
QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled, QAbstractSpinBox:disabled {
  background: @sunken; color: @muted; placeholder-text-color: @muted; border: @off_edge @border; }
QComboBox::drop-down { width: 28px; border: 0; }
QComboBox::down-arrow { image: none; width: 0; height: 0; }
QComboBox QAbstractItemView { background: @raised; color: @text; border: 1px solid @control; padding: 4px;
  selection-background-color: @accent_soft; selection-color: @text; outline: 0; }
QComboBox QAbstractItemView::item { min-height: @px_controlpx; padding: 0 8px; border-radius: @px_chippx; }
"""

_VIEWS = """
QTableView, QListView, QTreeView { background: @surface; color: @text; border: 0; gridline-color: @border;
  selection-background-color: @accent_soft; selection-color: @text; outline: 0; }
QTableView::item { padding: 0 @px_cellpx; border: 0; border-bottom: 1px solid @border; }
QTableView::item:selected { background: @accent_soft; color: @text; }
QTableView::item:selected:active { border-bottom: 1px solid @control; }
QTableView:focus { border: 0; }
QHeaderView { background: @surface; border: 0; }
QHeaderView::section { background: @surface; color: @muted; border: 0; border-bottom: 1px solid @control;
  padding: 0 @px_head_cellpx; min-height: @px_headpx; }
QHeaderView::section:hover { color: @text; }
QHeaderView::up-arrow, QHeaderView::down-arrow { width: 0; height: 0; image: none; }
QTableCornerButton::section { background: @surface; border: 0; }
QListView::item { min-height: @px_controlpx; padding: 0 8px; border-radius: @px_radiuspx; }
QListView::item:hover { background: @sunken; }
QListView::item:selected { background: @accent_soft; color: @accent; }
QTreeView::item { min-height: @px_controlpx; }
"""

_REST = """
QScrollArea { background: transparent; border: 0; }
QScrollArea > QWidget > QWidget[transparent="true"] { background: transparent; }
QScrollBar:vertical { background: transparent; width: @px_thinpx; margin: 0; }
QScrollBar:horizontal { background: transparent; height: @px_thinpx; margin: 0; }
QScrollBar::handle { background: @control; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QMenu { background: @raised; color: @text; border: 1px solid @control; padding: 4px; icon-size: @px_menu_iconpx; }
QMenu::item { padding: 7px 14px; border-radius: @px_chippx; }
QMenu::item:selected { background: @accent_soft; color: @text; }
QMenu::item:disabled { color: @faint; }
QMenu::separator { height: 1px; background: @border; margin: 4px 6px; }
QMenu::icon { padding-left: 8px; }
QTabWidget::pane { border: 0; border-top: 1px solid @border; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: @muted; border: 0; border-bottom: 2px solid transparent;
  padding: 0 10px; min-height: @px_controlpx; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @accent; border-bottom: 2px solid @accent; }
QTabBar::tab:focus { background: @accent_soft; }
QSplitter::handle { background: @border; }
QDockWidget { color: @text; }
QMainWindow::separator { background: @border; width: 4px; height: 4px; }
QMainWindow::separator:hover { background: @accent; }
QLineEdit[kind="palette"], QLineEdit[kind="palette"]:focus { background: transparent; border: 0; padding: 0; }
QListView[kind="palette"] { background: transparent; }
QListView[kind="palette"]::item { padding: 0; min-height: 0; background: transparent; }
QStatusBar { background: @surface; color: @muted; border-top: 1px solid @border; }
QStatusBar::item { border: 0; }
QProgressBar { background: @sunken; border: 0; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; border: 0; }
QSlider::groove:horizontal { background: @sunken; border: 1px solid @control; height: 4px; border-radius: 3px; }
QSlider::sub-page:horizontal { background: @accent; height: 4px; border-radius: 3px; }
QSlider::handle:horizontal { background: @accent; border: 2px solid @surface; width: 14px; margin: -8px 0;
  border-radius: 9px; }
QSlider::handle:horizontal:focus { border-color: @text; }
QGroupBox { border: 1px solid @border; border-radius: @px_cardpx; margin-top: 8px; padding: 14px; }
"""
