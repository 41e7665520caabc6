"""Photographs by view: those of a study on a composite, as somebody confirmed them or as the program proposes them."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.imaging.commands import ViewOf, assign_views, create_mount, fill_mount
from app.imaging.queries import (
    GUESS_LABELS,
    LAYOUTS,
    VIEWS,
    InstanceId,
    Layout,
    LibraryKind,
    LibraryStudyPage,
    PhotoView,
    StudyId,
    ViewProposal,
    library_studies,
    proposed_views,
)
from app.patients.queries import PatientBanner, patient_banner
from ui.imaging.photo_place import CONFIRMED, EMPTY, PROPOSED, PhotoPlace
from ui.imaging.pictures import Pictures
from ui.patients.facts import empty
from ui.patients.words import plain_name
from ui.shell.formats import counted, day
from ui.shell.screen import Screen
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.fields import Choice
from ui.widgets.labels import ElidedLabel, WrapLabel
from ui.widgets.layout import Flow, VScroll

COMPOSITES = ("photographs_8", "photographs_9", "photographs_10", "photographs_5")
LOOSE = "loose:"
"""Names of the places under the composite begin so; the rest is the photograph’s id."""


class SortingView(Screen):
    """`choose(patient_id=…, study_id=…)`; without a study, the newest with photographs."""

    def build(self) -> None:
        """Choices above, the composite, what has no place under it."""
        self._patient_id, self._study_id, self._name = PatientId(""), StudyId(""), ""
        self._proposals: dict[InstanceId, ViewProposal] = {}
        self._at: dict[str, InstanceId] = {}
        self._lifted = ""
        self._places: dict[str, PhotoPlace] = {}
        self.pictures = Pictures(self.bench, self)
        self.study, self.composite = Choice(), Choice()
        for each in (self.study, self.composite):
            each.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.confirm, self.mount = Button("", "primary", "check"), Button("", "secondary", "squares-four")
        self._hint, self._said = WrapLabel("", "small", "muted"), ElidedLabel("", "name")
        self._board = QGridLayout()
        self._board.setSpacing(10)
        self._loose = QHBoxLayout()
        self._loose.setSpacing(10)
        self._loose_card = Card(" ")
        self._lay_out()
        self.study.changed.connect(self._take_study)
        self.composite.changed.connect(lambda _value: self._hang())
        self.confirm.clicked.connect(self.confirm_all)
        self.mount.clicked.connect(self.make_mount)

    def _lay_out(self) -> None:
        above = Flow(self.study, self.composite, self.confirm, self.mount, gap=8, row_gap=8)
        board = QWidget()
        board.setLayout(self._board)
        self._board.setContentsMargins(0, 0, 0, 0)
        card = Card()
        card.add(self._said)
        card.add(board, 1)
        loose = QWidget()
        loose.setLayout(self._loose)
        self._loose.setContentsMargins(0, 0, 0, 0)
        self._loose_card.add(loose)
        inner = QWidget()
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, 4, 0)
        rows.setSpacing(10)
        rows.addWidget(card, 1)
        rows.addWidget(self._loose_card)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        column.addWidget(above)
        column.addWidget(self._hint)
        column.addWidget(VScroll(inner), 1)
        self.words.put(self.study.setAccessibleName, N_("Study"))
        self.words.put(self.composite.setAccessibleName, N_("Composite"))
        self.words.put(self.confirm.setText, N_("Confirm the views"))
        self.words.put(self.mount.setText, N_("Fill a mount"))
        self.words.put(self._loose_card.set_title, N_("Without a place on this composite"))
        self.words.put(
            self._hint.setText,
            N_("Drag a photograph to its place. By keyboard: arrows, Enter to lift and put down, Delete to take out."),
        )

    # -- choosing -------------------------------------------------------------------------------------------
    def choose(self, **chosen: Any) -> None:
        """Take the patient and the study."""
        patient_id = PatientId(str(chosen["patient_id"]))
        if patient_id != self._patient_id:
            self._proposals, self._at, self._name = {}, {}, ""
        self._patient_id, self._study_id = patient_id, StudyId(str(chosen.get("study_id") or ""))
        self.stale = True
        if self.isVisible():
            self.freshen()

    def subheading(self) -> str:
        """Whose."""
        return self._name

    def context(self) -> dict[str, Any]:
        """For the palette."""
        found = {"patient_id": self._patient_id, "study_id": self._study_id}
        return {key: value for key, value in found.items() if value}

    def focus_first(self) -> None:
        """The first place."""
        first = next(iter(self._places.values()), None)
        (first or self.study).setFocus(self.focus_reason)

    def reload(self) -> None:
        """Ask for the patient and the studies with photographs."""
        if not self._patient_id:
            self.show_state("images", N_("No patient is chosen."), N_("Find one with the search, Ctrl K."))
            return
        self.ask(patient_banner, self._show_patient, self._patient_id)
        photographs = LibraryKind.PHOTOGRAPH
        self.ask(library_studies, self._show_studies, patient_id=self._patient_id, kind=photographs, limit=200)

    def _show_patient(self, banner: PatientBanner) -> None:
        self._name = plain_name(banner)
        self.titled.emit()

    def _show_studies(self, page: LibraryStudyPage) -> None:
        if not page.lines:
            self.show_state("images", N_("This patient has no photograph yet."), N_("Import them in the patient file."))
            return
        names = [(one.study_id, " · ".join(
            part for part in (day(one.studied_on) if one.studied_on else _(N_("Date unknown")), one.description) if part
        )) for one in page.lines]  # fmt: skip
        self.study.set_options(names)
        if self._study_id in [key for key, _words in names]:
            self.study.set_value(self._study_id)
        self._study_id = StudyId(str(self.study.value()))
        self.composite.set_options([(key, _(LAYOUTS[key].name)) for key in COMPOSITES])
        self.ask(proposed_views, self.show_proposals, self._study_id)

    def _take_study(self, value: object) -> None:
        self._study_id, self._at = StudyId(str(value)), {}
        self.reload()

    def show_proposals(self, proposals: tuple[ViewProposal, ...]) -> None:
        """Hang what is confirmed and what is proposed; what the person has put elsewhere meanwhile stays."""
        same = set(self._proposals) == {one.image.instance_id for one in proposals}
        self._proposals = {one.image.instance_id: one for one in proposals}
        for button in (self.confirm, self.mount):
            command = assign_views if button is self.confirm else create_mount
            button.set_available(self.bench.may(command), self.bench.reason(command))
        if not same or not self._at:
            self._hang()
        else:
            self._show()
        self.show_body()

    @property
    def layout_in_force(self) -> Layout:
        """The composite that was chosen."""
        return LAYOUTS[str(self.composite.value() or COMPOSITES[0])]

    def _hang(self) -> None:
        """Each photograph to the first place that its view belongs to; a confirmed one before a proposed one."""
        self._at, self._lifted = {}, ""
        ordered = sorted(self._proposals.values(), key=lambda one: one.assigned is None)
        for one in ordered:
            view = _view(one)
            free = (p for p in self.layout_in_force.positions if view in p.views and p.key not in self._at)
            place = next(free, None)
            if place is not None:
                self._at[place.key] = one.image.instance_id
        self._build_board()
        self._show()

    def _build_board(self) -> None:
        empty(self._board)
        self._places = {}
        for position in self.layout_in_force.positions:
            place = self._new_place(position.key)
            self._board.addWidget(place, position.row, position.column, 1, position.column_span)
        for column in range(self._board.columnCount()):
            self._board.setColumnStretch(column, 1 if column < self.layout_in_force.columns else 0)
        for row in range(self._board.rowCount()):
            self._board.setRowStretch(row, 1 if row < self.layout_in_force.rows else 0)

    def _new_place(self, name: str) -> PhotoPlace:
        place = self._places[name] = PhotoPlace(name, self.pictures)
        place.clicked.connect(lambda _on=False: self._lift(name))
        place.dropped.connect(self.put)
        place.taken_out.connect(self.take_out)
        place.moved.connect(self._move)
        return place

    def _show(self) -> None:
        """Say what stands where."""
        for position in self.layout_in_force.positions:
            key = self._at.get(position.key)
            words, state, why = _(VIEWS[position.views[0]].name), EMPTY, ""
            if key is not None:
                one = self._proposals[key]
                view = self._view_at(position.key)
                words = _(VIEWS[view].name)
                state = CONFIRMED if one.assigned is view else PROPOSED
                guessed = one.proposed is not None and one.proposed.view is view
                why = _(GUESS_LABELS[one.proposed.by]) if one.proposed and guessed else _(N_("Put here by hand"))
            self._places[position.key].show_photo(words, key, state, why)
        self._show_loose()
        waiting = len(self._changes())
        self._said.setText(
            counted(N_("{n} view to confirm"), N_("{n} views to confirm"), waiting)
            if waiting
            else _(N_("Every view on this composite is confirmed."))
        )
        self.confirm.setEnabled(bool(waiting) and self.bench.may(assign_views))

    def _show_loose(self) -> None:
        held = self.focusWidget()
        keep = held.name if isinstance(held, PhotoPlace) else ""
        empty(self._loose)
        for name in [name for name in self._places if name.startswith(LOOSE)]:
            del self._places[name]
        loose = [key for key in self._proposals if key not in self._at.values()]
        for key in loose:
            place = self._new_place(f"{LOOSE}{key}")
            assigned = self._proposals[key].assigned
            place.show_photo(
                _(VIEWS[assigned].name) if assigned else _(N_("No view")), key, CONFIRMED if assigned else PROPOSED
            )
            self._loose.addWidget(place)
        self._loose.addStretch(1)
        self._loose_card.setVisible(bool(loose))
        if keep in self._places and keep.startswith(LOOSE):
            self._places[keep].setFocus(Qt.FocusReason.OtherFocusReason)

    def _view_at(self, place: str) -> PhotoView:
        """The view that a photograph has in a place: its own where that belongs there, else the first of the place."""
        position = self.layout_in_force.position(place)
        one = self._proposals[self._at[place]]
        views = position.views if position is not None else ()
        own = _view(one)
        return own if own in views and own is not None else views[0]

    # -- moving ---------------------------------------------------------------------------------------------
    def _lift(self, name: str) -> None:
        """Take the photograph in hand; with one in hand, put it down here."""
        if self._lifted:
            self.put(self._lifted, name)
        elif self._places[name].instance_id:
            self._lifted = name
            self._places[name].set_lifted(True)

    def put(self, source: str, target: str) -> None:
        """Put a photograph into another place; what stood there goes to where it came from."""
        if self._lifted in self._places:
            self._places[self._lifted].set_lifted(False)
        self._lifted = ""
        moved, other = self._held(source), self._held(target)
        if source == target or moved is None:
            return
        for name, key in ((source, other), (target, moved)):
            if name.startswith(LOOSE):
                continue
            if key is None:
                self._at.pop(name, None)
            else:
                self._at[name] = key
        self._show()
        if target in self._places:
            self._places[target].setFocus(Qt.FocusReason.TabFocusReason)

    def _held(self, name: str) -> InstanceId | None:
        return InstanceId(name.removeprefix(LOOSE)) if name.startswith(LOOSE) else self._at.get(name)

    def take_out(self, name: str) -> None:
        """Under the composite, without a view of it."""
        if self._at.pop(name, None) is not None:
            self._show()

    def _move(self, name: str, down: int, right: int) -> None:
        """The focus to the nearest place in a direction."""
        here = self._places[name]
        at = here.mapTo(self.body, here.rect().center())
        best: tuple[float, PhotoPlace] | None = None
        for place in self._places.values():
            there = place.mapTo(self.body, place.rect().center())
            along = (there.y() - at.y()) * down + (there.x() - at.x()) * right
            across = abs((there.x() - at.x()) * down) + abs((there.y() - at.y()) * right)
            if along > 4 and (best is None or along + 2 * across < best[0]):
                best = (along + 2 * across, place)
        if best is not None:
            best[1].setFocus(Qt.FocusReason.TabFocusReason)

    # -- confirming -----------------------------------------------------------------------------------------
    def _changes(self) -> list[ViewOf]:
        """What the composite says and nobody has confirmed."""
        found = []
        for place, key in self._at.items():
            view = self._view_at(place)
            if self._proposals[key].assigned is not view:
                found.append(ViewOf(key, view))
        return found

    def confirm_all(self) -> None:
        """Assign the views as they stand here."""
        changes = self._changes()
        if changes:
            said = counted(N_("{n} view confirmed"), N_("{n} views confirmed"), len(changes))
            self.bench.run(assign_views, changes).say(said)

    def make_mount(self) -> None:
        """A mount of this composite with the photographs of this study; views are confirmed with it. One undo step."""
        runner, actor, changes = self.bench.runner, self.bench.actor, self._changes()
        patient_id, study_id, layout = self._patient_id, self._study_id, self.layout_in_force.key

        def work() -> tuple[int, str]:
            with runner.group(actor, N_("Fill a mount")) as group:
                if changes:
                    group.run(assign_views, changes)
                mount_id = group.run(create_mount, patient_id, layout)
                return group.run(fill_mount, mount_id, study_id), group.id

        def done(future: Future[tuple[int, str]]) -> None:
            error = future.exception()
            if error is not None:
                self.bench.presenter.present(error, "fill_mount")
                return
            put, group_id = future.result()
            said = counted(N_("A mount with {n} photograph is made"), N_("A mount with {n} photographs is made"), put)
            self.bench.note_done("", said, group_id)

        self.bench.background(work, done)


def _view(one: ViewProposal) -> PhotoView | None:
    return one.assigned or (one.proposed.view if one.proposed else None)
