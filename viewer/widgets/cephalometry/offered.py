"""Cephalometry as a tool, actions and panels of a workspace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from viewer.errors import N_, ViewerError
from viewer.io.onnx_landmarks import OnnxLandmarks
from viewer.model.cephalometry.store import AnalysisStore
from viewer.model.exporting import ExportKind
from viewer.widgets.cephalometry.board import Cephalometry
from viewer.widgets.cephalometry.deviations import Shades, wiggle
from viewer.widgets.cephalometry.exchange import LandmarkExchange
from viewer.widgets.cephalometry.measures import wiggle_lines
from viewer.widgets.cephalometry.norms import MeasureEditor, NormEditor
from viewer.widgets.cephalometry.over_time import CLOSE, OverTime
from viewer.widgets.cephalometry.panel import TITLE, CephPanel, MenuRow
from viewer.widgets.cephalometry.report import CANNOT_WRITE, WIGGLE, write_report
from viewer.widgets.cephalometry.tool import CephTool
from viewer.widgets.marking.board import Marking
from viewer.widgets.marking.panel import MARKS, MarksPanel
from viewer.widgets.tools import ToolRow
from viewer.widgets.workspace import Workspace

CEPH = N_("Ceph")
MODEL, REPORT, PDF, ONNX = (
    N_("Load a landmark model"), N_("Save the report"), N_("PDF files (*.pdf)"), N_("ONNX models (*.onnx)"),
)  # fmt: skip
REPORTED = N_("Report saved: {name}")
SCALE = N_("Across: standard deviations. Where only a range is published, half of it is taken for one.")
ROW_PX, CHART_WIDTH = 24, 720


def install_cephalometry(workspace: Workspace, marking: Marking, store: AnalysisStore | None = None) -> Cephalometry:
    """Give a workspace its cephalometry; `store` keeps the norms and measures of the clinic."""
    cephalometry = Cephalometry(marking, store)
    row = ToolRow("ceph", CEPH, "path", "C", lambda: CephTool(cephalometry), measures=True, group=1)
    workspace.tools.add(row)
    workspace.fill_bar()
    workspace.second_opened.connect(lambda second: (second.tools.add(row), second.fill_bar()))
    return cephalometry


class SidePanels(QTabWidget):
    """Cephalometry and marks at the right of the images; the tool in hand brings its panel to the front."""

    def __init__(self, marking: Marking, cephalometry: Cephalometry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = Desk(cephalometry)
        self.marks, self.ceph = MarksPanel(marking), CephPanel(cephalometry, self.desk.rows())
        self.setAccessibleName(f"{marking.texts.say(MARKS)}, {marking.texts.say(TITLE)}")
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self.tabBar().setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.addTab(self.marks, marking.texts.say(MARKS))
        self.addTab(self.ceph, marking.texts.say(TITLE))
        self.setFixedWidth(max(self.marks.minimumWidth(), self.ceph.minimumWidth()))
        marking.workspace.tool_taken.connect(self._on_tool)

    def _on_tool(self, name: str) -> None:
        self.setCurrentWidget(self.ceph if name == "ceph" else self.marks)


class Desk:
    """What stands in the menu of the panel: dialogs, files, switches."""

    def __init__(self, cephalometry: Cephalometry) -> None:
        self._ceph = cephalometry
        self.exchange = LandmarkExchange(cephalometry)
        self.ask_model: Callable[[], Path | None] = self._ask_model
        self.ask_report: Callable[[], Path | None] = self._ask_report

    def rows(self) -> tuple[MenuRow, ...]:
        """Message, action, state."""
        ceph = self._ceph
        return (
            (N_("Wiggle chart…"), lambda: WiggleDialog(ceph).exec(), None),
            (N_("Change over time and superimposition…"), lambda: OverTime(ceph).exec(), None),
            (N_("PDF report…"), self.report, None),
            (N_("Export the landmarks (SR)…"), self.exchange.export, None),
            (N_("Import landmarks (SR)…"), self.exchange.take_in, None),
            (N_("Norms of the clinic…"), lambda: NormEditor(ceph).exec(), None),
            (N_("Add a measure by formula…"), lambda: MeasureEditor(ceph).exec(), None),
            (N_("Outlines"), lambda: self._switch("outlines"), lambda: ceph.outlines),
            (N_("Propose edges after each click"), lambda: self._switch("edges"), lambda: ceph.edges),
            (N_("Propose landmarks automatically"), ceph.find_automatically, None),
            (N_("Load a landmark model…"), self.load_model, None),
        )

    def _switch(self, name: str) -> None:
        setattr(self._ceph, name, not getattr(self._ceph, name))
        if self._ceph.pane is not None:
            self._ceph.pane.update()

    def load_model(self) -> None:
        """Take the clinic's model; say why it cannot be taken."""
        path = self.ask_model()
        if path is None:
            return
        try:
            self._ceph.finder = OnnxLandmarks(path)
        except ViewerError as error:
            self._ceph.workspace.say(self._ceph.texts.sentence(error))
            return
        self._ceph.find_automatically()

    def report(self) -> None:
        """Write the PDF report of the active image."""
        pane = self._ceph.pane
        path = self.ask_report() if pane is not None and pane.item is not None else None
        if path is None or pane is None or pane.item is None:
            return
        workspace, texts = self._ceph.workspace, self._ceph.texts
        try:
            workspace.exported(ExportKind.CEPHALOMETRY, pane.item, {})
            write_report(self._ceph, path, date.today())
        except ViewerError as error:
            workspace.say(texts.sentence(error))
        except OSError:
            workspace.say(texts.say(CANNOT_WRITE))
        else:
            workspace.say(texts.say(REPORTED, name=path.name))

    def _ask_model(self) -> Path | None:
        from PySide6.QtWidgets import QFileDialog

        say = self._ceph.texts.say
        path, _ = QFileDialog.getOpenFileName(self._ceph.workspace, say(MODEL), "", say(ONNX))
        return Path(path) if path else None

    def _ask_report(self) -> Path | None:
        from PySide6.QtWidgets import QFileDialog

        say = self._ceph.texts.say
        path, _ = QFileDialog.getSaveFileName(self._ceph.workspace, say(REPORT), "ceph.pdf", say(PDF))
        return Path(path) if path else None


