"""Archives: where each is, what it can do and how it answers; the monitor of its queue beside its form."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.archives.commands import add_archive, change_archive, withdraw_archive
from app.archives.queries import (
    ARCHIVE_KIND_LABELS,
    CAPABILITY_LABELS,
    SEND_MODE_LABELS,
    VERIFICATION_LABELS,
    ArchiveKind,
    ArchiveLine,
    SendMode,
    Verification,
    archives,
)
from app.core.i18n import N_, _
from ui.archives.words import address_words, queue_words, standing_severity, standing_short, standing_words
from ui.patients.facts import Facts, empty
from ui.practice.editors import Checks, Picker
from ui.practice.entry_form import Item, Values
from ui.practice.list_pane import ListPane
from ui.practice.words import labelled
from ui.shell.formats import moment, number
from ui.shell.words import Words
from ui.widgets.buttons import Button
from ui.widgets.cards import Hairline, ThemedIcon
from ui.widgets.labels import WrapLabel, section
from ui.widgets.layout import Flow
from ui.widgets.paged_model import Column
from ui.widgets.pills import SeverityChip
from ui.widgets.typed_fields import NumberField

FLAGS: Final = {
    "is_default": N_("What no rule applies to goes here"), "tls": N_("Encrypted with TLS (BCP 195)"),
    "enabled": N_("In use: its queue is emptied"),
}  # fmt: skip


class StandingBox(QWidget):
    """How an archive answers, what waits for it, and what it can do with the reason where it can't."""

    def __init__(self, pane: ArchivePane) -> None:
        super().__init__()
        self._pane = pane
        self._line: ArchiveLine | None = None
        self._trying = ""
        self.words = Words()
        self._head, self._facts = section(""), Facts()
        self._chip = SeverityChip("info", "")
        head = QHBoxLayout()
        head.addWidget(self._head, 1)
        head.addWidget(self._chip)
        self._abilities = QVBoxLayout()
        self._abilities.setSpacing(6)
        self._try = Button("", "secondary", "plugs-connected")
        self._try.clicked.connect(self.try_now)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Hairline())
        column.addLayout(head)
        column.addWidget(self._facts)
        column.addLayout(self._abilities)
        column.addWidget(Flow(self._try))
        self.words.put(self._head.setText, N_("How it answers"))

    def show_archive(self, line: ArchiveLine | None) -> None:
        """The standing of the chosen archive; nothing for a new one."""
        self._line = line
        self.setVisible(line is not None)
        if line is None:
            return
        clock = self._pane.bench.runner.clock
        self._chip.set_severity(standing_severity(line), standing_short(line))
        tried = moment(line.probed_at, clock) if line.probed_at else _(N_("Not tried yet"))
        self._facts.show_facts(
            [
                (_(N_("Standing")), standing_words(line, clock)),
                (_(N_("Queue")), queue_words(line)),
                (_(N_("Waiting since")), moment(line.oldest_at, clock) if line.oldest_at else ""),
                (_(N_("Tried out")), tried),
            ]
        )  # fmt: skip
        empty(self._abilities)
        for name, works, reason in line.capabilities:
            self._abilities.addLayout(_ability(name, works, reason))
        self._tell_button()

    def _tell_button(self) -> None:
        busy = self._line is not None and self._trying == self._line.archive_id
        self._try.setText(_(N_("Trying…")) if busy else _(N_("Try what it can do")))
        self._try.set_help(_(N_("Calls the archive from this computer and asks for each service.")))
        reason = self._pane.bench.reason(change_archive)
        self._try.set_available(not reason and not busy, reason)

    def try_now(self) -> None:
        """Call the archive, off the main thread; what it can do is kept and read again."""
        line, bench = self._line, self._pane.bench
        if line is None:
            return
        self._trying = line.archive_id
        self._tell_button()
        runner, actor = bench.runner, bench.actor

        def work() -> object:
            from sync.dicom.reaching import try_archive  # the network’s libraries are loaded when somebody calls

            return try_archive(runner, actor, line.archive_id)

        bench.background(work, self._tried)

    def _tried(self, future: Future[object]) -> None:
        self._trying = ""
        self._tell_button()
        error = future.exception()
        if error is not None:
            self._pane.bench.presenter.present(error, "probe")
        else:
            self._pane.view.freshen()


