"""Fields, lists and buttons in the reading room: one style sheet for panels and dialogs round the images."""

from __future__ import annotations

from viewer.widgets.look import Look


def form_sheet(look: Look) -> str:
    """Style of a form on the dark ground; sizes follow the text scale."""
    body, small = look.px(13), look.px(12)
    box, ring = look.px(14), look.px(5)
    family = f'font-family: "{look.family}";' if look.family else ""
    return f"""
    QDialog, QFrame#panel, QFrame#panel QScrollArea, QFrame#panel QScrollArea > QWidget > QWidget {{
        background: {look.surface}; }}
    QWidget {{ color: {look.text}; font-size: {body}px; {family} }}
    QLabel {{ background: transparent; border: none; }}
    QLabel#head {{ font-size: {look.px(15)}px; font-weight: 600; }}
    QLabel#group {{ color: {look.muted}; font-size: {small}px; font-weight: 600; }}
    QLabel#note {{ color: {look.muted}; font-size: {small}px; }}
    QLabel#warning {{ color: #F2D06B; font-size: {small}px; }}
    QComboBox, QSpinBox, QDoubleSpinBox, QLineEdit {{ background: {look.raised}; border: 1px solid {look.control};
        border-radius: 7px; padding: 5px 8px; min-height: {look.px(20)}px;
        selection-background-color: {look.accent_soft}; }}
    QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QLineEdit:focus {{ border: 2px solid {look.focus};
        padding: 4px 7px; }}
    QComboBox:disabled, QLineEdit:disabled {{ color: {look.control}; border-color: {look.border}; }}
    QComboBox QAbstractItemView {{ background: {look.raised}; border: 1px solid {look.control};
        selection-background-color: {look.accent_soft}; outline: none; padding: 4px; }}
    QComboBox::drop-down {{ border: none; background: transparent; width: {look.px(24)}px; }}
    QComboBox::down-arrow {{ image: none; width: 0; height: 0; }}
    QListWidget {{ background: {look.canvas}; border: 1px solid {look.border}; border-radius: 7px; outline: none; }}
    QListWidget:focus {{ border: 2px solid {look.focus}; }}
    QListWidget::item {{ padding: 5px 8px; border-radius: 5px; }}
    QListWidget::item:selected {{ background: {look.accent_soft}; color: {look.text}; }}
    QPushButton {{ background: {look.raised}; border: 1px solid {look.control}; border-radius: 7px;
        padding: 6px 12px; min-height: {look.px(20)}px; }}
    QPushButton:hover {{ background: {look.border}; }}
    QPushButton:checked {{ background: {look.accent_soft}; border-color: {look.accent}; }}
    QPushButton:focus {{ border: 2px solid {look.focus}; padding: 5px 11px; }}
    QPushButton:disabled {{ color: {look.control}; border-color: {look.border}; background: transparent; }}
    QPushButton#primary {{ background: {look.accent}; color: {look.canvas}; border-color: {look.accent};
        font-weight: 600; }}
    QPushButton#primary:focus {{ border: 2px solid {look.text}; }}
    QPushButton#primary:disabled {{ background: {look.raised}; color: {look.control}; border-color: {look.border}; }}
    QCheckBox, QRadioButton {{ spacing: 8px; padding: 3px; border: 2px solid transparent; border-radius: 5px; }}
    QCheckBox:focus, QRadioButton:focus {{ border-color: {look.focus}; }}
    QCheckBox:disabled, QRadioButton:disabled {{ color: {look.control}; }}
    QRadioButton::indicator, QCheckBox::indicator {{ width: {box}px; height: {box}px; border: 2px solid {look.control};
        border-radius: {box // 2 + 2}px; background: {look.canvas}; }}
    QCheckBox::indicator {{ border-radius: 4px; }}
    QRadioButton::indicator:checked {{ border: {ring}px solid {look.accent};
        width: {box + 4 - 2 * ring}px; height: {box + 4 - 2 * ring}px; }}
    QCheckBox::indicator:checked {{ background: {look.accent}; border-color: {look.accent};
        image: url("{(look.icons / "check.svg").as_posix()}"); }}
    QSlider::groove:horizontal {{ background: {look.border}; height: 4px; border-radius: 2px; }}
    QSlider::sub-page:horizontal {{ background: {look.accent}; height: 4px; border-radius: 2px; }}
    QSlider::handle:horizontal {{ background: {look.text}; width: 16px; margin: -7px 0; border-radius: 8px;
        border: 2px solid {look.surface}; }}
    QSlider::handle:horizontal:focus {{ border-color: {look.focus}; background: {look.accent}; }}
    QTableWidget {{ background: {look.canvas}; border: 1px solid {look.border}; gridline-color: {look.border};
        outline: none; }}
    QTableWidget:focus {{ border: 2px solid {look.focus}; }}
    QTableWidget::item:selected {{ background: {look.accent_soft}; }}
    QHeaderView, QHeaderView::section, QTableCornerButton::section {{ background: {look.surface}; color: {look.muted};
        border: none; padding: 6px; font-size: {small}px; font-weight: 600; }}
    QScrollBar:vertical, QScrollBar:horizontal {{ background: {look.surface}; width: 10px; height: 10px; margin: 0; }}
    QScrollBar::handle {{ background: {look.control}; border-radius: 5px; min-height: 30px; min-width: 30px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    """