class WiggleChart(QWidget):
    """The wiggle chart on the screen."""

    def __init__(self, cephalometry: Cephalometry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = cephalometry.look
        self._lines = wiggle_lines(cephalometry, cephalometry.readings())
        self.setMinimumSize(self._look.px(CHART_WIDTH), self._look.px(ROW_PX) * (len(self._lines) + 1) + 8)
        spoken = "; ".join(f"{line.name} {line.value} ({line.norm})" for line in self._lines)
        self.setAccessibleName(f"{cephalometry.texts.say(WIGGLE)}: {spoken}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.rect().toRectF().adjusted(4, 4, -4, -4)
        wiggle(painter, area, self._lines, Shades(), self._look.px(ROW_PX), self._look.px(12))
        painter.end()


class WiggleDialog(QDialog):
    """Shows the wiggle chart of the analysis in force."""

    def __init__(self, cephalometry: Cephalometry) -> None:
        super().__init__(cephalometry.workspace)
        say = cephalometry.texts.say
        self.setWindowTitle(f"{say(WIGGLE)} · {say(cephalometry.analysis.label)}")
        self.resize(cephalometry.look.px(CHART_WIDTH + 60), cephalometry.look.px(520))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(WiggleChart(cephalometry))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(say(CLOSE))
        buttons.rejected.connect(self.reject)
        scale = QLabel(say(SCALE))
        scale.setObjectName("muted")
        scale.setWordWrap(True)
        column = QVBoxLayout(self)
        column.addWidget(area, 1)
        column.addWidget(scale)
        column.addWidget(buttons)
