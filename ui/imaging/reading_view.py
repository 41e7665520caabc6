"""The reading room: the viewer’s workspace over the images of one patient, the next study to be read, the signature."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _, translate
from app.core.ids import PatientId
from app.imaging.queries import (
    LibraryStudy,
    LibraryStudyPage,
    StudyId,
    StudyImages,
    images_of,
    is_volume,
    reading_queue,
)
from app.imaging.settings import HANGING_CHOICES
from app.patients.queries import PatientBanner, patient_banner
from ui.imaging.clinic_source import ClinicSource
from ui.imaging.kept_marks import KeptMarks
from ui.imaging.queue_picker import QueuePicker
from ui.imaging.signing_panel import SigningPanel
from ui.imaging.thumbnail import PHOTOGRAPHIC
from ui.patients.words import ALERT_ICONS, SEVERITIES, alert_words, born, number, plain_name
from ui.shell.formats import clock_time, day
from ui.shell.formats import number as amount
from ui.shell.screen import Screen
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens import THEMES
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import ElidedLabel, Label
from ui.widgets.layout import Flow, effective_width
from ui.widgets.pills import SeverityChip
from viewer.widgets import ActionRow, Loader, Look, TileTexts, Workspace

QUEUE = 200
WORDS_ABOVE, PANEL_ABOVE = 1250, 900
BOTH_PANELS_ABOVE = 1650
"""The effective width from which the panel of marks and the one of the signature stand beside the image together."""
"""Effective widths under which buttons are shapes alone, and under which a button brings the panel."""


def tile_texts() -> TileTexts:
    """The words of a tile in the language in force."""
    return TileTexts(
        image=_(N_("Image")), empty=_(N_("No image")), loading=_(N_("Reading…")),
        window=_(N_("W {width}  C {center}")), zoom=_(N_("{percent}%")), inverted=_(N_("Inverted")),
        mirrored=_(N_("Mirrored")), frame=_(N_("Image {number} of {count}")), rotated=_(N_("Turned {degrees}°")),
        automatic=_(N_("automatic")), directions=_(N_("APRLHF")), translate=translate, day=partial(day, short=True),
        clock=clock_time,
    )  # fmt: skip


def look() -> Look:
    """The reading room in our colours and the person’s text size."""
    c = THEMES["reading"].colours
    return Look(
        canvas=c.canvas, surface=c.surface, raised=c.raised, border=c.border, control=c.control, text=c.text,
        muted=c.muted, accent=c.accent, accent_soft=c.accent_soft, focus=c.focus, text_scale=theme.text_scale,
        family=theme.font("body").family(),
    )  # fmt: skip


class ReadingView(Screen):
    """`choose(patient_id=…, study_id=…, instance_id=…, tool=…, queue_of=…)`; without a study, the newest.

    `queue_of` is the doctor whose list is gone through; '' for everybody’s.
    """

    def build(self) -> None:
        """A strip with the patient and the queue, the workspace, the signature."""
        self._patient_id, self._study_id, self._instance_id = PatientId(""), "", ""
        self._tool, self._has_volume = "", False
        self._source: ClinicSource | None = None
        self._loaders: list[Loader] = []
        self._queue: tuple[LibraryStudy, ...] = ()
        self._known: frozenset[str] = frozenset()
        self._made_for = ("", 0.0)
        self.workspace: Workspace | None = None
        self.marks: KeptMarks | None = None
        self.signing = SigningPanel(self)
        self.signing.hide()
        self._place = QVBoxLayout()
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addLayout(self._place, 1)
        middle.addWidget(self.signing)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._strip())
        column.addLayout(middle, 1)
        self.bench.closing.connect(self._close_for_good)
        on_theme_change(self._follow_theme)
        for keys, step in (("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)):
            shortcut = QShortcut(QKeySequence(keys), self, lambda step=step: self.go_unread(step))
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _strip(self) -> QWidget:
        strip = QFrame()
        strip.setProperty("surface", "surface")
        strip.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._back = IconButton("arrow-left", "")
        self._back.clicked.connect(self.went_back)
        self._name, self._facts = Label("", "name"), ElidedLabel("", "small", "muted")
        self._alerts = Flow(gap=6)
        self._left = Label("", "small", "muted")
        self.picker = QueuePicker(self)
        self.picker.changed.connect(lambda _reader: self._ask_queue())
        self.before, self.after = Button("", "quiet", "caret-left"), Button("", "quiet", "caret-right")
        self.before.clicked.connect(lambda: self.go_unread(-1))
        self.after.clicked.connect(lambda: self.go_unread(1))
        self.panel = IconButton("signature", "")
        self.panel.setCheckable(True)
        self.panel.toggled.connect(lambda _on: self._fold())
        row = QHBoxLayout(strip)
        row.setContentsMargins(10, 6, 12, 6)
        row.setSpacing(10)
        for part, stretch in (
            (self._back, 0), (self._name, 0), (self._facts, 1), (self._alerts, 2), (self.picker, 0), (self._left, 0),
            (self.before, 0), (self.after, 0), (self.panel, 0),
        ):  # fmt: skip
            row.addWidget(part, stretch)
        self.words.put(self._back.set_name, N_("Go back"))
        self.words.put(self.panel.set_name, N_("Reading"))
        self._queue_words = {self.before: "", self.after: ""}
        self.words.put(partial(self._name_button, self.before), N_("Previous to be read"))
        self.words.put(partial(self._name_button, self.after), N_("Next to be read"))
        return strip

    def _name_button(self, button: Button, words: str) -> None:
        self._queue_words[button] = words
        self._fold()

    def _fold(self) -> None:
        shapes = effective_width(self) < WORDS_ABOVE
        for button, text in self._queue_words.items():
            button.setText("" if shapes else text)
            button.setAccessibleName(text)
            button.set_help(text)
        self._facts.setVisible(effective_width(self) >= PANEL_ABOVE)  # number and birth stand on the images too
        marking = self.marks is not None and not self.marks.panels.isHidden()
        wide = effective_width(self) >= (BOTH_PANELS_ABOVE if marking else PANEL_ABOVE)
        self.panel.setVisible(not wide)
        self.signing.setVisible(bool(self._study_shown()) and (wide or self.panel.isChecked()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold when narrow."""
        super().resizeEvent(event)
        self._fold()

    # -- choosing -------------------------------------------------------------------------------------------
    def choose(self, **chosen: Any) -> None:
        """Take the patient, the study and the image."""
        patient_id = PatientId(str(chosen["patient_id"]))
        if "queue_of" in chosen:
            self.picker.set_value(str(chosen["queue_of"] or ""))
        if patient_id != self._patient_id:
            self.close_workspace()
            self.signing.forget()
            self._name.setText("")
            self._facts.setText("")
        self._patient_id = patient_id
        self._study_id = str(chosen.get("study_id") or "")
        self._instance_id = str(chosen.get("instance_id") or "")
        self._tool = str(chosen.get("tool") or "")
        if self.workspace is not None and (self._study_id or self._instance_id):
            self.workspace.load(self._first_key())
        self.stale = True
        if self.isVisible():
            self.freshen()

    def _first_key(self) -> str:
        if self._instance_id or self._source is None or self.workspace is None:
            return self._instance_id
        return self._source.first_of(self.workspace.catalogue, self._study_id)

    def context(self) -> dict[str, Any]:
        """What is read, for the palette."""
        found = {"patient_id": self._patient_id, "study_id": self._study_shown()}
        return {key: value for key, value in found.items() if value}

    def help_page(self) -> str:
        """Of the tool in hand."""
        return self.marks.help_page() if self.marks is not None else ""

    def focus_first(self) -> None:
        """The image: its keys work at once."""
        active = self.workspace.active if self.workspace is not None else None
        (active or self._back).setFocus(self.focus_reason)

    # -- reading --------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """Ask for patient, images and queue."""
        if not self._patient_id:
            self.show_state("images", N_("No patient is chosen."), N_("Find one with the search, Ctrl K."))
            return
        self.ask(patient_banner, self._show_patient, self._patient_id)
        self.picker.reload()
        self._ask_queue()
        self.ask(images_of, self._images_changed, self._patient_id)
        if self.marks is not None:
            self.marks.read()
        self._show_signing()

    def _ask_queue(self) -> None:
        self.ask(reading_queue, self._show_queue, self.picker.reader(), 0, QUEUE)

    def _show_patient(self, banner: PatientBanner) -> None:
        today = self.bench.runner.clock.today()
        self._name.setText(plain_name(banner))
        facts = " · ".join(p for p in (number(banner.file_number), born(banner.born_on, today)) if p)
        self._facts.setText(facts)
        self._name.setToolTip(facts)
        while (item := self._alerts.flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for alert in banner.alerts:
            words = alert_words(alert.kind, alert.text)
            chip = SeverityChip(SEVERITIES[alert.severity], words, ALERT_ICONS[alert.kind])
            self._alerts.add(chip)
            chip.show()
        self.show_body()

    def _images_changed(self, studies: tuple[StudyImages, ...]) -> None:
        """Images have come, gone, or been turned since the workspace was filled: hang them anew."""
        self._has_volume = any(is_volume(series) for study in studies for series in study.series)
        known, before = frozenset(map(repr, studies)), self._known
        self._known = known
        if not studies:
            self.show_state("images", N_("This patient has no image yet."), N_("Import images in the patient file."))
        elif self.workspace is None:
            self._make_workspace()
        elif known != before:
            self.workspace.load(self._key_in_hand())

    def _key_in_hand(self) -> str:
        active = self.workspace.active if self.workspace is not None else None
        return active.item.key if active is not None and active.item is not None else ""

    # -- the workspace --------------------------------------------------------------------------------------
    def _make_workspace(self) -> None:
        bench = self.bench
        kept = str(bench.setting(HANGING_CHOICES))
        self._source = ClinicSource(
            bench.runner, bench.actor, self._patient_id, kept, lambda value: bench.remember(HANGING_CHOICES, value)
        )
        workspace = self.workspace = Workspace(self._source, tile_texts(), look())
        workspace.setLocale(self.locale())
        self._made_for = (workspace.texts.empty, theme.text_scale)
        if self._has_volume:
            row = ActionRow("volume", N_("3D"), lambda _w: self._open_volume(), "cube", "", "bar", keeps=True)
            workspace.add_action(row)
        loader = workspace.loader
        self._loaders = [*self._loaders[-1:], loader]
        workspace.destroyed.connect(loader.close)  # its threads and its decoder end, however the screen goes
        workspace.loaded.connect(self._loaded)
        workspace.active_changed.connect(lambda _pane: self._show_signing())
        self._place.addWidget(workspace)
        self.marks = KeptMarks(self, workspace, self._patient_id)
        workspace.tool_taken.connect(lambda _name: self._fold())
        workspace.load(self._instance_id)
        self.marks.read()

    def _open_volume(self) -> None:
        self.open_screen.emit("volume", {"patient_id": self._patient_id})

    def _loaded(self) -> None:
        if self.workspace is None or self._source is None:
            return
        if self._tool:
            self.workspace.take_tool(self._tool)
            self._tool = ""
        wanted = self._first_key()
        study = self._source.studies.get(self.workspace.study_uid)
        if wanted and self._study_id and study != self._study_id:
            self.workspace.show_catalogue(self.workspace.catalogue, wanted)
            return
        self._show_signing()

    def close_workspace(self) -> None:
        """Stop all reading; the images leave the memory."""
        if self.marks is not None:
            self.marks.save()
        workspace, self.workspace, self._source, self.marks = self.workspace, None, None, None
        self._known = frozenset()
        if workspace is not None:
            workspace.close_board()
            self._place.removeWidget(workspace)
            workspace.hide()
            workspace.deleteLater()

    def _close_for_good(self) -> None:
        """The program ends: nothing may read from the store after this."""
        loaders, self._loaders = self._loaders, []
        self.close_workspace()
        for loader in loaders:
            loader.wait()

    def _follow_theme(self) -> None:
        """Another text size: the workspace is laid out anew, on the image that was in hand."""
        if self.workspace is not None and theme.text_scale != self._made_for[1]:
            self._again()

    def _again(self) -> None:
        self._instance_id = self._key_in_hand()
        self.close_workspace()
        self.stale = True
        self.freshen()

    def retranslate(self) -> None:
        """The workspace takes its words when it is made."""
        if self.workspace is not None and _(N_("No image")) != self._made_for[0]:
            self._again()
        super().retranslate()

    # -- the signature and the queue ------------------------------------------------------------------------
    def _study_shown(self) -> StudyId:
        """Our id of the study of the active tile."""
        if self.workspace is None or self._source is None:
            return StudyId("")
        found = self.workspace.catalogue.find(self._key_in_hand())
        uid = found[0].uid if found else self.workspace.study_uid
        return self._source.studies.get(uid, StudyId(""))

    def _show_signing(self) -> None:
        study_id = self._study_shown()
        found = self.workspace.catalogue.find(self._key_in_hand()) if self.workspace is not None else None
        title = ""
        if found is not None:
            when = day(found[0].day) if found[0].day else _(N_("Date unknown"))
            title = " · ".join(part for part in (when, found[0].title) if part)
        needed = found is None or any(image.modality not in PHOTOGRAPHIC for image in found[0].images)
        self.signing.show_study(study_id, title, needed)
        self._say_queue()
        self._fold()

    def _show_queue(self, page: LibraryStudyPage) -> None:
        self._queue = page.lines
        self._left.setText(_(N_("To be read: {count}"), count=amount(page.total)))
        self._say_queue()

    def _say_queue(self) -> None:
        for button, step in ((self.before, -1), (self.after, 1)):
            there = self._neighbour(step) is not None
            button.set_available(there, "" if there else _(N_("Nothing more waits to be read there.")))

    def _neighbour(self, step: int) -> LibraryStudy | None:
        ids = [line.study_id for line in self._queue]
        shown = self._study_shown()
        place = ids.index(shown) + step if shown in ids else (0 if step > 0 else -1)
        return self._queue[place] if 0 <= place < len(ids) else None

    def go_unread(self, step: int) -> None:
        """To the next (1) or the previous (-1) study that waits to be read."""
        found = self._neighbour(step)
        if found is not None:
            self.open_screen.emit("reading", {"patient_id": found.patient_id, "study_id": found.study_id})

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.went_back.emit()
            return
        super().keyPressEvent(event)
