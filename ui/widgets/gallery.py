"""Component sheet: every control in every state on one screen, to look at and to test."""

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.core.i18n import _ as translated
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens import STATUSES
from ui.theme.tokens.metrics import COLUMN_GAP
from ui.widgets.avatar import Avatar
from ui.widgets.buttons import Button, IconButton
from ui.widgets.cards import Banner, Card, EmptyState, Hairline, ProgressRow, Skeleton
from ui.widgets.checks import CheckBox, Radio
from ui.widgets.choices import Chip, Switch
from ui.widgets.dialogs import Question
from ui.widgets.fields import Choice, SearchField, SecretField, TextArea, TextField
from ui.widgets.form import Field
from ui.widgets.labels import ElidedLabel, heading, muted, title
from ui.widgets.layout import Breakpoint, Flow, VScroll, breakpoint_of, effective_width
from ui.widgets.lists import List
from ui.widgets.logo import NAME, Logo
from ui.widgets.paged_model import Column, PagedModel, Row
from ui.widgets.pills import Badge, KeyCap, SeverityChip, StatusPill, Tag
from ui.widgets.segmented import Segment, SegmentedControl
from ui.widgets.tables import Table
from ui.widgets.toast import Toast
from ui.widgets.typed_fields import DateField, NumberField

Translate = Callable[..., str]
_COLUMNS = {Breakpoint.FULL: 3, Breakpoint.FOLD: 2, Breakpoint.REFLOW: 1}


