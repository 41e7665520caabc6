"""The network of images: devices with the gateway's monitor, archives with their queues, rules, what was given up."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.archives.commands import (
    add_archive,
    add_routing_rule,
    change_archive,
    change_routing_rule,
    retry_dead_transfers,
    withdraw_routing_rule,
)
from app.archives.queries import (
    ARCHIVE_KIND_LABELS,
    FAILURE_LABELS,
    VERIFICATION_LABELS,
    ArchiveId,
    ArchiveLine,
    DeadLine,
    RuleLine,
    archives,
    dead_transfers,
    routing_rules,
)
from app.core.i18n import N_, _
from app.gateway.commands import add_peer, change_peer
from app.gateway.queries import (
    EVENT_LABELS,
    REFUSAL_LABELS,
    RIGHT_LABELS,
    GatewayEvent,
    GatewayLine,
    PeerLine,
    PeerRight,
    dicom_peers,
    gateway_notes,
)
from app.journal.commands import Command
from ui.archives.words import if_words, queue_words, standing_words, then_words
from ui.patients.facts import Facts, LastShown, empty
from ui.shell.command_button import CommandButton
from ui.shell.formats import counted, moment
from ui.shell.screen import Screen
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import Weight
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, EmptyState, Hairline
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import Flow, VScroll
from ui.widgets.pills import SeverityChip

TABS = {
    "devices": N_("Devices"), "archives": N_("Archives"), "rules": N_("Routes"), "dead": N_("Given up"),
    "monitor": N_("Monitor"),
}  # fmt: skip
SHOWN = 60


class NetworkView(Screen):
    """`choose(tab="archives")`."""

    def build(self) -> None:
        """A bar of tabs, a page of cards below each."""
        self.tabs, self._pages_below = QTabBar(), QStackedWidget()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self._columns: dict[str, QVBoxLayout] = {}
        self._news = {name: LastShown() for name in TABS}
        for name, title in TABS.items():
            self.tabs.addTab(_(title))
            host = QWidget()
            column = self._columns[name] = QVBoxLayout(host)
            column.setContentsMargins(0, 0, 0, 8)
            column.setSpacing(10)
            self._pages_below.addWidget(VScroll(host, name=_(title)))
        self.tabs.currentChanged.connect(self._pages_below.setCurrentIndex)
        whole = QVBoxLayout(self.body)
        whole.setContentsMargins(14, 12, 14, 12)
        whole.setSpacing(8)
        whole.addWidget(self.tabs)
        whole.addWidget(Hairline())
        whole.addWidget(self._pages_below, 1)
        self.words.put(self.tabs.setAccessibleName, N_("Parts of the imaging network"))
        for place, title in enumerate(TABS.values()):
            self.words.put(partial(self.tabs.setTabText, place), title)
        self._names: dict[str, str] = {}
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self.tabs.setFont(theme.font("body", Weight.SEMIBOLD))

    def choose(self, **chosen: Any) -> None:
        """Show one of the parts."""
        if chosen.get("tab") in TABS:
            self.tabs.setCurrentIndex(list(TABS).index(str(chosen["tab"])))

    def faces(self) -> dict[str, dict[str, Any]]:
        """Each part."""
        return {name: {"tab": name} for name in TABS}

    def focus_first(self) -> None:
        """The tabs."""
        self.tabs.setFocus(self.focus_reason)

    def reload(self) -> None:
        """Ask for everything that stands here."""
        self.ask(dicom_peers, self._show_peers)
        self.ask(gateway_notes, self._show_notes)
        if self.bench.may(archives):
            self.ask(archives, self._show_archives)
            self.ask(routing_rules, self._show_rules)
            self.ask(dead_transfers, self._show_dead)

    def _open(self, command: Command[..., Any], **known: Any) -> None:
        self.open_screen.emit("command", {"command": command.name, **known})

    def _form_button(self, command: Command[..., Any], kind: str = "secondary", **known: Any) -> Button:
        button = Button(_(command.label), kind, command.icon)  # type: ignore[arg-type]  # the kinds of buttons
        reason = self.bench.reason(command)
        button.set_available(not reason, reason)
        button.set_help(_(command.help))
        button.clicked.connect(partial(self._open, command, **known))
        return button

    def _refill(
        self, name: str, answer: object, cards: Callable[[], list[QWidget]], nothing: tuple[str, str, str],
        *first: QWidget,
    ) -> None:  # fmt: skip
        """Show the cards of a part, or the fact that there are none."""
        if self._news[name].is_news(self.bench.actor, answer):
            column = self._columns[name]
            empty(column)
            for widget in first:
                column.addWidget(widget)
            made = cards()
            for card in made[:SHOWN]:
                column.addWidget(card)
            if not made:
                column.addWidget(EmptyState(nothing[0], _(nothing[1]), _(nothing[2])))
            column.addStretch(1)
        self.show_body()

    def _show_peers(self, lines: list[PeerLine]) -> None:
        nothing = ("plugs", N_("No device may connect yet."),
                   N_("Add the X-ray unit with its AE title; the help tells how to set the unit."))  # fmt: skip
        self._refill(
            "devices", tuple(lines), lambda: [self._peer(line) for line in lines], nothing,
            Flow(self._form_button(add_peer, "primary")),
        )  # fmt: skip

    def _peer(self, line: PeerLine) -> Card:
        card = Card(line.name, icon="plugs")
        facts = Facts()
        where = line.address or _(N_("any address"))
        rights = ", ".join(_(RIGHT_LABELS[right]) for right in PeerRight if right in line.rights)
        sent = counted(N_("{n} image"), N_("{n} images"), line.received)
        last = f" · {moment(line.last_at, self.bench.runner.clock)}" if line.last_at else ""
        facts.show_facts(
            [
                (_(N_("AE title")), line.ae_title), (_(N_("Address")), f"{where}:{line.port}" if line.port else where),
                (_(N_("Equipment")), line.equipment_name or ""), (_(N_("It may")), rights),
                (_(N_("Encryption")), _(N_("TLS only")) if line.tls_only else ""),
                (_(N_("Has sent")), sent + last),
            ]
        )  # fmt: skip
        card.add(facts)
        card.add(Flow(self._form_button(change_peer, peer_id=line.peer_id)))
        return card

    def _show_notes(self, lines: list[GatewayLine]) -> None:
        nothing = ("plugs", N_("Nothing has happened at the gateway of this computer."),
                   N_("It is started with the verb “gateway” on the computer that stays on."))  # fmt: skip
        self._refill("monitor", tuple(lines), lambda: [self._note(line) for line in lines], nothing)

    def _note(self, line: GatewayLine) -> Card:
        bad = line.event in {GatewayEvent.REFUSED, GatewayEvent.DISK_FULL, GatewayEvent.SET_ASIDE}
        chip = SeverityChip("danger" if bad else "ok", _(EVENT_LABELS[line.event]))
        who = " · ".join(part for part in (line.calling_ae, line.address) if part) or _(N_("This computer"))
        card = Card(who, chip)
        parts = [moment(line.at, self.bench.runner.clock)]
        if line.refusal is not None:
            parts.append(_(REFUSAL_LABELS[line.refusal]))
        if line.count:
            parts.append(counted(N_("{n} image"), N_("{n} images"), line.count))
        card.add(WrapLabel(" · ".join(parts), "small", "muted"))
        return card

    def _show_archives(self, lines: list[ArchiveLine]) -> None:
        self._names = {line.archive_id: line.name for line in lines}
        nothing = ("hard-drives", N_("There is no archive yet."),
                   N_("Add Orthanc or another archive with its address, port and AE title."))  # fmt: skip
        self._refill(
            "archives", tuple(lines), lambda: [self._archive(line) for line in lines], nothing,
            Flow(self._form_button(add_archive, "primary")),
        )  # fmt: skip

    def _archive(self, line: ArchiveLine) -> Card:
        well = line.failure is None and line.enabled
        word = (
            _(N_("Answers")) if well and line.answered_at else _(N_("Rests")) if not well else _(N_("Not called yet"))
        )
        card = Card(line.name, SeverityChip("ok" if well else "danger", word), icon="hard-drives")
        facts = Facts()
        where = line.base_url or f"{line.ae_title} · {line.host}:{line.port}"
        facts.show_facts(
            [
                (_(N_("Kind")), _(ARCHIVE_KIND_LABELS[line.kind])), (_(N_("Address")), where),
                (_(N_("Verification")), _(VERIFICATION_LABELS[line.verification])),
                (_(N_("Queue")), queue_words(line)), (_(N_("Standing")), standing_words(line, self.bench.runner.clock)),
                (_(N_("By default")), _(N_("What no rule applies to goes here.")) if line.is_default else ""),
            ]
        )  # fmt: skip
        card.add(facts)
        card.add(Flow(self._form_button(change_archive, archive_id=line.archive_id)))
        return card

    def _show_rules(self, lines: list[RuleLine]) -> None:
        nothing = ("tree-structure", N_("There is no rule yet."), N_("Everything goes to the archives by default."))
        self._refill(
            "rules", (tuple(lines), tuple(self._names.items())),
            lambda: [self._rule(place, line) for place, line in enumerate(lines, 1)], nothing,
            Flow(self._form_button(add_routing_rule, "primary")),
        )  # fmt: skip

    def _rule(self, place: int, line: RuleLine) -> Card:
        chip = SeverityChip("ok", _(N_("On"))) if line.enabled else SeverityChip("warn", _(N_("Off")))
        card = Card(f"{place}. {line.name}", chip, icon="tree-structure")
        facts = Facts()
        facts.show_facts([(_(N_("If")), if_words(line)), (_(N_("Then")), then_words(line, self._names))])
        card.add(facts)
        away = CommandButton(self.bench, withdraw_routing_rule, lambda: line.rule_id, "quiet")
        card.add(Flow(self._form_button(change_routing_rule, rule_id=line.rule_id), away))
        return card

    def _show_dead(self, lines: list[DeadLine]) -> None:
        nothing = ("check-circle", N_("Nothing was given up."),
                   N_("What an archive refuses for good stands here with its reason."))  # fmt: skip
        again = [self._again(key) for key in dict.fromkeys(line.archive_id for line in lines)]
        self._refill("dead", tuple(lines), lambda: [self._dead(line) for line in lines], nothing, *again)

    def _again(self, archive_id: ArchiveId) -> Flow:
        """Whose queue, and the button that fills it again."""
        button = CommandButton(self.bench, retry_dead_transfers, lambda: archive_id)
        return Flow(WrapLabel(self._names.get(archive_id, ""), "name"), button)

    def _dead(self, line: DeadLine) -> Card:
        card = Card(self._names.get(line.archive_id, ""), SeverityChip("danger", _(N_("Given up"))))
        why = _(FAILURE_LABELS[line.failure]) if line.failure else ""
        code = f" (0x{line.status:04X})" if line.status else ""
        card.add(WrapLabel(why + code))
        since = moment(line.queued_at, self.bench.runner.clock)
        card.add(WrapLabel(f"{since} · {line.sop_instance_uid}", "small", "muted"))
        return card
