"""Ways to reach somebody, each with its verbs, and the form that adds or changes one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.patients.commands import add_contact, change_contact, end_contact
from app.patients.queries import CONTACT_LABELS, PHONES, ContactKind, ContactLine, HolderId, shown_phone
from ui.patients.facts import LastShown, empty
from ui.patients.inline_form import InlineForm
from ui.shell.bench import Bench
from ui.theme.style import theme
from ui.widgets.buttons import Button
from ui.widgets.choices import Switch
from ui.widgets.fields import Choice, TextField
from ui.widgets.labels import Label, WrapLabel
from ui.widgets.pills import Tag

KIND_WIDTH = 110
PLACE = ("city", "province", "postal_code")


def contact_words(contact: ContactLine) -> str:
    """`514 555-0142, poste 12` or a whole address."""
    parts = [shown_phone(contact.value)]
    if contact.extension:
        parts.append(_(N_("ext. {number}"), number=contact.extension))
    parts += [
        part for part in (contact.city, " ".join(p for p in (contact.province, contact.postal_code) if p)) if part
    ]
    return ", ".join(parts)


class ReachForm(InlineForm):
    """A telephone, an e-mail address or a postal address; what a kind has no use for is not shown."""

    def __init__(self, bench: Bench, holder_id: HolderId, line: ContactLine | None = None) -> None:
        super().__init__(bench, lambda: PatientId(""), N_("Add") if line is None else N_("Save"))
        self._holder, self._line = holder_id, line
        self._kind = Choice([(kind.value, _(word)) for kind, word in CONTACT_LABELS.items()])
        self._preferred, self._texts = Switch(_(N_("Preferred")), show_name=False), Switch("", show_name=False)
        if line is None:
            self.put("kind", _(N_("Kind")), self._kind)
        else:
            self._kind.setParent(self)
            self._kind.hide()
        self.put("value", _(N_("Number or address")), TextField(_(N_("E.g. 514 555-0142"))))
        self.put("extension", _(N_("Extension")), TextField())
        self.put("city", _(N_("City")), TextField())
        self.put("province", _(N_("Province")), TextField(_(N_("E.g. QC"))))
        self.put("postal_code", _(N_("Postal code")), TextField(_(N_("E.g. H2X 1Y4"))))
        self.put("note", _(N_("Note")), TextField(_(N_("E.g. evenings only"))))
        self.put("preferred", _(N_("Preferred")), self._preferred)
        self.put("may_text", _(N_("May receive text messages")), self._texts)
        self._kind.changed.connect(lambda _value: self._fit())

    def open(self) -> None:
        """Start with what is there."""
        super().open()
        if self._line is not None:
            for name in ("value", "extension", *PLACE, "note"):
                editor = self.fields[name].editor
                if isinstance(editor, TextField):
                    found = getattr(self._line, name) or ""
                    editor.set_value(shown_phone(found) if name == "value" else found)
            self._preferred.setChecked(self._line.preferred)
            self._texts.setChecked(self._line.may_text)
        self._fit()

    @property
    def kind(self) -> ContactKind:
        """The kind chosen, or that of the contact which is changed."""
        return self._line.kind if self._line is not None else ContactKind(str(self._kind.value()))

    def _fit(self) -> None:
        phone, address = self.kind in PHONES, self.kind is ContactKind.ADDRESS
        for name in ("extension", "may_text"):
            self.fields[name].setVisible(phone)
        for name in PLACE:
            self.fields[name].setVisible(address)
        if not phone:
            self._texts.setChecked(False)

    def send(self) -> None:
        """One command."""
        texts = {name: self.text(name) for name in ("value", "extension", *PLACE, "note")}
        preferred, may_text = self._preferred.isChecked(), self._texts.isChecked()
        if self._line is None:
            adding = self.bench.run_for(
                self, add_contact, self._holder, self.kind, **texts, preferred=preferred, may_text=may_text
            )
            adding.then(lambda _id: self.close_form())
            return
        changing = self.bench.run_for(
            self, change_contact, self._line.id, **texts, preferred=preferred, may_text=may_text
        )
        changing.then(lambda _none: self.close_form())


class Reach(QWidget):
    """The contacts of one holder with their verbs; a form opens above them."""

    form_closed = Signal()

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self._form: ReachForm | None = None
        self._holder = HolderId("")
        self._told = LastShown()
        self._form_place, self._rows = QVBoxLayout(), QVBoxLayout()
        self._rows.setSpacing(4)
        self.add = Button(_(add_contact.label), "secondary", "plus", size="compact")
        self.add.clicked.connect(lambda *_args: self.open_form(None))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._form_place)
        column.addLayout(self._rows)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    def show_contacts(self, holder: HolderId, contacts: tuple[ContactLine, ...], none: str = "") -> None:
        """Replace the rows; `none` is said where there is nothing."""
        self._holder = holder
        if not self._told.is_news(self._bench.actor, holder, contacts, none):
            return
        self.add.setText(_(add_contact.label))
        self.add.set_available(self._bench.may(add_contact), self._bench.reason(add_contact))
        empty(self._rows)
        if not contacts and none:
            self._rows.addWidget(WrapLabel(none, "small", "muted"))
        for contact in contacts:
            self._rows.addLayout(self._row(contact))

    def _row(self, contact: ContactLine) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        kind = Label(_(CONTACT_LABELS[contact.kind]), "body", "muted")
        kind.setMinimumWidth(theme.px(KIND_WIDTH))
        row.addWidget(kind)
        words = contact_words(contact)
        row.addWidget(WrapLabel(words), 1, Qt.AlignmentFlag.AlignVCenter)
        if contact.preferred:
            row.addWidget(Tag(_(N_("Preferred")), "star"))
        if contact.may_text:
            row.addWidget(Tag(_(N_("Texts")), "chat-text"))
        for text, icon, command, act in (
            (change_contact.label, "pencil-simple", change_contact, partial(self.open_form, contact)),
            (end_contact.label, "x-circle", end_contact, partial(self._end, contact)),
        ):
            button = Button("", "quiet", icon, size="compact")
            button.setAccessibleName(f"{_(text)}: {words}")
            button.set_help(_(text))
            button.set_available(self._bench.may(command), self._bench.reason(command))
            button.clicked.connect(lambda *_args, act=act: act())
            row.addWidget(button)
        return row

    def open_form(self, contact: ContactLine | None) -> None:
        """Add a contact, or change one."""
        empty(self._form_place)
        form = ReachForm(self._bench, self._holder, contact)
        self._form_place.addWidget(form)
        self._form = form
        form.closed.connect(self._closed)
        form.open()

    @property
    def editing(self) -> bool:
        """Whether a form is open, which nobody must take away."""
        return self._form is not None

    def _closed(self) -> None:
        self._form = None
        self.add.setFocus()
        self.form_closed.emit()

    def _end(self, contact: ContactLine) -> None:
        self._bench.run(end_contact, contact.id)