class Gallery(QFrame):
    """All components. `_` may be another translation than the application's, to see the sheet in each language."""

    def __init__(self, _: Translate = translated, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tr = _
        self.setProperty("surface", "canvas")
        self.setAccessibleName(_("Components"))
        self._page = QWidget()
        page = QVBoxLayout(self._page)
        page.setContentsMargins(18, 14, 18, 18)
        page.setSpacing(12)
        page.addLayout(self._head())
        self._columns = [QVBoxLayout() for _number in range(3)]
        self._wide = QHBoxLayout()
        self._wide.setSpacing(COLUMN_GAP)
        for column in self._columns:
            column.setSpacing(COLUMN_GAP - 2)
            self._wide.addLayout(column, 1)
        page.addLayout(self._wide)
        page.addStretch(1)
        self._cards = [
            (self._buttons(), self._fields(), self._statuses()),
            (self._feedback(), self._dialog(), self._empty()),
            (self._choices(), self._table(), self._typed(), self._people()),
        ]
        self._shape = 0
        scroll = VScroll(self._page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        self._deal(3)
        self.toast = Toast(self)
        theme.changed.connect(self._reflow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Deal the cards over as many columns as the effective width allows."""
        super().resizeEvent(event)
        self._reflow()

    def _reflow(self) -> None:
        self._deal(_COLUMNS[breakpoint_of(effective_width(self))])

    def _deal(self, columns: int) -> None:
        if columns == self._shape:
            return
        self._shape = columns
        for column in self._columns:
            while column.count():
                column.takeAt(0)
        for index, cards in enumerate(self._cards):
            for card in cards:
                self._columns[index % columns].addWidget(card)
        for index, column in enumerate(self._columns):
            if index < columns:
                column.addStretch(1)
            self._wide.setStretch(index, 1 if index < columns else 0)

    def _card(self, text: str) -> Card:
        card = Card(text, quiet=True)
        # Equal columns: what is in a card must not decide how wide its column is.
        card.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        card.setMinimumWidth(theme.px(200))
        return card

    def _head(self) -> QHBoxLayout:
        _ = self._tr
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(Logo())
        row.addWidget(heading(f"{NAME} · {_('components')}"), 1)
        return row

    def _buttons(self) -> Card:
        _ = self._tr
        card = self._card(_("Buttons: one primary per region"))
        off = Button(_("Sign and release"))
        off.set_available(False, _("The visit must be signed first."))
        off_primary = Button(_("Charge"), "primary", "receipt")
        off_primary.set_available(False, _("The visit must be signed first."))
        card.add(
            Flow(
                Button(_("Seat"), "primary", "office-chair"),
                Button(_("Charge")),
                Button(_("Filter"), "quiet", "funnel"),
                Button(_("Delete the draft"), "danger", "trash"),
            )
        )
        card.add(
            Flow(
                Button(_("Compact"), size="compact"),
                Button(_("Normal"), icon="calendar-plus"),
                Button(_("Touch"), size="touch"),
                IconButton("caret-left", _("Previous day")),
                IconButton("bell", _("Alerts"), checkable=True),
                IconButton("dots-three", _("More actions"), size="compact"),
            )
        )
        card.add(Flow(off, off_primary, Button(_("Show the 4 others"), "link")))
        return card

    def _fields(self) -> Card:
        _ = self._tr
        card = self._card(_("Fields"))
        phone = TextField()
        phone.set_value("514 555-0142")
        mail = TextField()
        mail.set_value("isabelle.roy@")
        mail_field = Field(_("Email"), mail)
        mail_field.set_error(_("The domain is missing, for example @mail.ca."))
        number = TextField()
        number.set_value("20418")
        number.setEnabled(False)
        secret = SecretField()
        secret.set_value("123456")
        search = SearchField(_("Patient, action, screen…"), keys=("Ctrl", "K"))
        pairs: tuple[tuple[QWidget, QWidget], ...] = (
            (Field(_("Telephone"), phone), mail_field),
            (
                Field(_("Insurer"), TextField(_("E.g. Blue Cross"))),
                Field(_("File number"), number, _("Given when the file is created.")),
            ),
            (
                Field(_("Language of letters"), Choice((("fr", "Français (Canada)"), ("en", "English (Canada)")))),
                Field(_("PIN"), secret),
            ),
        )
        for pair in pairs:
            row = QHBoxLayout()
            row.setSpacing(10)
            for field in pair:
                row.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
            card.add(row)
        card.add(search)
        return card

    def _statuses(self) -> Card:
        _ = self._tr
        card = self._card(_("Statuses: shape, word, colour"))
        flow = Flow(gap=6, row_gap=9)
        for status in STATUSES:
            pill = StatusPill(status)
            pill.setText(_(STATUSES[status].label))
            flow.add(pill)
        card.add(flow)
        return card

    def _feedback(self) -> Card:
        _ = self._tr
        card = self._card(_("Feedback: banner, progress, waiting"))
        card.add(
            Banner(
                "warn",
                _("Offline."),
                _("Everything is saved on this workstation."),
                action=_("Details"),
                icon="cloud-slash",
            )
        )
        card.add(Banner("danger", _("Clock 3 hours off."), _("Times entered here are held back."), action=_("Set")))
        card.add(Banner("info", _("Update ready."), action=_("Install tonight")))
        row = ProgressRow(_("Sending 3 images"))
        row.set_progress(0.62, _("62% · about 2 min"))
        wait = ProgressRow(_("Wait"), status="waiting")
        wait.set_progress(0.7, _("9 min"))
        card.add(row)
        card.add(wait)
        card.add(Skeleton(2))
        return card

    def _dialog(self) -> QWidget:
        _ = self._tr
        holder = QFrame()
        holder.setProperty("kind", "panel")
        box = QVBoxLayout(holder)
        box.setContentsMargins(8, 8, 8, 8)
        self.question = Question(
            _("Cancel Émile Caron’s appointment?"),
            _("Tuesday 24 November, 10:58, chair 4. The slot goes to the short-notice list."),
            safe=_("Keep the appointment"),
            act=_("Cancel the appointment"),
            note=_("History keeps the trace and the reason."),
            parent=holder,
        )
        # In the sheet the dialog is laid out, not opened.
        self.question.setWindowFlags(Qt.WindowType.Widget)
        box.addWidget(self.question, 0, Qt.AlignmentFlag.AlignHCenter)
        self.question.show()
        return holder

    def _empty(self) -> Card:
        _ = self._tr
        card = self._card(_("Empty state"))
        card.add(
            EmptyState(
                "armchair",
                _("No one is waiting"),
                _("The next patient is due at 11:05."),
                _("See the arrivals"),
            )
        )
        return card

    def _choices(self) -> Card:
        _ = self._tr
        card = self._card(_("Tabs, keys, facts"))
        views = SegmentedControl(
            _("View"),
            (
                Segment("timeline", _("Timeline"), "calendar-dots"),
                Segment("grid", _("Grid")),
                Segment("board", _("Board")),
            ),
        )
        card.add(Flow(views, KeyCap("Ctrl"), KeyCap("K"), KeyCap("F6")))
        card.add(
            Flow(
                SeverityChip("ok", _("Up to date")),
                SeverityChip("info", _("In progress")),
                SeverityChip("warn", _("To book")),
                SeverityChip("danger", _("Latex")),
                Tag(_("This workstation"), "desktop"),
                Tag(_("changed"), accent=True),
                Badge(3, _("Alerts")),
                gap=6,
            )
        )
        on, off, locked = Switch(_("On")), Switch(_("Off")), Switch(_("Locked"))
        on.setChecked(True)
        locked.setChecked(True)
        locked.setEnabled(False)
        card.add(Flow(on, off, locked, gap=18))
        yes, some, no = CheckBox(_("Photos")), CheckBox(_("Some")), CheckBox(_("Recall"))
        yes.setChecked(True)
        some.setTristate(True)
        some.setCheckState(Qt.CheckState.PartiallyChecked)
        card.add(Flow(yes, some, no, gap=18))
        letter, text = Radio(_("Letter")), Radio(_("Text message"))
        letter.setChecked(True)
        card.add(Flow(letter, text, gap=18))
        card.add(
            Flow(
                Chip(_("Chair 2"), "office-chair", removable=True),
                Chip(_("Unsigned"), removable=True),
                Chip(_("New patients"), checkable=True),
            )
        )
        return card

    def _table(self) -> Card:
        _ = self._tr
        card = self._card(_("Table"))
        rows: list[Row] = [
            (_("Nov. 24, 2026"), _("Adjustment, in progress"), Decimal("145.00")),
            (
                _("Oct. 13, 2026"),
                _("Upper wire changed, chain 13-23, elastics explained to the parents"),
                Decimal("0.00"),
            ),
            (_("Sept. 1, 2026"), _("Rebonding 24"), None),
        ]
        model = PagedModel(
            (
                Column("day", _("Visit"), width=132, strong=True),
                Column("done", _("Work done")),
                Column("paid", _("Paid"), width=90, right=True),
            ),
            lambda offset, limit: rows[offset : offset + limit],
            lambda: len(rows),
            card,
        )
        table = Table(_("Visits"), model)
        table.choose(0)
        self.table = table
        on_theme_change(self._table_height)
        card.add(table)
        return card

    def _table_height(self) -> None:
        self.table.setFixedHeight(theme.row_height * 4 + 4)

    def _typed(self) -> Card:
        _ = self._tr
        card = self._card(_("Typed values"))
        born = DateField(_("E.g. 3 March 2012"))
        born.set_value("2012-03-03")
        amount = NumberField(decimals=2)
        amount.set_value("1234.5")
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(Field(_("Date of birth"), born), 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Field(_("Amount"), amount), 1, Qt.AlignmentFlag.AlignTop)
        card.add(row)
        index = List(
            _("Settings"),
            (("look", _("Appearance and language"), "palette"), ("alerts", _("Alerts and escalation"), "bell")),
        )
        index.setFixedHeight(theme.height(92))
        card.add(index)
        card.add(Field(_("Note"), TextArea(_("E.g. wears elastics at night only"), lines=2)))
        return card

    def _people(self) -> Card:
        _ = self._tr
        card = self._card(_("People"))
        for name, line in (("Florence Bergeron", _("Adjustment")), ("Dre Marie Gagnon", _("Orthodontist"))):
            row = QHBoxLayout()
            row.setSpacing(10)
            row.addWidget(Avatar(name, 40))
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addStretch(1)
            words.addWidget(title(name))
            words.addWidget(muted(line))
            words.addStretch(1)
            row.addLayout(words, 1)
            card.add(row)
            card.add(Hairline())
        card.add(ElidedLabel(_("Confirmed by the family. Moving it asks for a call to the mother, who works nights.")))
        return card
