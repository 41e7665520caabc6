"""A section of the set-up: a list of entries at the left, the form of the one that is chosen at the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import RuleViolation, StaleRecord
from app.core.i18n import N_, _
from app.core.text import fold
from app.journal.commands import Command, Query
from app.journal.queries import Actor
from ui.practice.entry_form import EntryForm, Item, Values
from ui.practice.pane import Pane
from ui.shell.command_button import CommandButton
from ui.shell.formats import counted
from ui.shell.growing import GrowingModel
from ui.shell.table_card import TableCard
from ui.widgets.buttons import Button
from ui.widgets.cards import EmptyState
from ui.widgets.fields import SearchField
from ui.widgets.labels import Label
from ui.widgets.layout import VScroll
from ui.widgets.paged_model import Column, Row
from ui.widgets.tables import Table

if TYPE_CHECKING:
    from ui.shell.screen import Screen

L = TypeVar("L")
NARROW_COLUMNS = 3
LEAST_ROWS = 5


class Rows(GrowingModel[Any]):
    """The entries shown."""

    def __init__(self, pane: ListPane[Any]) -> None:
        self._pane = pane
        super().__init__(pane.columns())

    def row_of(self, item: Any) -> Row:
        """The cells of an entry."""
        cells = tuple(self._pane.cells(item))
        return cells[: len(self.columns)]


class ListPane(Pane, Generic[L]):
    """Subclasses say what is listed, what the form holds and which commands it runs. Lines have an `id`."""

    add: ClassVar[Command[..., Any]]
    change: ClassVar[Command[..., Any] | None] = None
    others: ClassVar[tuple[Command[[Any], Any], ...]] = ()
    """Commands on the chosen entry, each a button under the form."""
    icon: ClassVar[str] = "clipboard-text"
    nothing: ClassVar[tuple[str, str]] = (N_("There is nothing here yet."), N_("What you add stands in this list."))

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.lines: tuple[L, ...] = ()
        self.chosen: L | None = None
        self.fresh = False
        self._wanted = ""
        self._stale = False
        self._known = self._asked_new = False
        self._make_list()
        self.form = EntryForm(self.items())
        self.form.save_asked.connect(self.save)
        self._buttons: list[CommandButton[Any]] = [
            CommandButton(self.bench, command, self.chosen_id, "quiet") for command in self.others
        ]
        for button in self._buttons:
            self.form.others.add(button)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self.form)
        column.addStretch(1)
        self._scroll = VScroll(inner)
        self.row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.row.setSpacing(8)
        self.row.addLayout(self.left, 6)
        self.row.addWidget(self._scroll, 5)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(self.row, 1)
        self.bench.actor_changed.connect(self._somebody_else)
        self.words.put(self.search.setPlaceholderText, N_("Filter this list"))
        self.words.put(self.search.setAccessibleName, N_("Filter this list"))
        self.words.put(self.new.setText, self.add.label)

    def _make_list(self) -> None:
        self.search = SearchField("")
        self.search.changed.connect(lambda _text: self.refilter())
        self.new = Button("", "secondary", "plus")
        self.new.clicked.connect(self.start_new)
        self.model = Rows(self)
        self.model.setParent(self)
        self.model.sort_asked.connect(self.sort_by)
        self.table = Table(_(self.title), self.model)
        self.table.row_changed.connect(self._choose_row)
        self.table.opened.connect(lambda _row: self._into_form())
        self.table.keep_rows(LEAST_ROWS)
        self.count = Label("", "small", "muted")
        self.none = EmptyState(self.icon, "", "")
        self.none.activated.connect(self.start_new)
        self.bar = QHBoxLayout()
        self.bar.setSpacing(8)
        self.bar.addWidget(self.search, 1)
        self.bar.addWidget(self.new)
        card = TableCard()
        card.add(self.table, 1)
        card.add(self.none, 1)
        self.left = QVBoxLayout()
        self.left.setContentsMargins(0, 4, 0, 0)
        self.left.setSpacing(8)
        self.left.addLayout(self.bar)
        self.left.addWidget(card, 1)
        self.left.addWidget(self.count)

    # -- what a section says --------------------------------------------------------------------------------
    def items(self) -> Sequence[Item]:
        """The fields of the form."""
        raise AssertionError("a section has fields")  # pragma: no cover

    def columns(self) -> list[Column]:
        """The heads of the list, in the language in force."""
        return [Column("name", _(N_("Name")), strong=True, sortable=False)]

    def cells(self, line: L) -> Sequence[Any]:
        """The cells of an entry, one for each head."""
        return (self.title_of(line),)

    def title_of(self, line: L) -> str:
        """What an entry is called."""
        return str(getattr(line, "name", ""))

    def values_of(self, line: L) -> Values:
        """What the form holds for an entry; by default what the line calls the same."""
        return {item.name: getattr(line, item.name, "") for item in self.items_shown() if hasattr(line, item.name)}

    def items_shown(self) -> Sequence[Item]:
        """The fields of the form that was made."""
        return self.form.items

    def fresh_values(self) -> Values:
        """What the form holds for a new entry."""
        return {}

    def mark(self, line: L) -> str:
        """The mark against writing over what a colleague wrote."""
        return ""

    def send(self, values: Values, line: L | None, seen: str) -> tuple[Command[..., Any], tuple[Any, ...], Values]:
        """The command that saves, with its arguments."""
        raise AssertionError("a section saves")  # pragma: no cover

    def saved_words(self, values: Values) -> str:
        """What the toast says."""
        return _(N_("“{name}” saved"), name=str(values.get("name") or values.get("name_fr") or self._title_now()))

    def _title_now(self) -> str:
        return self.title_of(self.chosen) if self.chosen is not None else _(self.title)

    def words_of(self, line: L) -> str:
        """What the filter looks into."""
        return " ".join(str(cell) for cell in self.cells(line))

    # -- showing --------------------------------------------------------------------------------------------
    def ask(self, query: Query[..., Any], *args: Any, **kwargs: Any) -> None:
        """Ask for the lines."""
        self.view.ask(query, self.show_lines, *args, **kwargs)

    def show_lines(self, lines: Sequence[L]) -> None:
        """The answer: the entry that is chosen stays chosen."""
        self.lines, self._known = tuple(lines), True
        self.for_others()
        self._renew_options()
        self.refilter()

    def for_others(self) -> None:
        """Keep what other fields need of the answer."""

    def _renew_options(self) -> None:
        self.form.retranslate()

    def refilter(self) -> None:
        """Show the lines that hold what is typed above the list."""
        if not self._known:
            return
        words = fold(self.search.text()).split()
        shown = [line for line in self.lines if all(word in fold(self.words_of(line)) for word in words)]
        self.fill(shown, len(self.lines))

    def fill(self, shown: Sequence[L], total: int) -> None:
        """Fill the table and keep the choice. The form of a new entry stays only when somebody asked for it."""
        self.fresh = self.fresh and (self._asked_new or not shown)
        wanted = self._wanted or ("" if self.fresh else self.chosen_id() or "")
        heads = self.columns()
        self.table.blockSignals(True)
        self.model.start(shown, heads[:NARROW_COLUMNS] if self.narrow else heads)
        ids = [str(getattr(line, "id", "")) for line in shown]
        place = ids.index(wanted) if wanted in ids else -1
        self.table.setVisible(bool(shown))
        self.none.setVisible(not shown)
        self._tell_nothing()
        self.count.setText(counted(N_("{n} entry"), N_("{n} entries"), total))
        if place < 0 and not self.fresh and shown:
            place = 0
        if place >= 0:
            self.table.choose(place)
        self.table.blockSignals(False)
        if wanted and wanted in ids:
            self._wanted = ""
        self._show_choice(shown[place] if place >= 0 else None)

    def _tell_nothing(self) -> None:
        allowed = self.bench.may(self.add)
        if self.search.text().strip():
            text = self.search.text().strip()
            self.none.tell(_(N_("Nothing matches “{text}”."), text=text), _(N_("Try other words.")))
        else:
            self.none.tell(_(self.nothing[0]), _(self.nothing[1]), _(self.add.label) if allowed else "")

    def _show_choice(self, line: L | None) -> None:
        same = line is not None and not self.fresh and self.form.key == getattr(line, "id", None)
        if line is None:
            if not self.fresh or self.form.key:
                self._show_new()
        else:
            self.fresh, self.chosen = False, line
            title, values, seen = self.title_of(line), self.values_of(line), self.mark(line)
            if same:
                self.form.renew(title, values, seen)
                if self._stale:
                    self.form.accept_theirs(values, seen)
                    self._stale = False
            else:
                self.form.show_entry(str(getattr(line, "id", "")), title, values, seen)
        self._tell_rights()
        self.show_more(self.chosen)

    def show_more(self, line: L | None) -> None:
        """Show what stands under the form of an entry; None for a new one."""

    def _show_new(self) -> None:
        self.fresh, self.chosen = True, None
        self.form.show_entry("", _(self.add.label), self._defaults())

    def _defaults(self) -> Values:
        blank: Values = {}
        for item in self.form.items:
            editor: Any = self.form.fields[item.name].editor
            options = editor.itemData(0) if hasattr(editor, "itemData") else ""
            blank[item.name] = options if options is not None else ""
        return blank | self.fresh_values()

    def _tell_rights(self) -> None:
        command = self.add if self.fresh or self.change is None else self.change
        reason = self.bench.reason(command)
        self.form.set_allowed(not reason, reason)
        self.new.set_available(self.bench.may(self.add), self.bench.reason(self.add))
        for button in self._buttons:
            button.setVisible(not self.fresh)
            button.refresh()

    def _choose_row(self, row: int) -> None:
        line = self.model.item(row)
        if line is not None and (self.fresh or getattr(line, "id", None) != self.chosen_id()):
            self.fresh = self._asked_new = False
            self._show_choice(line)

    def _into_form(self) -> None:
        first = next((field for field in self.form.fields.values() if not field.isHidden()), None)
        if first is not None:
            first.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def start_new(self) -> None:
        """Begin a new entry; what was typed for another is kept."""
        self._asked_new = True
        self.table.blockSignals(True)
        self.table.clearSelection()
        self.table.blockSignals(False)
        self._show_new()
        self._tell_rights()
        self.show_more(None)
        self._into_form()

    def chosen_id(self) -> Any:
        """The entry that the buttons act on."""
        return getattr(self.chosen, "id", None) if self.chosen is not None and not self.fresh else None

    def sort_by(self, key: str, falling: bool) -> None:
        """Ask for another order; short lists have one only."""

    # -- saving ---------------------------------------------------------------------------------------------
    def save(self) -> None:
        """Run the command of the form."""
        if not self.form.check():
            return
        values, key = self.form.values(), self.form.key
        try:
            command, args, kwargs = self.send(values, self.chosen if key else None, self.form.seen)
        except RuleViolation as problem:  # a time that is on no clock
            self.form.show_field_error(problem.field or "", problem)
            return
        self.form.save.setEnabled(False)
        running = self.bench.run_for(self.form, command, *args, **kwargs)
        running.say(self.saved_words(values)).instead(self._refused)
        running.then(lambda made: self._saved(key, made)).at_end(self._tell_rights_kept)

    def _tell_rights_kept(self) -> None:
        command = self.add if self.fresh or self.change is None else self.change
        self.form.save.set_available(self.bench.may(command), self.bench.reason(command))

    def _saved(self, key: str, made: Any) -> None:
        self.form.forget(key)
        if not key and isinstance(made, str):
            self._wanted, self.fresh, self._asked_new = made, False, False
        self.view.freshen()

    def _refused(self, error: BaseException) -> bool:
        """A colleague was faster: their words stand under the fields, and what was typed stays."""
        if not isinstance(error, StaleRecord) or self.chosen is None:
            return False
        self._stale = True
        self.view.freshen()
        return True

    def _somebody_else(self, actor: Actor) -> None:
        if self.somebody_else(actor):
            self.form.forget_all()

    # -- the pane -------------------------------------------------------------------------------------------
    def focus_first(self, reason: Qt.FocusReason) -> None:
        """The list, or the form of a new entry."""
        if self.lines:
            self.table.setFocus(reason)
        else:
            self._into_form()

    def filter_field(self) -> QWidget | None:
        """What Ctrl F goes to."""
        return self.search

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        super().retranslate()
        self.form.retranslate()
        self.table.setAccessibleName(_(self.title))
        for button in self._buttons:
            button.retranslate()

    def fold_room(self, narrow: bool) -> None:
        """The form under the list when narrow."""
        self.narrow = narrow
        self.row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self._scroll.show_all(narrow)
        self.refilter()
