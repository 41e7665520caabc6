"""Two identities side by side: what the file says, what the chart says; what differs is marked, not only coloured."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.core.i18n import N_, _
from app.core.text import fold
from app.imaging.queries import Candidate, ReviewItem
from ui.imaging.library_words import received_name
from ui.patients.facts import empty
from ui.shell.formats import day
from ui.theme.tokens.metrics import Weight
from ui.widgets.cards import Hairline, ThemedIcon
from ui.widgets.labels import Label, WrapLabel


@dataclass(frozen=True, slots=True)
class Agreement:
    """One fact of both; `same` is None where one of them says nothing."""

    what: str
    file: str
    chart: str
    same: bool | None


def agreements(item: ReviewItem, chart: Candidate | None) -> list[Agreement]:
    """Name, birth date and number of the file and of a chart."""
    study = item.study
    name, born = received_name(study.received_name), study.received_birth_on
    other, charted, filed = (chart.name, chart.born_on, chart.file_number) if chart else ("", None, "")
    sent = study.received_number or ""
    return [
        _compared(_(N_("Name")), name, other, _words(name) == _words(other)),
        _compared(_(N_("Birth date")), day(born) if born else "", day(charted) if charted else "", born == charted),
        _compared(_(N_("File no.")), sent, filed, sent.lstrip("0") == filed.lstrip("0")),
    ]


def _words(name: str) -> frozenset[str]:
    return frozenset(fold(name.replace(",", " ").replace("-", " ")).split())


def _compared(what: str, file: str, chart: str, same: bool) -> Agreement:
    return Agreement(what, file, chart, same if file and chart else None)


class Compare(QWidget):
    """A grid: what, the file, a mark, the chart."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)

    def show_pair(self, rows: list[Agreement], chart_name: str) -> None:
        """Show them; without a chart, the file alone."""
        empty(self._grid)
        heads = (_(N_("The file says")), "", chart_name or _(N_("No chart is chosen")))
        for column, words in enumerate(heads, 1):
            if words:
                self._grid.addWidget(Label(words, "small", "muted", weight=Weight.SEMIBOLD), 0, column)
        self._grid.addWidget(Hairline(), 1, 0, 1, 4)
        for place, row in enumerate(rows, 2):
            top = Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(Label(row.what, "body", "muted"), place, 0, top)
            self._grid.addWidget(WrapLabel(row.file or _(N_("says nothing"))), place, 1, top)
            icon, severity, words = {
                True: ("check", "ok", N_("the same")), False: ("intersect", "danger", N_("differs")),
                None: ("minus", "", N_("cannot be compared")),
            }[row.same]  # fmt: skip
            mark = ThemedIcon(icon, 17, severity=severity)
            mark.setAccessibleName(_(words))
            mark.setToolTip(_(words))
            self._grid.addWidget(mark, place, 2, top)
            value = WrapLabel(row.chart or ("–" if chart_name else ""), "body", "danger" if row.same is False else "")
            self._grid.addWidget(value, place, 3, top)