def _ability(name: str, works: bool, reason: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    icon = ThemedIcon("check-circle" if works else "x-circle", 16, severity="ok" if works else "warn")
    row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
    can = _(N_("{service}: yes") if works else N_("{service}: no"), service=_(CAPABILITY_LABELS.get(name, name)))
    row.addWidget(WrapLabel(f"{can} — {_(reason)}" if reason else can), 1)
    return row


class ArchivePane(ListPane[ArchiveLine]):
    """Orthanc, DICOMweb, classic DICOM and others, all in the same list."""

    title = N_("Archives")
    add, change = add_archive, change_archive
    others = (withdraw_archive,)
    icon = "hard-drives"
    nothing = (
        N_("There is no archive yet."), N_("Add Orthanc or another archive with its address, port and AE title."),
    )  # fmt: skip

    def __init__(self, screen: Any) -> None:
        super().__init__(screen)
        self._box = StandingBox(self)
        self.form.extra.addWidget(self._box)

    def items(self) -> Sequence[Item]:
        """Where it is, how it is called, when images leave and how it is believed."""
        return (
            Item("name", N_("Name"), example=N_("E.g. Orthanc of the clinic")),
            Item("kind", N_("Kind"), lambda: Picker(lambda: labelled(ARCHIVE_KIND_LABELS)), fresh=True),
            Item("host", N_("Address"), example=N_("E.g. 192.168.1.5")),
            Item("port", N_("Port"), lambda: NumberField("4242", least=1, most=65535)),
            Item("ae_title", N_("AE title"), example=N_("E.g. ORTHANC")),
            Item("associations", N_("Connections at once"), lambda: NumberField("2", least=1, most=8)),
            Item("base_url", N_("DICOMweb address"), example="https://…/dicom-web", whole=True,
                 help=N_("Only for an archive of the kind DICOMweb.")),
            Item("verification", N_("Verification"), lambda: Picker(lambda: labelled(VERIFICATION_LABELS)), whole=True),
            Item("send_mode", N_("Images leave"), lambda: Picker(lambda: labelled(SEND_MODE_LABELS))),
            Item("stable_seconds", N_("A study is complete after"), lambda: NumberField("60", least=5, most=604800),
                 help=N_("Seconds without another image of it.")),
            Item("flags", N_("Also"), lambda: Checks(lambda: [(code, _(word)) for code, word in FLAGS.items()]),
                 whole=True),
        )  # fmt: skip

    def columns(self) -> list[Column]:
        """Name, standing, what waits."""
        return [
            Column("name", _(N_("Name")), strong=True, sortable=False),
            Column("standing", _(N_("Standing")), width=152, sortable=False),
            Column("waiting", _(N_("In queue")), width=76, right=True, sortable=False),
        ]

    def cells(self, line: ArchiveLine) -> Sequence[Any]:
        """The words of an archive."""
        waiting = number(line.waiting + line.sent) if line.waiting + line.sent else ""
        return line.name, standing_short(line), waiting

    def words_of(self, line: ArchiveLine) -> str:
        """What the filter looks at."""
        return f"{line.name} {address_words(line)} {_(ARCHIVE_KIND_LABELS[line.kind])}"

    def fresh_values(self) -> Values:
        """What a new one usually is."""
        return {
            "kind": ArchiveKind.ORTHANC.value, "port": 4242, "associations": 2, "stable_seconds": 60,
            "flags": ("enabled",),
            "verification": Verification.FIND.value, "send_mode": SendMode.IMMEDIATE.value,
        }  # fmt: skip

    def values_of(self, line: ArchiveLine) -> Values:
        """Its columns; what is on or off in one field."""
        return super().values_of(line) | {"flags": tuple(code for code in FLAGS if getattr(line, code))}

    def reload(self) -> None:
        """Every archive."""
        self.ask(archives)

    def show_more(self, line: ArchiveLine | None) -> None:
        """How it answers."""
        self._box.show_archive(line)

    def retranslate(self) -> None:
        """The box too."""
        super().retranslate()
        self._box.words.again()

    def send(self, values: Values, line: ArchiveLine | None, seen: str) -> tuple[Any, tuple[Any, ...], Values]:
        """Add or change."""
        given: Values = {
            name: str(values[name] or "") for name in ("host", "ae_title", "base_url")
        } | {
            name: int(values[name]) if values[name] is not None else None
            for name in ("port", "stable_seconds", "associations")
        } | {
            "tls": "tls" in values["flags"], "is_default": "is_default" in values["flags"],
            "verification": Verification(values["verification"]), "send_mode": SendMode(values["send_mode"]),
        }  # fmt: skip
        given = {name: value for name, value in given.items() if value is not None}
        if line is None:
            return add_archive, (str(values["name"] or ""), ArchiveKind(values["kind"])), given
        return change_archive, (line.archive_id,), given | {
            "name": values["name"], "enabled": "enabled" in values["flags"],
        }  # fmt: skip
