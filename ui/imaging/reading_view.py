"""A plain reading screen: the images of the patient at the left, one of them large, tools above."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import ClinicError
from app.core.i18n import N_, _, translate
from app.core.ids import PatientId
from app.imaging.queries import ImageLine, OpenedImage, StudyImages, images_of, open_image
from app.patients.queries import PatientBanner, patient_banner
from ui.imaging.thumbnail import Thumbnail, image_words
from ui.patients.facts import empty
from ui.patients.words import ALERT_ICONS, SEVERITIES, alert_words, born, number, plain_name
from ui.shell.errors import log_fault, sentence_of
from ui.shell.formats import day
from ui.shell.screen import Screen
from ui.theme.style import on_theme_change
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import ElidedLabel, Label
from ui.widgets.layout import Flow, VScroll, effective_width
from ui.widgets.pills import SeverityChip
from viewer.widgets import Gesture, Picture, PixelError, Tile, TileTexts, prepare
from viewer.widgets import open_image as open_pixels

TOOLS = (
    (Gesture.PAN, N_("Pan"), "hand"), (Gesture.ZOOM, N_("Zoom"), "magnifying-glass-plus"),
    (Gesture.WINDOW, N_("Window"), "circle-half"),
)  # fmt: skip
LIST_MARGIN = 58
"""Pixels round the small pictures, the scroll bar counted."""
WORDS_ABOVE = 1100
"""Effective width under which the tools are shapes alone, so that name and alerts keep their room."""


def tile_texts() -> TileTexts:
    """The words of a tile in the language in force."""
    return TileTexts(
        image=_(N_("Image")), empty=_(N_("No image")), loading=_(N_("Reading…")),
        window=_(N_("W {width}  C {center}")),
        zoom=_(N_("{percent}%")), inverted=_(N_("Inverted")), mirrored=_(N_("Mirrored")),
        frame=_(N_("Image {number} of {count}")),
        rotated=_(N_("Turned {degrees}°")), automatic=_(N_("automatic")),
        directions=_(N_("APRLHF")), translate=translate,
    )  # fmt: skip


class ReadingView(Screen):
    """`choose(patient_id=..., instance_id=...)`."""

    def build(self) -> None:
        """Bar, list, tile."""
        self._patient_id, self._instance_id = PatientId(""), ""
        self._taken: tuple[OpenedImage, Picture] | None = None
        self._thumbs: dict[str, Thumbnail] = {}
        self._lines: dict[str, tuple[ImageLine, str]] = {}
        self._tile = Tile(texts=tile_texts())
        self._thumb_list = QVBoxLayout()
        self._thumb_list.setSpacing(12)
        inner = QWidget()
        inner_column = QVBoxLayout(inner)
        inner_column.setContentsMargins(14, 12, 14, 12)
        inner_column.addLayout(self._thumb_list)
        inner_column.addStretch(1)
        listed = self._listed = VScroll(inner)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(listed)
        middle.addWidget(self._tile, 1)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addLayout(middle, 1)
        on_theme_change(self._fold)

    def _bar(self) -> QWidget:
        bar = QFrame()
        bar.setProperty("surface", "surface")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._back = IconButton("arrow-left", "")
        self._back.clicked.connect(self.went_back)
        self._name, self._facts = ElidedLabel("", "name"), ElidedLabel("", "small", "muted")
        self._alerts = Flow(gap=6)
        who = QVBoxLayout()
        who.setSpacing(1)
        who.addWidget(self._name)
        who.addWidget(self._facts)
        row = QHBoxLayout(bar)
        row.setContentsMargins(10, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(self._back)
        row.addLayout(who, 1)
        row.addWidget(self._alerts, 1)
        self._tools: dict[Gesture, Button] = {}
        self._named: dict[Button, str] = {}
        for tool, words, icon in TOOLS:
            button = self._tools[tool] = Button("", "quiet", icon)
            button.setCheckable(True)
            button.clicked.connect(lambda _on=False, tool=tool: self._take_tool(tool))
            self._name_tool(button, words)
            row.addWidget(button)
        for words, icon, act in (
            (N_("Reset"), "arrow-counter-clockwise", self._show_taken), (N_("Fit"), "frame-corners", self._tile.fit),
            (N_("Turn"), "arrow-clockwise", self._tile.rotate),
            (N_("Mirror"), "flip-horizontal", self._tile.mirror), (N_("Invert"), "drop-half", self._tile.invert),
        ):  # fmt: skip
            button = Button("", "quiet", icon)
            button.clicked.connect(lambda _on=False, act=act: act())
            self._name_tool(button, words)
            row.addWidget(button)
        self.words.put(self._back.set_name, N_("Back to the patient file"))
        self._take_tool(Gesture.PAN)
        return bar

    def _name_tool(self, button: Button, words: str) -> None:
        def say(text: str) -> None:
            self._named[button] = text
            self._fold()

        self.words.put(say, words)

    def _fold(self) -> None:
        shapes = effective_width(self) < WORDS_ABOVE
        for button, text in self._named.items():
            button.setText("" if shapes else text)
            button.setAccessibleName(text)
            button.set_help(text if shapes else "")
        self._listed.setFixedWidth(Thumbnail.side() + LIST_MARGIN)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the tools when narrow."""
        super().resizeEvent(event)
        self._fold()

    def _take_tool(self, tool: Gesture) -> None:
        self._tile.take_gesture(tool)
        for each, button in self._tools.items():
            button.setChecked(each is tool)
            button.set_kind("secondary" if each is tool else "quiet")

    # -- choosing -------------------------------------------------------------------------------------------
    def choose(self, **chosen: Any) -> None:
        """Take the patient and the image; without one, the newest."""
        self._patient_id = PatientId(chosen["patient_id"])
        self._instance_id = str(chosen.get("instance_id") or "")
        self._tile.clear()
        self.stale = True
        if self.isVisible():
            self.freshen()

    def focus_first(self) -> None:
        """The image: its keys work at once."""
        self._tile.setFocus(self.focus_reason)

    def reload(self) -> None:
        """Ask for patient and images."""
        if not self._patient_id:
            self.show_state("images", N_("No patient is chosen."), N_("Find one with the search, Ctrl K."))
            return
        self._tile.texts = tile_texts()
        self.ask(patient_banner, self._show_patient, self._patient_id)
        self.ask(images_of, self.show_studies, self._patient_id)

    def _show_patient(self, banner: PatientBanner) -> None:
        today = self.bench.runner.clock.today()
        self._name.setText(plain_name(banner))
        self._facts.setText(" · ".join(p for p in (number(banner.file_number), born(banner.born_on, today)) if p))
        while (item := self._alerts.flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for alert in banner.alerts:
            chip = SeverityChip(
                SEVERITIES[alert.severity], alert_words(alert.kind, alert.text), ALERT_ICONS[alert.kind]
            )
            self._alerts.add(chip)
            chip.show()

    def show_studies(self, studies: tuple[StudyImages, ...]) -> None:
        """The list, and the chosen image."""
        empty(self._thumb_list)
        self._thumbs.clear()
        self._lines.clear()
        for study in studies:
            head = day(study.studied_on, short=True) if study.studied_on else _(N_("Date unknown"))
            self._thumb_list.addWidget(Label(head, "small", "muted"))
            for series in study.series:
                for image in series.images:
                    words = image_words(image, series.modality, series.description)
                    thumb = Thumbnail(self.bench, image, words)
                    thumb.setCheckable(True)
                    thumb.clicked.connect(lambda _on=False, key=image.instance_id: self._show(key))
                    self._thumbs[image.instance_id] = thumb
                    self._lines[image.instance_id] = (image, words)
                    self._thumb_list.addWidget(thumb)
        self.show_body()
        wanted = self._instance_id if self._instance_id in self._thumbs else next(iter(self._thumbs), "")
        if wanted:
            self._show(wanted)
        else:
            self._tile.show_error(_(N_("This patient has no image yet.")))

    # -- showing --------------------------------------------------------------------------------------------
    def _show(self, instance_id: str) -> None:
        self._instance_id, self._taken = instance_id, None
        for key, thumb in self._thumbs.items():
            thumb.setChecked(key == instance_id)
        image, _words = self._lines[instance_id]
        self._tile.show_loading()
        runner, actor = self.bench.runner, self.bench.actor

        def work() -> tuple[OpenedImage, Picture]:
            opened = open_image(runner, actor, image.instance_id)
            return opened, prepare(open_pixels(opened.dicom))

        self.bench.background(work, lambda future: self._take(instance_id, future))

    def _take(self, instance_id: str, future: Future[tuple[OpenedImage, Picture]]) -> None:
        if instance_id != self._instance_id:
            return
        error = future.exception()
        if error is not None:
            self._tile.show_error(self._sentence(error))
            return
        self._taken = future.result()
        self._show_taken()

    def _show_taken(self) -> None:
        """The image as it was opened: upright, whole, in its own window."""
        if self._taken is None:
            return
        opened, picture = self._taken
        image, words = self._lines[self._instance_id]
        self._tile.clear()
        self._tile.show_picture(picture, words)
        if opened.upright.mirrored:
            self._tile.mirror()
        if opened.upright.quarter_turns:
            self._tile.rotate(opened.upright.quarter_turns)
        taken = day(image.acquired_on, short=True) if image.acquired_on else ""
        warnings = [_(N_("Lossy compression"))] if image.lossy else []
        self._tile.set_captions([self._name.text()], [words, taken], warnings)

    def _sentence(self, error: BaseException) -> str:
        if isinstance(error, PixelError):
            return self._tile.texts.sentence(error)
        if not isinstance(error, ClinicError):
            log_fault(error, "open_image")
        return sentence_of(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.went_back.emit()
            return
        super().keyPressEvent(event)
