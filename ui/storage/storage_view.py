"""The bucket's screen: where images go, how the transfers stand, and what the bucket saves."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.journal.commands import Command
from app.storage.commands import (
    add_storage_target,
    change_storage_target,
    enter_storage_credentials,
    record_privacy_assessment,
    retry_transfers,
    stop_storage,
    try_storage_target,
    use_storage_target,
    withdraw_storage_target,
)
from app.storage.queries import (
    KIND_LABELS,
    PLACE_LABELS,
    PROVIDER_LABELS,
    STATE_LABELS,
    TROUBLE_LABELS,
    Finding,
    Place,
    TargetLine,
    Transfers,
    storage_report,
    storage_targets,
    transfers,
)
from app.storage.settings import LINK_MINUTES
from ui.patients.facts import Facts, LastShown, empty
from ui.shell.formats import counted, moment, number
from ui.shell.screen import Screen
from ui.storage.report_panel import ReportPanel
from ui.storage.words import size
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, EmptyState, ThemedIcon
from ui.widgets.labels import Label, WrapLabel
from ui.widgets.layout import Flow, VScroll, effective_width
from ui.widgets.pills import SeverityChip, Tag

SIDE_BY_SIDE: Final = 1000
LINES: Final = 8
PLACE_LOOKS: Final = {Place.QUEBEC: "ok", Place.CANADA: "info", Place.ELSEWHERE: "warn"}


class StorageView(Screen):
    """Buckets at the left; transfers and report at the right, under them where there is no room."""

    def build(self) -> None:
        """The frame; what it shows is asked for."""
        self._news = LastShown()
        self.targets = QVBoxLayout()
        self.targets.setSpacing(10)
        self._add = Button("", "primary", "plus")
        self._add.clicked.connect(lambda *_args: self._fill(add_storage_target))
        self._settings = Button("", "quiet", "gear-six")
        self._settings.clicked.connect(lambda *_args: self.open_screen.emit("settings", {"find": LINK_MINUTES.name}))
        self._nothing = EmptyState("cloud-slash", "", "")
        self._transfers, self._facts = Card(" ", icon="cloud-arrow-up"), Facts()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(6)
        self._again = Button("", "secondary", "arrow-clockwise")
        self._again.clicked.connect(lambda *_args: self.bench.run(retry_transfers))
        self._transfers.add(self._facts)
        self._transfers.add(self._lines)
        self._transfers.add(Flow(self._again))
        self.report = ReportPanel()
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(10)
        left.addWidget(Flow(self._add, self._settings))
        left.addWidget(self._nothing)
        left.addLayout(self.targets)
        left.addStretch(1)
        right.addWidget(self._transfers)
        right.addWidget(self.report)
        right.addStretch(1)
        inner = QWidget()
        self._whole = QBoxLayout(QBoxLayout.Direction.LeftToRight, inner)
        self._whole.setContentsMargins(14, 12, 14, 12)
        self._whole.setSpacing(10)
        self._whole.addLayout(left, 1)
        self._whole.addLayout(right, 1)
        outer = QVBoxLayout(self.body)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(VScroll(inner))

    def subheading(self) -> str:
        """What the bucket is for."""
        return _(N_("Every image is kept here too, encrypted, and comes back byte for byte"))

    def focus_first(self) -> None:
        """The way to a bucket."""
        self._add.setFocus(self.focus_reason)

    # -- reading ------------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """Ask for the buckets, the transfers and the report."""
        self.ask(storage_targets, self._take_targets)
        self.ask(transfers, self._take_transfers)
        self.ask(storage_report, self.report.show_report)

    def _take_targets(self, lines: tuple[TargetLine, ...]) -> None:
        self.show_body()
        self._add.setText(_(add_storage_target.label))
        reason = self.bench.reason(add_storage_target)
        self._add.set_available(not reason, reason)
        self._settings.setText(_(N_("Settings")))
        self._nothing.setVisible(not lines)
        self._nothing.tell(
            _(N_("No bucket yet")),
            _(N_("Images stay on this practice’s computers. A bucket in Québec keeps a copy that no flood reaches.")),
        )
        if not self._news.is_news(self.bench.actor, lines):
            return
        empty(self.targets)
        for line in lines:
            self.targets.addWidget(self._card(line))

    def _take_transfers(self, found: Transfers) -> None:
        self._transfers.set_title(_(N_("Transfers")))
        clock = self.bench.runner.clock
        self._facts.show_facts(
            [
                (_(N_("In the bucket")), counted(N_("{n} object"), N_("{n} objects"), found.stored)),
                (_(N_("Waiting")), f"{number(found.waiting)} · {size(found.waiting_bytes)}" if found.waiting else ""),
                (_(N_("Needs attention")), number(found.stuck) if found.stuck else ""),
                (_(N_("Last stored")), moment(found.last_stored_at, clock) if found.last_stored_at else ""),
            ]
        )
        self._again.setText(_(retry_transfers.label))
        self._again.setVisible(any(line.trouble for line in found.lines))
        empty(self._lines)
        for words, count in self._troubles(found):
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(ThemedIcon("warning-circle", 16, severity="warn"), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(WrapLabel(f"{words} ({number(count)})", "small"), 1)
            self._lines.addLayout(row)
        for line in found.lines[:LINES]:
            words = f"{_(KIND_LABELS[line.kind])} · {size(line.size_bytes)} · {_(STATE_LABELS[line.state])}"
            self._lines.addWidget(Label(words, "small", "muted"))
        if len(found.lines) > LINES:
            self._lines.addWidget(
                Label(_(N_("and {n} more"), n=number(found.waiting + found.stuck - LINES)), "small", "muted")
            )

    @staticmethod
    def _troubles(found: Transfers) -> list[tuple[str, int]]:
        """Each reason once, with how many objects it holds back."""
        counts: dict[str, int] = {}
        for line in found.lines:
            if line.trouble is not None:
                words = _(TROUBLE_LABELS[line.trouble])
                counts[words] = counts.get(words, 0) + 1
        return list(counts.items())

    # -- one bucket ---------------------------------------------------------------------------------------------
    def _card(self, line: TargetLine) -> Card:
        chip = SeverityChip("ok", _(N_("In use"))) if line.in_use else SeverityChip("info", _(N_("Not in use")))
        card = Card(line.name, chip, icon="hard-drives")
        place = Tag(_(PLACE_LABELS[line.place]))
        card.add(Flow(Tag(_(PROVIDER_LABELS[line.provider])), place))
        if line.lacks_assessment:
            card.add(SeverityChip("warn", _(N_("Its privacy impact assessment is missing"))))
        facts = Facts()
        cold = (
            counted(N_("after {n} day"), N_("after {n} days"), line.cold_after_days)
            if line.cold_after_days
            else _(N_("never"))
        )
        facts.show_facts(
            [
                (_(N_("Bucket")), f"{line.bucket}/{line.prefix}".rstrip("/")),
                (_(N_("Account")), line.account),
                (_(N_("Region")), line.region),
                (_(N_("Address")), line.endpoint),
                (_(N_("Cheaper class")), cold),
            ]
        )
        card.add(facts)
        if line.tested_at is not None:
            card.add(
                Label(_(N_("Tried out {when}"), when=moment(line.tested_at, self.bench.runner.clock)), "small", "muted")
            )
        for finding in line.findings:
            card.add(self._finding(finding))
        card.add(self._actions(line))
        return card

    @staticmethod
    def _finding(finding: Finding) -> QWidget:
        host = QWidget()
        row = QHBoxLayout(host)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        well = ThemedIcon(
            "check-circle" if finding.is_well else "x-circle", 16, severity="ok" if finding.is_well else "danger"
        )
        row.addWidget(well, 0, Qt.AlignmentFlag.AlignTop)
        said = _(finding.words, **finding.values)
        row.addWidget(WrapLabel(f"{_(finding.step)} — {said}", "small"), 1)
        return host

    def _actions(self, line: TargetLine) -> Flow:
        first: Command[Any, Any] = stop_storage if line.in_use else use_storage_target
        offered: list[Command[Any, Any]] = [first, try_storage_target, enter_storage_credentials, change_storage_target]
        if line.lacks_assessment:
            offered[0] = record_privacy_assessment
        if not line.in_use:
            offered.append(withdraw_storage_target)
        return Flow(*(self._action(command, line, number == 0) for number, command in enumerate(offered)))

    def _action(self, command: Command[Any, Any], line: TargetLine, leads: bool) -> Button:
        button = Button(_(command.label), "secondary" if leads else "quiet", command.icon)
        reason = self.bench.reason(command)
        button.set_available(not reason, reason)
        if command in {use_storage_target, stop_storage, try_storage_target, withdraw_storage_target}:
            button.clicked.connect(lambda *_args: self.bench.run(command, line.id))
        elif command is record_privacy_assessment:
            button.clicked.connect(partial(self._fill, command, provider=line.provider, region=line.region))
        else:
            button.clicked.connect(partial(self._fill, command, target_id=line.id))
        return button

    def _fill(self, command: Command[..., Any], *_args: object, **known: Any) -> None:
        """The form of a command, with what is known here."""
        self.open_screen.emit("command", {"command": command.name, **known})

    # -- room ---------------------------------------------------------------------------------------------------
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Under each other where two columns do not stand side by side."""
        super().resizeEvent(event)
        narrow = effective_width(self) < SIDE_BY_SIDE
        directions = QBoxLayout.Direction
        self._whole.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)
