"""The cephalometric norms and measures of the clinic: read from the records, written by commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject
from shiboken6 import isValid

from app.core.i18n import N_
from app.imaging.commands import keep_analysis, withdraw_analysis
from app.imaging.queries import analysis_row_id, clinic_analyses
from ui.shell.screen import Screen
from viewer.widgets import Analysis, ViewerError, analysis_from_json, analysis_to_json

NOT_KEPT = N_("The norms cannot be changed: {reason}")


class ClinicNorms(QObject):
    """An `AnalysisStore` of the viewer. `changed` is called when other norms are in force."""

    def __init__(self, screen: Screen, parent: QObject) -> None:
        super().__init__(parent)
        self._screen = screen
        self._kept: dict[str, Analysis] = {}
        self.changed: Callable[[], None] = lambda: None

    def read(self) -> None:
        """Ask for what is kept, now and whenever it has changed."""
        self._screen.ask(clinic_analyses, self._show)

    def _show(self, documents: tuple[str, ...]) -> None:
        if not isValid(self):
            return
        found = {analysis.analysis_id: analysis for analysis in map(_analysis, documents) if analysis is not None}
        if found != self._kept:
            self._kept = found
            self.changed()

    def analyses(self) -> Mapping[str, Analysis]:
        """Those that the clinic has changed or added."""
        return self._kept

    def keep(self, analysis: Analysis) -> None:
        """Write the norms. Raises ViewerError for who may not."""
        bench = self._screen.bench
        if not bench.may(keep_analysis):
            raise ViewerError(NOT_KEPT, reason=bench.reason(keep_analysis))
        self._kept = {**self._kept, analysis.analysis_id: analysis}
        bench.run(keep_analysis, analysis_to_json(analysis))

    def forget(self, analysis_id: str) -> None:
        """Go back to the published norms. Raises ViewerError for who may not."""
        bench = self._screen.bench
        if not bench.may(withdraw_analysis):
            raise ViewerError(NOT_KEPT, reason=bench.reason(withdraw_analysis))
        if self._kept.pop(analysis_id, None) is not None:
            bench.run(withdraw_analysis, analysis_row_id(analysis_id))


def _analysis(document: str) -> Analysis | None:
    """None for what a later version wrote: the published norms stand."""
    try:
        return analysis_from_json(document)
    except ViewerError:
        return None
