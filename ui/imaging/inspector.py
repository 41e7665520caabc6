"""What is chosen in the library: a larger picture, the facts, and what can be done with it."""

from __future__ import annotations

from concurrent.futures import Future

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.access.queries import StaffLine, staff_list
from app.core.i18n import N_, _
from app.core.ids import StaffId
from app.imaging.commands import assign_reader, assign_view, turn_image
from app.imaging.permissions import EXPORT_IMAGES
from app.imaging.queries import (
    MATCH_LABELS,
    READING_LABELS,
    VIEWS,
    InstanceId,
    LibraryImage,
    LibraryKind,
    LibraryStudy,
    PhotoView,
    ReadingState,
    preview,
)
from ui.imaging.library_words import counts_of, received_name, taken_on, what, whose
from ui.patients.facts import Facts
from ui.shell.formats import day, number
from ui.shell.screen import Screen
from ui.theme import paint
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens import THEMES
from ui.theme.tokens.metrics import RADII
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.fields import Choice
from ui.widgets.form import Field
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import VScroll

WIDTH = 304


class LargePicture(QWidget):
    """A picture as large as there is room, on black."""

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Four to three."""
        return QSize(WIDTH - 30, (WIDTH - 30) * 3 // 4)

    def show_image(self, image: QImage | None) -> None:
        """Another picture, or none."""
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """On black, whole."""
        painter = QPainter(self)
        paint.ready(painter)
        area = QRectF(self.rect())
        paint.card_clip(painter, area, RADII.block)
        painter.fillRect(area, QColor(THEMES["reading"].colours.sunken))
        if self._image is not None and not self._image.isNull():
            size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(0, 0, size.width(), size.height())
            place.moveCenter(area.center())
            painter.drawImage(place, self._image)


class Inspector(QWidget):
    """At the right of the library; `show_line` fills it."""

    opened = Signal()
    saved = Signal()
    sorted_wanted = Signal()
    chart_wanted = Signal()
    match_wanted = Signal()

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen, self._bench = screen, screen.bench
        self.line: LibraryImage | LibraryStudy | None = None
        self._shown: InstanceId | None = None
        self._said: list[tuple[str, str | QWidget]] = []
        self.picture, self.title, self.facts = LargePicture(), WrapLabel("", "name"), Facts()
        self.open, self.chart = Button("", "primary", "eye"), Button("", "secondary", "user")
        self.match, self.sort = Button("", "secondary", "link"), Button("", "secondary", "squares-four")
        self.copy, self.turn = Button("", "secondary", "download-simple"), Button("", "secondary", "arrow-clockwise")
        self.view, self.reader = Choice(), Choice()
        self._view_field, self._reader_field = Field("", self.view), Field("", self.reader)
        self._staff: tuple[StaffLine, ...] = ()
        self._lay_out()
        self._listen()

    def _lay_out(self) -> None:
        card = Card()
        for part in (self.picture, self.title, self.facts, self.open, self._view_field, self._reader_field):
            card.add(part)
        for button in (self.match, self.chart, self.sort, self.turn, self.copy):
            card.add(button)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(VScroll(inner))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        words = self._screen.words
        words.put(self.open.setText, N_("Open the study"))
        words.put(self.chart.setText, N_("Open the chart"))
        words.put(self.match.setText, N_("Say whose it is"))
        words.put(self.sort.setText, N_("Sort the photographs"))
        words.put(self.copy.setText, N_("Save a copy of the file"))
        words.put(self.turn.setText, N_("Turn the image"))
        words.put(self._view_field.set_label, N_("View"))
        words.put(self._reader_field.set_label, N_("To be read by"))
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As wide as its words and buttons need, and no narrower than the picture."""
        width = max(WIDTH, min(theme.px(WIDTH), 420), self.minimumSizeHint().width())
        return QSize(width, super().sizeHint().height())

    def _listen(self) -> None:
        self.open.clicked.connect(self.opened)
        self.copy.clicked.connect(self.saved)
        self.sort.clicked.connect(self.sorted_wanted)
        self.chart.clicked.connect(self.chart_wanted)
        self.match.clicked.connect(self.match_wanted)
        self.turn.clicked.connect(self._turn)
        self.view.changed.connect(self._name_view)
        self.reader.changed.connect(self._give)

    def reload(self) -> None:
        """Ask who may read."""
        if self._bench.may(staff_list):
            self._screen.ask(staff_list, self._take_staff)

    def _take_staff(self, staff: tuple[StaffLine, ...]) -> None:
        self._staff = staff
        self.show_line(self.line)

    # -- what is shown --------------------------------------------------------------------------------------
    def show_line(self, line: LibraryImage | LibraryStudy | None) -> None:
        """Show an image or a study; nothing hides the panel."""
        self.line = line
        self.setVisible(line is not None)
        if line is None:
            return
        image = line if isinstance(line, LibraryImage) else None
        self.title.setText(whose(line))
        facts = self._facts(line)
        if facts != self._said:  # a library that reads again after each commit mostly shows what it showed
            self._said = facts
            self.facts.show_facts(facts)
        self._fetch(line.image.instance_id if isinstance(line, LibraryImage) else line.first_image)
        has_chart = line.patient_id is not None
        self.open.setVisible(has_chart)
        self.chart.setVisible(has_chart)
        self.match.setVisible(not has_chart)
        photo = image is not None and image.kind is LibraryKind.PHOTOGRAPH
        self.sort.setVisible(has_chart and (photo or self._photographs(line) > 1))
        for part in (self.copy, self.turn):
            part.setVisible(image is not None)
        self._view_field.setVisible(photo)
        self._reader_field.setVisible(isinstance(line, LibraryStudy) and line.reading is not ReadingState.NOT_NEEDED)
        self._fill(line)

    def _fill(self, line: LibraryImage | LibraryStudy) -> None:
        """The lists, and what is allowed."""
        views = [("", _(N_("None of the standard views")))] + [(v.value, _(f.name)) for v, f in VIEWS.items()]
        self.view.set_options(views)
        if isinstance(line, LibraryImage):
            self.view.set_value(line.image.view.value if line.image.view else "")
        else:
            self.reader.set_options(
                [("", _(N_("Whoever comes first"))), *((s.staff_id, s.display_name) for s in self._staff)]
            )
            self.reader.set_value(line.reader_id or "")
        self.view.setEnabled(self._bench.may(assign_view))
        self.reader.setEnabled(self._bench.may(assign_reader))
        self.turn.set_available(self._bench.may(turn_image), self._bench.reason(turn_image))
        may = self._bench.may(EXPORT_IMAGES)
        self.copy.set_available(may, "" if may else _(N_("You need “{right}”."), right=_(EXPORT_IMAGES.label)))

    @staticmethod
    def _photographs(line: LibraryImage | LibraryStudy) -> int:
        return line.counts.get(LibraryKind.PHOTOGRAPH, 0) if isinstance(line, LibraryStudy) else 0

    def _facts(self, line: LibraryImage | LibraryStudy) -> list[tuple[str, str | QWidget]]:
        said = received_name(line.received_name)
        found: list[tuple[str, str | QWidget]] = [
            (_(N_("File no.")), line.file_number or ""),
            (_(N_("In the file")), said if line.patient_id is None else ""),
            (_(N_("Match")), _(MATCH_LABELS[line.match])),
            (_(N_("Taken on")), taken_on(line)),
        ]
        if isinstance(line, LibraryStudy):
            read = (
                " · ".join(part for part in (line.read_by, day(line.read_at.date(), short=True)) if part)
                if (line.read_at)
                else ""
            )
            found += [
                (_(N_("What")), line.description or ""),
                (_(N_("Images")), counts_of(line)),
                (_(N_("Read by")), read),
            ]
        else:
            size = (number(line.image.columns or 0), number(line.image.rows or 0))
            pixels = _(N_("{width} × {height} pixels"), width=size[0], height=size[1]) if line.image.rows else ""
            found += [(_(N_("What")), what(line)), (_(N_("Size")), pixels)]
        return [*found, (_(N_("Reading")), _(READING_LABELS[line.reading]))]

    def _fetch(self, instance_id: InstanceId | None) -> None:
        if instance_id == self._shown:
            return
        self._shown = instance_id
        self.picture.show_image(None)
        if instance_id is None:
            return
        runner, actor = self._bench.runner, self._bench.actor

        def take(future: Future[bytes | None]) -> None:
            if isValid(self) and self._shown == instance_id and future.exception() is None and future.result():
                self.picture.show_image(QImage.fromData(future.result() or b""))

        self._bench.background(lambda: preview(runner, actor, instance_id), take)

    # -- commands -------------------------------------------------------------------------------------------
    def _name_view(self, value: object) -> None:
        if isinstance(self.line, LibraryImage):
            view = PhotoView(str(value)) if value else None
            self._bench.run(assign_view, self.line.image.instance_id, view)

    def _turn(self) -> None:
        if isinstance(self.line, LibraryImage):
            self._shown = None
            self._bench.run(turn_image, self.line.image.instance_id)

    def _give(self, value: object) -> None:
        if isinstance(self.line, LibraryStudy):
            self._bench.run(assign_reader, self.line.study_id, StaffId(str(value)) if value else None)
