"""A clinic's analyses as files of a folder, one JSON document each: for the viewer that runs alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from viewer.errors import N_
from viewer.model.cephalometry.analysis import Analysis
from viewer.model.cephalometry.functions import CephError
from viewer.model.cephalometry.storage import AnalysisError, analysis_from_json, analysis_to_json

SUFFIX = ".analysis.json"


class AnalysisFiles:
    """Implements `viewer.model.cephalometry.store.AnalysisStore`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def analyses(self) -> Mapping[str, Analysis]:
        """The analyses of the folder; a file that cannot be read is passed over, never half read."""
        found: dict[str, Analysis] = {}
        for path in sorted(self._folder.glob(f"*{SUFFIX}")) if self._folder.is_dir() else ():
            try:
                analysis = analysis_from_json(path.read_bytes())
            except (CephError, OSError):
                continue
            found[analysis.analysis_id] = analysis
        return found

    def keep(self, analysis: Analysis) -> None:
        """Write the file whole or not at all. Raises AnalysisError for a disk that does not take it."""
        path = self._path(analysis.analysis_id)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_text(analysis_to_json(analysis), encoding="utf-8")
            part.replace(path)
        except OSError:
            raise AnalysisError(N_("This analysis cannot be saved.")) from None

    def forget(self, analysis_id: str) -> None:
        """Take the file away."""
        self._path(analysis_id).unlink(missing_ok=True)

    def _path(self, analysis_id: str) -> Path:
        return self._folder / f"{re.sub(r'[^a-z0-9_-]', '_', analysis_id.casefold())}{SUFFIX}"
