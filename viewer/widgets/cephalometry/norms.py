"""The clinic's own norms and measures: what was published stays as it was, the clinic's row stands before it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from viewer.errors import N_, ViewerError
from viewer.model.cephalometry import Analysis, Dimension, Measure, Norm
from viewer.model.cephalometry.formula import FormulaError, needed, parse
from viewer.model.cephalometry.store import CLINIC, original, with_measure, with_norm
from viewer.widgets.cephalometry.board import Cephalometry
from viewer.widgets.cephalometry.measures import MEASURE
from viewer.widgets.cephalometry.words import short
from viewer.widgets.marking.panel import dress
from viewer.widgets.marking.questions import CANCEL, SAVE, decimal

NORMS = N_("Norms of the analysis")
COLUMNS = (
    MEASURE, N_("Mean"), N_("SD"), N_("From"), N_("To"), N_("Sex"), N_("Population"), N_("Source"),
)  # fmt: skip
FIELDS = ("mean", "sd", "low", "high")
HELP = N_("Type over a figure to set the clinic’s own norm. A row without a source and a population is not shown.")
BAD_NUMBER = N_("“{text}” is not a number.")
RESTORE = N_("Restore the published norms")
OWN = N_("Own measures")
NEW_MEASURE, LABEL, FORMULA, KIND = N_("Add a measure"), N_("Name"), N_("Formula"), N_("Kind")
FORMULA_HELP = N_(
    "Landmarks and the functions angle, signed, between, inner, distance, offset, along, mid, meet, foot: "
    "angle(S, N, A) − angle(S, N, B)"
)
READABLE, NAMELESS = N_("Needs the landmarks: {landmarks}"), N_("The measure needs a name.")
DIMENSIONS = {
    Dimension.ANGLE: N_("Angle (°)"),
    Dimension.LENGTH: N_("Length (mm)"),
    Dimension.PERCENT: N_("Percentage"),
    Dimension.RATIO: N_("Ratio"),
}


class NormEditor(QDialog):
    """The norms of one analysis as a table that can be typed over; saved through the port."""

    def __init__(self, cephalometry: Cephalometry) -> None:
        super().__init__(cephalometry.workspace)
        self._ceph, self._analysis = cephalometry, cephalometry.analysis
        say, look = cephalometry.texts.say, cephalometry.look
        self._filling = False
        self.setWindowTitle(say(NORMS))
        self.resize(look.px(980), look.px(520))
        column = QVBoxLayout(self)
        note = QLabel(say(HELP))
        note.setWordWrap(True)
        column.addWidget(note)
        self.table = QTableWidget(0, len(COLUMNS))
        dress(self.table, [say(text) for text in COLUMNS], say(NORMS), look)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        self.table.itemChanged.connect(self._on_changed)
        for wide in (len(COLUMNS) - 2, len(COLUMNS) - 1):
            self.table.horizontalHeader().setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
        column.addWidget(self.table, 1)
        self.problem = QLabel()
        column.addWidget(self.problem)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Save).setText(say(SAVE))
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(say(CANCEL))
        restore = buttons.addButton(say(RESTORE), QDialogButtonBox.ButtonRole.ResetRole)
        restore.clicked.connect(self.restore)
        buttons.accepted.connect(self.save)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self._fill()

    def _fill(self) -> None:
        self._filling = True
        locale, say = self._ceph.workspace.locale(), self._ceph.texts.say
        self.table.setRowCount(len(self._analysis.measures))
        for row, measure in enumerate(self._analysis.measures):
            norm = measure.norms[0] if measure.norms else Norm("", "")
            figures = [getattr(norm, name) for name in FIELDS]
            words = ["" if value is None else short(locale, value) for value in figures]
            cells = (say(measure.label), *words, norm.sex, say(norm.population) if norm.population else "", norm.source)
            for place, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if not place:
                    item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                self.table.setItem(row, place, item)
        self._filling = False

    def _on_changed(self, item: QTableWidgetItem) -> None:
        """A figure that was typed over is the clinic's: its source must be said anew, not borrowed from the paper."""
        if self._filling or item.column() not in range(1, 5):
            return
        published = original(self._analysis.analysis_id, self._analysis.measures[item.row()].measure_id)
        source = self.table.item(item.row(), len(COLUMNS) - 1)
        if published and published.norms and source is not None and source.text() == published.norms[0].source:
            source.setText("")

    def norm_of(self, row: int) -> Norm:
        """The norm that a row says. Raises ValueError, with the text, for what is no number."""
        texts = [self._text(row, column) for column in range(len(COLUMNS))]
        figures: dict[str, float | None] = {}
        for name, text in zip(FIELDS, texts[1:5], strict=True):
            value = decimal(self._ceph.workspace.locale(), text) if text else None
            if text and value is None:
                raise ValueError(text)
            figures[name] = value
        before = self._analysis.measures[row].norms
        base = before[0] if before else Norm("", "")
        same = all(
            figures[name] == (None if (old := getattr(base, name)) is None else round(old, 1)) for name in FIELDS
        )
        population = base.population if texts[6] == self._ceph.texts.say(base.population) else texts[6]
        if same and texts[7] == base.source and population == base.population and texts[5] == base.sex:
            return base
        return Norm(
            texts[7], population, figures["mean"], figures["sd"], figures["low"], figures["high"],
            sex=texts[5].upper()[:1],
        )  # fmt: skip

    def _text(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return item.text().strip() if item is not None else ""

    def save(self) -> None:
        """Keep what was changed; a figure that cannot be read says so and nothing is kept."""
        changed = self._analysis
        try:
            for row, measure in enumerate(self._analysis.measures):
                norm = self.norm_of(row)
                if (norm != measure.norms[0]) if measure.norms else bool(norm.source or norm.mean is not None):
                    changed = with_norm(changed, measure.measure_id, norm)
            if changed != self._analysis:
                self._ceph.store.keep(changed)
        except ValueError as error:
            self.problem.setText(self._ceph.texts.say(BAD_NUMBER, text=str(error)))
            return
        except ViewerError as error:
            self.problem.setText(self._ceph.texts.sentence(error))
            return
        self._ceph.changed.emit()
        self.accept()

    def restore(self) -> None:
        """Forget the clinic's rows of this analysis."""
        try:
            self._ceph.store.forget(self._analysis.analysis_id)
        except ViewerError as error:
            self.problem.setText(self._ceph.texts.sentence(error))
            return
        self._ceph.changed.emit()
        self._analysis = self._ceph.analysis
        self._fill()


class MeasureEditor(QDialog):
    """A measure of the clinic's own, by a formula that is checked while it is typed."""

    def __init__(self, cephalometry: Cephalometry) -> None:
        super().__init__(cephalometry.workspace)
        self._ceph = cephalometry
        say, look = cephalometry.texts.say, cephalometry.look
        self.setWindowTitle(say(NEW_MEASURE))
        self.setMinimumWidth(look.px(520))
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        self.label, self.formula, self.kind = QLineEdit(), QLineEdit(), QComboBox()
        self.formula.setPlaceholderText("angle(S, N, A) - angle(S, N, B)")
        for dimension, message in DIMENSIONS.items():
            self.kind.addItem(say(message), dimension)
        for message, field in ((LABEL, self.label), (FORMULA, self.formula), (KIND, self.kind)):
            field.setAccessibleName(say(message))
            form.addRow(say(message), field)
        self.verdict = QLabel(say(FORMULA_HELP))
        self.verdict.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self.ok = buttons.button(QDialogButtonBox.StandardButton.Save)
        self.ok.setText(say(SAVE))
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(say(CANCEL))
        buttons.accepted.connect(self.save)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.verdict)
        column.addStretch(1)
        column.addWidget(buttons)
        self.label.textChanged.connect(self.check)
        self.formula.textChanged.connect(self.check)
        self.ok.setEnabled(False)

    def written(self) -> str:
        """The formula with plain minus signs."""
        return self.formula.text().replace("−", "-").strip()

    def check(self) -> None:
        """Say what the formula needs, or why it cannot be read."""
        say = self._ceph.texts.say
        try:
            parse(self.written())
        except FormulaError as error:
            self.verdict.setText(self._ceph.texts.sentence(error) if self.written() else say(FORMULA_HELP))
            self.ok.setEnabled(False)
            return
        names = ", ".join(sorted(needed(self.written())))
        named = bool(self.label.text().strip())
        self.verdict.setText(say(READABLE, landmarks=names) if named else say(NAMELESS))
        self.ok.setEnabled(named)

    def save(self) -> None:
        """Add the measure to the clinic's own analysis and show that."""
        name = self.label.text().strip()
        own = self._ceph.analyses().get(CLINIC) or Analysis(CLINIC, OWN, ())
        measure = Measure(name, name, self.written(), Dimension(self.kind.currentData()))
        old = next((line for line in own.measures if line.measure_id == name), None)
        try:
            self._ceph.store.keep(with_measure(own, replace(measure, norms=old.norms if old else ())))
        except ViewerError as error:
            self.verdict.setText(self._ceph.texts.sentence(error))
            return
        self._ceph.choose_analysis(CLINIC)
        self.accept()
