"""What has been chosen so far on the page of the old system."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path

from app.conversion.commands import Source
from app.conversion.queries import DateOrder, FileMapping, GivenFile, Mapping, Report


@dataclass(slots=True)
class Choosing:
    """Folder, mapping, answers; and the report of the last dry run or conversion."""

    folder: Path | None = None
    mapping: Mapping | None = None
    files: list[GivenFile] = field(default_factory=list)
    unknown: list[Path] = field(default_factory=list)
    images: Path | None = None
    dates: DateOrder | None = None
    report: Report | None = None

    @property
    def source(self) -> Source:
        """What the conversion is given."""
        return Source(tuple(one.sheet.path for one in self.files), self.images)

    def replace_file(self, place: int, changed: FileMapping) -> None:
        """Read one of the files otherwise."""
        assert self.mapping is not None, "a file is read by a mapping"
        before = self.files[place]
        kept = tuple(changed if one == before.mapping else one for one in self.mapping.files)
        self.mapping = dataclasses.replace(self.mapping, files=kept)
        self.files[place] = GivenFile(before.sheet, changed)
        self.report = None
