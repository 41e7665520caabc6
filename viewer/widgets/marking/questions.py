"""What a mark must be asked for: words, a tooth, the true length under a ruler."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from viewer.errors import N_
from viewer.model.marks import FDI_TEETH
from viewer.widgets.look import Look
from viewer.widgets.texts import TileTexts

ASK_TEXT, ASK_TOOTH, ASK_LENGTH = N_("Write the note"), N_("Label the tooth"), N_("Calibrate with this ruler")
TEXT, TOOTH, TRUE_LENGTH = N_("Text"), N_("FDI number"), N_("True length (mm)")
LENGTH_HELP = N_("The length of the object in the image, for instance a 10 mm sphere. It corrects every figure here.")
NAME, ASK_NAME = N_("Name"), N_("Rename the mark")
ADD, CANCEL, SAVE = N_("Add"), N_("Cancel"), N_("Save")
WIDTH = 380
LONGEST_TEXT = 200
LONGEST_MM = 1000.0


class Questions(Protocol):
    """Answers None when the person thinks better of it."""

    def text(self, title: str, label: str, before: str = "") -> str | None: ...

    def tooth(self) -> int | None: ...

    def length_mm(self) -> float | None: ...


class Dialogs:
    """Asks in small dialogs over the workspace."""

    def __init__(self, parent: QWidget, texts: TileTexts, look: Look) -> None:
        self._parent, self._texts, self._look = parent, texts, look

    def text(self, title: str, label: str, before: str = "") -> str | None:
        """One line of words."""
        field = QLineEdit(before)
        field.setMaxLength(LONGEST_TEXT)
        return field.text().strip() if self._asked(title, label, field, SAVE if before else ADD) else None

    def tooth(self) -> int | None:
        """A number of ISO 3950."""
        field = QComboBox()
        field.setEditable(True)
        field.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        field.addItems([str(number) for number in sorted(FDI_TEETH)])
        if not self._asked(ASK_TOOTH, TOOTH, field, ADD):
            return None
        written = field.currentText().strip()
        return int(written) if written.isdigit() and int(written) in FDI_TEETH else None

    def length_mm(self) -> float | None:
        """The true length under a ruler."""
        field = QDoubleSpinBox()
        field.setLocale(self._parent.locale())
        field.setRange(0.1, LONGEST_MM)
        field.setDecimals(2)
        field.setValue(10.0)
        field.selectAll()
        return field.value() if self._asked(ASK_LENGTH, TRUE_LENGTH, field, SAVE, LENGTH_HELP) else None

    def _asked(self, title: str, label: str, field: QWidget, verb: str, help_text: str = "") -> bool:
        say = self._texts.say
        dialog = QDialog(self._parent)
        dialog.setWindowTitle(say(title))
        dialog.setMinimumWidth(self._look.px(WIDTH))
        column = QVBoxLayout(dialog)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        above = QLabel(say(label))
        above.setBuddy(field)
        field.setAccessibleName(say(label))
        column.addWidget(above)
        column.addWidget(field)
        if help_text:
            note = QLabel(say(help_text))
            note.setWordWrap(True)
            note.setObjectName("muted")
            column.addWidget(note)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText(say(verb))
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(say(CANCEL))
        buttons.accepted.connect(dialog.accept)
        buttons.rejected.connect(dialog.reject)
        column.addSpacing(6)
        column.addWidget(buttons)
        field.setFocus()
        return bool(dialog.exec())


def decimal(locale: QLocale, text: str) -> float | None:
    """A number as people type it, with a comma or a point; None for anything else."""
    value, good = locale.toDouble(text.strip().replace("−", "-"))
    if not good:
        try:
            return float(text.strip().replace(",", ".").replace("−", "-"))
        except ValueError:
            return None
    return float(value)
