"""Whose study is this? What waits at the left; at the right the file beside the chart, and four answers."""

from __future__ import annotations

from concurrent.futures import Future

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.imaging.commands import assign_study, reject_match
from app.imaging.queries import Candidate, Match, ReviewItem, ReviewPage, review_queue
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.patients.commands import create_patient
from app.patients.queries import SearchPage, search_patients
from ui.imaging.compare import Compare, agreements
from ui.imaging.inspector import LargePicture
from ui.imaging.library_words import received_name
from ui.imaging.pictures import Pictures
from ui.patients.words import born, full_name, number
from ui.shell.formats import counted, day
from ui.shell.growing import GrowingModel
from ui.shell.screen import Screen
from ui.shell.table_card import TableCard
from ui.theme.style import theme
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, EmptyState
from ui.widgets.fields import SearchField
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import Flow, VScroll, effective_width
from ui.widgets.lists import List
from ui.widgets.paged_model import Column, Row
from ui.widgets.tables import Table

LIMIT = 100
HITS = 6
NARROW = 1000
RULES = {
    Match.REVIEW: N_("Name and birth date agree with a chart, or two charts agree: somebody must say."),
    Match.UNMATCHED: N_("No chart agrees well enough to be proposed."),
}


def waiting_columns() -> list[Column]:
    """Heads, in the language in force."""
    return [
        Column("name", _(N_("Name in the file")), strong=True, sortable=False),
        Column("day", _(N_("Taken on")), width=134, sortable=False),
        Column("proposed", _(N_("Proposed")), sortable=False),
    ]


class Waiting(GrowingModel[ReviewItem]):
    """A line a study."""

    def row_of(self, item: ReviewItem) -> Row:
        """Name, day, who is proposed."""
        study = item.study
        taken = day(study.studied_on, short=True) if study.studied_on else ""
        name = received_name(study.received_name) or study.received_number or _(N_("No name"))
        proposed = ", ".join(one.name for one in item.candidates) or _(N_("Nobody"))
        return name, taken, proposed


def open_chart_for(
    runner: Runner, actor: Actor, study_id: str, family_name: str, given_name: str, item: ReviewItem
) -> tuple[PatientId, str]:
    """A new chart with the identity of the file, and the study in it: one undo step. Returns chart and group."""
    with runner.group(actor, N_("Open a chart for the study")) as group:
        patient_id = group.run(create_patient, family_name, given_name, item.study.received_birth_on)
        group.run(assign_study, item.study.study_id, patient_id)
        return patient_id, group.id


