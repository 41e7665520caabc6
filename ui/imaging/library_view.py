"""The imaging library: every image of the practice as pictures, every study as a table, and what waits to be read."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QSizePolicy,
    QSpacerItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.imaging.queries import (
    LibraryCounts,
    LibraryImage,
    LibraryImagePage,
    LibraryStudy,
    LibraryStudyPage,
    ReadingState,
    library_counts,
    library_images,
    library_studies,
    reading_queue,
)
from app.patients.queries import PatientBanner, patient_banner
from ui.imaging.copies import Copies
from ui.imaging.inspector import Inspector
from ui.imaging.library_filters import Asked, LibraryFilters
from ui.imaging.library_grid import LibraryGrid, LibraryImages
from ui.imaging.library_studies import LibraryStudies
from ui.imaging.pictures import Pictures
from ui.imaging.queue_picker import QueuePicker
from ui.patients.words import plain_name
from ui.shell.formats import counted, number
from ui.shell.screen import Screen
from ui.shell.table_card import TableCard
from ui.theme.style import theme
from ui.widgets.buttons import Button
from ui.widgets.cards import EmptyState
from ui.widgets.labels import ElidedLabel
from ui.widgets.layout import effective_width
from ui.widgets.segmented import Segment, SegmentedControl
from ui.widgets.tables import Table

LIMIT = 60
NARROW = 1100
MARGINS = 80
MODES = {
    "images": (N_("Images"), "grid-four"), "studies": (N_("Studies"), "rows"), "queue": (N_("To be read"), "eye"),
}  # fmt: skip


class LibraryView(Screen):
    """`choose(patient_id=…)` narrows to one patient, `choose(mode="queue")` shows what waits to be read."""

    def build(self) -> None:
        """Filters above, pictures or table, the chosen one at the right."""
        self._counts: LibraryCounts | None = None
        self._total, self._asking = 0, False
        self._mode = "images"
        self.filters = LibraryFilters(self.words)
        self.filters.changed.connect(self._ask)
        self.pictures = Pictures(self.bench, self)
        self.images, self.studies = LibraryImages(), LibraryStudies()
        self.images.setParent(self)
        self.studies.setParent(self)
        self.grid, self.table = LibraryGrid(self.images, self.pictures), Table("", self.studies)
        self.inspector, self.copies = Inspector(self), Copies(self.bench, self)
        self._none = EmptyState("images", "", "")
        self._count = ElidedLabel("", "small", "muted")
        self.imports = Button("", "primary", "upload-simple")
        self.picker = QueuePicker(self)
        self.picker.changed.connect(lambda _reader: self._ask())
        self.picker.hide()
        self._lay_out()
        self._listen()

    def _lay_out(self) -> None:
        self._modes_place = QHBoxLayout()
        self.modes: SegmentedControl | None = None
        self.filters.above.insertLayout(0, self._modes_place)
        self.filters.above.insertWidget(1, self.picker)
        self.filters.above.addSpacerItem(QSpacerItem(0, 0, QSizePolicy.Policy.Expanding))  # where the field is not
        self.filters.above.addWidget(self.imports)
        self._say_modes()
        card = TableCard()
        self._lists = QStackedWidget()
        for page in (self.grid, self.table, self._none):
            self._lists.addWidget(page)
        card.add(self._lists, 1)
        middle = QHBoxLayout()
        middle.setSpacing(10)
        middle.addWidget(card, 1)
        middle.addWidget(self.inspector)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(14, 12, 14, 10)
        column.setSpacing(10)
        column.addWidget(self.filters)
        column.addLayout(middle, 1)
        column.addWidget(self._count)
        self._count.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.inspector.hide()
        self.words.put(self.imports.setText, N_("Import and review"))
        self.words.put(self.grid.setAccessibleName, N_("Images of the library"))
        self.words.put(self.table.setAccessibleName, N_("Studies of the library"))

    def _say_modes(self) -> None:
        if self.modes is not None:
            self._modes_place.removeWidget(self.modes)
            self.modes.deleteLater()
        segments = [Segment(name, _(word), icon) for name, (word, icon) in MODES.items()]
        self.modes = SegmentedControl(_(N_("What is listed")), segments)
        self.modes.set_value(self._mode)
        self.modes.changed.connect(lambda value: self.show_mode(str(value)))
        self._modes_place.addWidget(self.modes)
        self._fold_modes()

    def _listen(self) -> None:
        self.grid.opened.connect(lambda row: self._read(self.images.item(row)))
        self.table.opened.connect(lambda row: self._read(self.studies.item(row)))
        self.grid.row_changed.connect(lambda row: self.inspector.show_line(self.images.item(row)))
        self.table.row_changed.connect(lambda row: self.inspector.show_line(self.studies.item(row)))
        self.grid.near_end.connect(self._more)
        self.grid.dragged.connect(self._drag)
        self.table.verticalScrollBar().valueChanged.connect(self._table_scrolled)
        self.imports.clicked.connect(lambda: self.open_screen.emit("imports", {}))
        self.inspector.opened.connect(lambda: self._read(self.inspector.line))
        self.inspector.saved.connect(self._save)
        self.inspector.sorted_wanted.connect(self._sort)
        self.inspector.chart_wanted.connect(self._open_chart)
        self.inspector.match_wanted.connect(self._match)
        self._none.activated.connect(self._act_on_nothing)
        copy = QShortcut(QKeySequence("Ctrl+S"), self, self._save)
        copy.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # -- where the person goes ------------------------------------------------------------------------------
    def choose(self, **chosen: Any) -> None:
        """Narrow to a patient, or show another list."""
        if chosen.get("mode") in MODES:
            self.show_mode(str(chosen["mode"]))
        if chosen.get("patient_id"):
            self.ask(patient_banner, self._narrow, PatientId(str(chosen["patient_id"])))

    def faces(self) -> dict[str, dict[str, Any]]:
        """Studies, what is to be read, and the pictures again."""
        return {mode: {"mode": mode} for mode in reversed(MODES)}

    def _narrow(self, banner: PatientBanner) -> None:
        self.filters.narrow(Asked(banner.id, plain_name(banner)))
        self._ask()

    def subheading(self) -> str:
        """How much there is."""
        if self._counts is None:
            return ""
        c = self._counts
        parts = [
            counted(N_("{n} image"), N_("{n} images"), c.images),
            counted(N_("{n} study"), N_("{n} studies"), c.studies),
        ]
        waiting = c.by_reading.get(ReadingState.UNREAD, 0) + c.by_reading.get(ReadingState.NEW_IMAGES, 0)
        if waiting:
            parts.append(_(N_("{count} to be read"), count=number(waiting)))
        if c.without_patient:
            parts.append(_(N_("{count} without a chart"), count=number(c.without_patient)))
        return " · ".join(parts)

    def focus_first(self) -> None:
        """What is typed."""
        self.filters.field.setFocus(self.focus_reason)

    def filter_field(self) -> QWidget:
        """What is typed, or whose list is gone through."""
        return self.picker if self._mode == "queue" else self.filters.field

    def context(self) -> dict[str, Any]:
        """What is chosen, for the palette."""
        line = self.inspector.line
        found: dict[str, Any] = {} if line is None else {"study_id": line.study_id, "patient_id": line.patient_id}
        if isinstance(line, LibraryImage):
            found["instance_id"] = line.image.instance_id
        return {key: value for key, value in found.items() if value}

    def show_mode(self, mode: str) -> None:
        """Images, studies, or what waits to be read."""
        if mode == self._mode:
            return
        self._mode = mode
        self.picker.setVisible(mode == "queue")
        if self.modes is not None and self.modes.value() != mode:
            self.modes.set_value(mode)
        self.inspector.show_line(None)
        self._ask()

    def retranslate(self) -> None:
        """The segments too."""
        self._say_modes()
        super().retranslate()

    # -- reading --------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """Counts, and the first page."""
        self.ask(library_counts, self._show_counts)
        self.inspector.reload()
        self.picker.reload()
        self._ask()

    def _show_counts(self, counts: LibraryCounts) -> None:
        self._counts = counts
        self.filters.say(counts)
        self.titled.emit()

    def _ask(self) -> None:
        self._asking = True
        held = len(self.images.items if self._mode == "images" else self.studies.items)
        self._query(0, max(LIMIT, min(held, 200)))

    def _query(self, offset: int, limit: int) -> None:
        arguments = self.filters.arguments(self.bench.runner.clock.today())
        with self.bench.reloading(self):
            if self._mode == "images":
                then = self.add_images if offset else self.show_images
                self.ask(library_images, then, **arguments, offset=offset, limit=limit)
            elif self._mode == "studies":
                later = self.add_studies if offset else self.show_studies
                self.ask(library_studies, later, **arguments, offset=offset, limit=limit)
            else:
                later = self.add_studies if offset else self.show_studies
                self.ask(reading_queue, later, self.picker.reader(), offset=offset, limit=limit)

    def show_images(self, page: LibraryImagePage) -> None:
        """The first page of pictures."""
        held = self.images.item(self.grid.currentIndex().row())
        self.images.start(page.lines, self.images.columns)
        keys = [line.image.instance_id for line in page.lines]
        place = keys.index(held.image.instance_id) if held and held.image.instance_id in keys else 0
        self._filled(page.total, len(page.lines), self.grid)
        if page.lines:
            self.grid.choose(place)
        self.inspector.show_line(self.images.item(place))

    def add_images(self, page: LibraryImagePage) -> None:
        """The next one."""
        self._asking = False
        self.images.add(page.lines)
        self._say_count()

    def show_studies(self, page: LibraryStudyPage) -> None:
        """The first page of studies."""
        held = self.studies.item(self.table.currentIndex().row())
        self.studies.queue = self._mode == "queue"
        self.studies.fold(effective_width(self))
        self.studies.show(page.lines)
        keys = [line.study_id for line in page.lines]
        place = keys.index(held.study_id) if held and held.study_id in keys else 0
        self._filled(page.total, len(page.lines), self.table)
        if page.lines:
            self.table.choose(place)
        self.inspector.show_line(self.studies.item(place))

    def add_studies(self, page: LibraryStudyPage) -> None:
        """The next one."""
        self._asking = False
        self.studies.add(page.lines)
        self._say_count()

    def _filled(self, total: int, shown: int, page: QWidget) -> None:
        self._total, self._asking = total, False
        self._lists.setCurrentWidget(page if shown else self._none)
        self._fold()
        if not shown:
            self._say_nothing()
        self._say_count()
        self.show_body()

    def _say_nothing(self) -> None:
        if self._mode == "queue":
            self._none.tell(_(N_("Nothing waits to be read.")), _(N_("New X-rays stand here until they are signed.")))
        elif self.filters.any:
            self._none.tell(
                _(N_("No image matches these filters.")), _(N_("Take one of them away.")), _(N_("Show everything"))
            )
        else:
            self._none.tell(
                _(N_("There is no image yet.")), _(N_("Imported images stand here, newest first.")),
                _(N_("Import and review")),
            )  # fmt: skip

    def _act_on_nothing(self) -> None:
        if self.filters.any:
            self.filters.clear()
        else:
            self.open_screen.emit("imports", {})

    def _say_count(self) -> None:
        if self._mode == "images":
            self._count.setText(counted(N_("{n} image"), N_("{n} images"), self._total))
        else:
            self._count.setText(counted(N_("{n} study"), N_("{n} studies"), self._total))

    def _more(self) -> None:
        held = len(self.images.items if self._mode == "images" else self.studies.items)
        if not self._asking and held < self._total:
            self._asking = True
            self._query(held, LIMIT)

    def _table_scrolled(self, value: int) -> None:
        if value >= self.table.verticalScrollBar().maximum() - 5 * theme.row_height:
            self._more()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Without room, the panel gives way."""
        super().resizeEvent(event)
        self._fold()

    def _fold_modes(self) -> None:
        """Shapes in place of words that have no room."""
        if self.modes is not None:
            self.modes.set_icon_only(False)
            widest = max(button.sizeHint().width() for button in self.modes.findChildren(QAbstractButton))
            need = len(MODES) * widest + self.imports.sizeHint().width() + MARGINS  # the segments are as wide as one
            self.modes.set_icon_only(need > self.width())

    def _fold(self) -> None:
        self._fold_modes()
        held = self.table.currentIndex().row()
        if self.studies.fold(effective_width(self)):
            self.studies.show(self.studies.items)
            self.table.choose(max(held, 0))
        wide = effective_width(self) >= NARROW
        self.inspector.setVisible(wide and self.inspector.line is not None)
        self.filters.state.setVisible(self._mode != "queue")
        for each in (self.filters.kind, self.filters.modality, self.filters.period, self.filters.view):
            each.setVisible(self._mode != "queue")
        self.filters.field.setVisible(self._mode != "queue")  # whose list it is is chosen, not searched

    # -- going on -------------------------------------------------------------------------------------------
    def _read(self, line: LibraryImage | LibraryStudy | None) -> None:
        """A study with a chart opens in the reading room; one without goes to the review."""
        if line is None:
            return
        if line.patient_id is None:
            self._match()
            return
        chosen: dict[str, Any] = {"patient_id": line.patient_id, "study_id": line.study_id}
        if isinstance(line, LibraryImage):
            chosen["instance_id"] = line.image.instance_id
        if self._mode == "queue":
            chosen["queue_of"] = self.picker.reader() or ""
        self.open_screen.emit("reading", chosen)

    def _match(self) -> None:
        if self.inspector.line is not None:
            self.open_screen.emit("imports", {"tab": "review", "study_id": self.inspector.line.study_id})

    def _open_chart(self) -> None:
        if self.inspector.line is not None:
            self.open_screen.emit("patient", {"patient_id": self.inspector.line.patient_id, "tab": "images"})

    def _sort(self) -> None:
        line = self.inspector.line
        if line is not None:
            self.open_screen.emit("photographs", {"patient_id": line.patient_id, "study_id": line.study_id})

    def _save(self) -> None:
        line = self.inspector.line
        if isinstance(line, LibraryImage) and self.inspector.copy.isEnabled():
            self.copies.save(line.image.instance_id, f"{line.image.instance_id}.{line.image.original_kind}")

    def _drag(self, row: int) -> None:
        line = self.images.item(row)
        if line is not None and self.inspector.copy.isEnabled():
            self.copies.drag(line.image.instance_id, self.grid)
