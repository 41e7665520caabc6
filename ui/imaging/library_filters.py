"""The filters of the library: what is typed, and four lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.imaging.queries import LIBRARY_KIND_LABELS, VIEWS, LibraryCounts, LibraryKind, PhotoView, ReadingState
from ui.imaging.thumbnail import MODALITIES
from ui.shell.formats import number
from ui.shell.words import Words
from ui.widgets.choices import Chip
from ui.widgets.fields import Choice, SearchField
from ui.widgets.layout import Flow

LETTERS: Final = 15
"""Letters that a list shows of its choice; the list that opens shows all of them."""
PERIODS: Final = {1: N_("Today"), 7: N_("Last 7 days"), 31: N_("Last month"), 366: N_("Last year")}
STATES: Final = {
    "unread": N_("To be read"), "new": N_("New images since the reading"), "read": N_("Read and signed"),
    "unmatched": N_("Without a chart"), "damaged": N_("Damaged files"),
}  # fmt: skip
READINGS: Final = {"unread": ReadingState.UNREAD, "new": ReadingState.NEW_IMAGES, "read": ReadingState.READ}


@dataclass(frozen=True, slots=True)
class Asked:
    """A patient to whom the library is narrowed."""

    patient_id: PatientId
    name: str


class LibraryFilters(QWidget):
    """`arguments(today)` are those of the queries of the library."""

    changed = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.field = SearchField("")
        self.state, self.kind, self.view, self.modality, self.period = (Choice() for _each in range(5))
        self._asked: Asked | None = None
        self._chip: Chip | None = None
        self._lists = Flow(gap=8, row_gap=8)
        for each in (self.state, self.kind, self.view, self.modality, self.period):
            each.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            each.setMinimumContentsLength(LETTERS)
            each.changed.connect(lambda _value: self.changed.emit())
            self._lists.add(each)
        self.field.changed.connect(lambda _text: self.changed.emit())
        self.above = QHBoxLayout()
        self.above.setSpacing(8)
        self.above.addWidget(self.field, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self.above)
        column.addWidget(self._lists)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        words.put(self.field.setPlaceholderText, N_("Patient, file number or description"))
        words.put(self.field.setAccessibleName, N_("Search the library"))
        words.put(self.state.setAccessibleName, N_("State"))
        words.put(self.kind.setAccessibleName, N_("Kind of image"))
        words.put(self.view.setAccessibleName, N_("View"))
        words.put(self.modality.setAccessibleName, N_("Modality"))
        words.put(self.period.setAccessibleName, N_("Taken"))

    def say(self, counts: LibraryCounts | None) -> None:
        """The lists in the language in force, with how much there is of each."""
        found: dict[str, int] = {}
        if counts is not None:
            read = counts.by_reading
            found = {"unmatched": counts.without_patient, "damaged": counts.damaged}
            for key, state in READINGS.items():
                found[key] = read.get(state, 0)
        kinds = {} if counts is None else counts.by_kind
        self.state.set_options(
            [("", _(N_("Every state"))), *((key, _with(_(word), found.get(key))) for key, word in STATES.items())]
        )
        self.kind.set_options(
            [("", _(N_("Every kind")))]
            + [(kind.value, _with(_(word), kinds.get(kind, 0))) for kind, word in LIBRARY_KIND_LABELS.items()]
        )
        self.view.set_options([("", _(N_("Every view"))), *((v.value, _(f.name)) for v, f in VIEWS.items())])
        names = [(key, f"{_(word)} ({key})") for key, word in MODALITIES.items()]
        self.modality.set_options([("", _(N_("Every modality"))), *names])
        self.period.set_options([(0, _(N_("Any day"))), *((days, _(word)) for days, word in PERIODS.items())])
        for each in (self.state, self.kind, self.view, self.modality, self.period):
            each.view().setMinimumWidth(each.view().sizeHintForColumn(0) + 30)

    def narrow(self, asked: Asked | None) -> None:
        """To one patient, or to none."""
        self._asked = asked
        if self._chip is not None:
            self._lists.flow.removeWidget(self._chip)
            self._chip.deleteLater()
            self._chip = None
        if asked is not None:
            self._chip = Chip(asked.name, "user", removable=True)
            self._chip.removed.connect(self._widen)
            self._lists.add(self._chip)
            self._chip.show()

    def _widen(self) -> None:
        self.narrow(None)
        self.changed.emit()

    @property
    def any(self) -> bool:
        """Whether anything narrows the library."""
        lists = (self.state, self.kind, self.view, self.modality, self.period)
        return bool(self.field.text().strip() or self._asked or any(each.value() for each in lists))

    def clear(self) -> None:
        """Everything again."""
        self.field.clear()
        for each in (self.state, self.kind, self.view, self.modality, self.period):
            each.setCurrentIndex(0)
        self.narrow(None)
        self.changed.emit()

    def arguments(self, today: date) -> dict[str, Any]:
        """Named arguments of `library_images` and `library_studies`."""
        state, days = self.state.value() or "", int(str(self.period.value() or 0))
        return {
            "text": self.field.text().strip(),
            "patient_id": self._asked.patient_id if self._asked else None,
            "kind": LibraryKind(str(self.kind.value())) if self.kind.value() else None,
            "view": PhotoView(str(self.view.value())) if self.view.value() else None,
            "modality": str(self.modality.value() or ""),
            "since": today - timedelta(days=days - 1) if days else None,
            "reading": READINGS.get(str(state)),
            "in_chart": False if state == "unmatched" else None,
            "damaged": state == "damaged",
        }


def _with(word: str, count: int | None) -> str:
    return word if count is None else f"{word} ({number(count)})"