class ReviewPane(QWidget):
    """The review queue."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen, self._bench = screen, screen.bench
        self._item: ReviewItem | None = None
        self._chart: Candidate | None = None
        self._wanted, self.total = "", 0
        self.pictures = Pictures(self._bench, self)
        self.pictures.arrived.connect(self._show_picture)
        self.model = Waiting(waiting_columns())
        self.model.setParent(self)
        self.table = Table("", self.model)
        self.table.row_changed.connect(lambda row: self.show_item(self.model.item(row)))
        self._none = EmptyState("check-circle", "", "")
        self.picture, self._why, self._what = LargePicture(), WrapLabel("", "small", "muted"), WrapLabel("", "name")
        self.compare = Compare()
        self.accept, self.new = Button("", "primary", "check"), Button("", "secondary", "user-plus")
        self.leave, self.refuse = Button("", "quiet", "arrow-right"), Button("", "secondary", "x")
        self.field, self.hits = SearchField(""), List("")
        self.charts = List("")
        self._lay_out()
        self._listen()

    def _lay_out(self) -> None:
        listed = TableCard()
        listed.add(self.table, 1)
        self._detail = Card()
        answers = Flow(self.accept, self.new, self.refuse, self.leave, gap=8, row_gap=8)
        for part in (self._what, self._why, self.picture, self.charts, self.compare, answers, self.field, self.hits):
            self._detail.add(part)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 4, 0)
        column.addWidget(self._detail)
        column.addStretch(1)
        self._scroll = VScroll(inner)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.setSpacing(10)
        self._both.addWidget(listed, 4)
        self._both.addWidget(self._scroll, 5)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self._host = QWidget()
        self._host.setLayout(self._both)
        self._both.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._host)
        self._nothing = TableCard()
        self._nothing.add(self._none, 1)
        whole.addWidget(self._nothing)
        self._nothing.hide()
        for each in (self.charts, self.hits):
            each.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        words = self._screen.words
        words.put(self.table.setAccessibleName, N_("Studies without a patient"))
        words.put(self.charts.setAccessibleName, N_("Charts proposed"))
        words.put(self.hits.setAccessibleName, N_("Patients found"))
        words.put(self.field.setPlaceholderText, N_("Another patient: name, phone, birth date or file number"))
        words.put(self.field.setAccessibleName, N_("Choose another patient"))
        words.put(self.leave.setText, N_("Leave it for later"))
        words.put(self.refuse.setText, N_("Not this patient"))

    def _listen(self) -> None:
        self.accept.clicked.connect(self.accept_chart)
        self.new.clicked.connect(self.open_new_chart)
        self.leave.clicked.connect(self.go_on)
        self.refuse.clicked.connect(self.refuse_chart)
        self.field.changed.connect(self._search)
        self.charts.changed.connect(self._take_chart)
        self.hits.changed.connect(self._take_chart)

    # -- reading --------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """Ask for what waits."""
        self._screen.ask(review_queue, self.show_queue, 0, LIMIT)

    def choose_study(self, study_id: str) -> None:
        """Begin with this one."""
        self._wanted = study_id

    def show_queue(self, page: ReviewPage) -> None:
        """What waits, on the one in hand."""
        held = self._wanted or (self._item.study.study_id if self._item else "")
        place = max(0, self.table.currentIndex().row())
        self._wanted, self.total = "", page.total
        self.model.start(page.items, waiting_columns())
        ids: list[str] = [item.study.study_id for item in page.items]
        place = ids.index(held) if held in ids else min(place, len(ids) - 1)
        self._host.setVisible(bool(ids))
        self._nothing.setVisible(not ids)
        self._none.tell(_(N_("Every study has its patient.")), _(N_("What an import cannot match waits here.")))
        if ids:
            self.table.choose(place)
            self.show_item(page.items[place])
        else:
            self._item = None

    def show_item(self, item: ReviewItem | None) -> None:
        """One study, beside the first chart that is proposed."""
        if item is None:
            return
        if self._item is None or item.study.study_id != self._item.study.study_id:
            self.field.clear()
            self._chart = None
        self._item = item
        study = item.study
        taken = day(study.studied_on) if study.studied_on else _(N_("Date unknown"))
        images = counted(N_("{n} image"), N_("{n} images"), study.images)
        self._what.setText(" · ".join(part for part in (taken, study.description, images) if part))
        self._why.setText(_(RULES.get(item.match, RULES[Match.UNMATCHED])))
        self._show_picture()
        chart = self._chart or next(iter(item.candidates), None)
        self._list(self.charts, item.candidates if len(item.candidates) > 1 else ())
        self._list(self.hits, ())
        self._show_chart(chart)

    def _list(self, where: List, charts: tuple[Candidate, ...]) -> None:
        today = self._bench.runner.clock.today()
        where.blockSignals(True)
        where.set_entries(
            [(one, " · ".join(filter(None, (one.name, born(one.born_on, today), number(one.file_number)))), "user")
             for one in charts]
        )  # fmt: skip
        where.blockSignals(False)
        where.setVisible(bool(charts))
        where.setFixedHeight(len(charts) * (theme.row_height + 4) + 6)

    def _show_picture(self) -> None:
        if self._item is not None:
            self.picture.show_image(self.pictures.get(self._item.study.first_image))

    def _take_chart(self, chart: object) -> None:
        if isinstance(chart, Candidate):
            self._show_chart(chart)

    def _show_chart(self, chart: Candidate | None) -> None:
        if self._item is None:
            return
        self._chart = chart
        self.compare.show_pair(agreements(self._item, chart), _(N_("The chart says")) if chart else "")
        name = chart.name if chart else ""
        self.accept.setText(_(N_("Match to {name}"), name=name) if chart else _(N_("Match to the chart")))
        none = _(N_("Choose a patient first."))
        self.accept.set_available(
            chart is not None and self._bench.may(assign_study), self._bench.reason(assign_study) or none
        )
        proposed = chart is not None and chart in self._item.candidates
        self.refuse.setVisible(proposed)
        self.refuse.set_available(self._bench.may(reject_match), self._bench.reason(reject_match))
        said = received_name(self._item.study.received_name)
        self.new.setText(_(N_("New chart for {name}"), name=said) if said else _(N_("New chart")))
        reason = self._bench.reason(create_patient) or ("" if "," in said else _(N_("The file holds no whole name.")))
        self.new.set_available(not reason, reason)

    def _search(self, text: str) -> None:
        if text.strip() and self._bench.may(search_patients):
            self._bench.ask(search_patients, self._found, text, HITS)
        else:
            self._list(self.hits, ())

    def _found(self, page: SearchPage) -> None:
        if not self.field.text().strip():
            return
        charts = tuple(Candidate(hit.id, full_name(hit), hit.file_number, hit.born_on) for hit in page.rows)
        self._list(self.hits, charts)
        self._show_chart(next(iter(charts), None))

    # -- answers --------------------------------------------------------------------------------------------
    def accept_chart(self) -> None:
        """It is this patient’s."""
        if self._item is not None and self._chart is not None:
            said = _(N_("The images are in the chart of {name}"), name=self._chart.name)
            self._bench.run(assign_study, self._item.study.study_id, self._chart.patient_id).say(said)

    def refuse_chart(self) -> None:
        """It is not; this chart is not proposed again."""
        if self._item is not None and self._chart is not None:
            study_id, patient_id, self._chart = self._item.study.study_id, self._chart.patient_id, None
            self._bench.run(reject_match, study_id, patient_id)

    def go_on(self) -> None:
        """Leave it; the next one."""
        count = self.model.rowCount()
        if count:
            self.table.choose((self.table.currentIndex().row() + 1) % count)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_new_chart(self) -> None:
        """A chart with the identity of the file."""
        item = self._item
        if item is None:
            return
        family, _comma, given = received_name(item.study.received_name).partition(", ")
        runner, actor, bench = self._bench.runner, self._bench.actor, self._bench

        def done(future: Future[tuple[PatientId, str]]) -> None:
            error = future.exception()
            if error is not None:
                bench.presenter.present(error, "create_patient")
            else:
                bench.note_done("", _(N_("A chart is open for {name}"), name=f"{given} {family}"), future.result()[1])

        bench.background(lambda: open_chart_for(runner, actor, item.study.study_id, family, given, item), done)

    def fold(self) -> None:
        """One above the other when narrow."""
        narrow = effective_width(self) < NARROW
        direction = QBoxLayout.Direction
        self._both.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)
