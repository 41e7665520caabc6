"""Devices that may connect: what each is called, where it stands, what it may do and what it has sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.gateway.commands import UNIT_RIGHTS, add_peer, change_peer, withdraw_peer
from app.gateway.queries import (
    CHARACTER_SET_LABELS,
    RIGHT_LABELS,
    CharacterSet,
    PeerLine,
    PeerRight,
    dicom_peers,
)
from app.gateway.settings import GATEWAY_AE_TITLE, GATEWAY_PORT, GATEWAY_TLS_PORT
from app.practice.queries import EquipmentId, EquipmentLine, equipment
from ui.patients.facts import Facts
from ui.practice.editors import Checks, Picker
from ui.practice.entry_form import Item, Values
from ui.practice.list_pane import ListPane
from ui.practice.words import labelled, named
from ui.shell.formats import counted, moment, number
from ui.shell.words import Words
from ui.widgets.cards import Hairline
from ui.widgets.labels import WrapLabel, section
from ui.widgets.paged_model import Column
from ui.widgets.typed_fields import NumberField

FLAGS: Final = {"tls_only": N_("Only with TLS")}


class UnitBox(QWidget):
    """What to enter on the device itself, and what it has sent."""

    def __init__(self, pane: DevicePane) -> None:
        super().__init__()
        self._pane = pane
        self.words = Words()
        self._head, self._facts, self._note = section(""), Facts(), WrapLabel("", "small", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Hairline())
        column.addWidget(self._head)
        column.addWidget(self._facts)
        column.addWidget(self._note)
        self.words.put(self._head.setText, N_("To enter on the device"))
        self.words.put(self._note.setText, N_("The same for storage, worklist and MPPS. F1 shows it step by step."))

    def show_device(self, line: PeerLine | None) -> None:
        """Of a device, or of one that is being added."""
        bench = self._pane.bench
        plain, secure = bench.setting(GATEWAY_PORT), bench.setting(GATEWAY_TLS_PORT)
        port = secure if line is not None and line.tls_only else plain
        sent = ""
        if line is not None:
            sent = counted(N_("{n} image"), N_("{n} images"), line.received)
            sent += f" · {moment(line.last_at, bench.runner.clock)}" if line.last_at else ""
        self._facts.show_facts(
            [
                (_(N_("AE title to call")), bench.setting(GATEWAY_AE_TITLE)),
                (_(N_("Port")), str(port)),
                (_(N_("Address")), _(N_("That of the computer on which the gateway runs"))),
                (_(N_("Has sent")), sent),
            ]
        )  # fmt: skip


class DevicePane(ListPane[PeerLine]):
    """X-ray units, scanners, cameras and programs that call us."""

    title = N_("Devices")
    add, change = add_peer, change_peer
    others = (withdraw_peer,)
    icon = "plugs"
    nothing = (
        N_("No device may connect yet."),
        N_("Add the X-ray unit with its AE title; the help tells how to set the unit."),
    )

    def __init__(self, screen: Any) -> None:
        self._equipment: tuple[EquipmentLine, ...] = ()
        super().__init__(screen)
        self._box = UnitBox(self)
        self.form.extra.addWidget(self._box)

    def items(self) -> Sequence[Item]:
        """Who, where, what it may do."""
        none = ("", N_("None"))
        return (
            Item("name", N_("Name"), example=N_("E.g. Panoramic X-ray")),
            Item("ae_title", N_("AE title of the device"), example="PANO"),
            Item("address", N_("Address"), example="192.168.1.20", help=N_("Empty: from anywhere on the network.")),
            Item("port", N_("Port"), lambda: NumberField("104", least=0, most=65535),
                 help=N_("Only where images are sent to it.")),
            Item("equipment_id", N_("Equipment"), lambda: Picker(lambda: named(self._equipment, none)),
                 help=N_("The board then shows where images are taken.")),
            Item("character_set", N_("Characters"), lambda: Picker(lambda: labelled(CHARACTER_SET_LABELS))),
            Item("rights", N_("It may"), lambda: Checks(lambda: [*labelled(RIGHT_LABELS)]), whole=True),
            Item("flags", N_("Encryption"), lambda: Checks(lambda: [(code, _(word)) for code, word in FLAGS.items()]),
                 whole=True),
        )  # fmt: skip

    def columns(self) -> list[Column]:
        """Name, title, address, what it has sent."""
        return [
            Column("name", _(N_("Name")), strong=True, sortable=False),
            Column("ae", _(N_("AE title")), width=130, sortable=False),
            Column("sent", _(N_("Has sent")), width=92, right=True, sortable=False),
            Column("address", _(N_("Address")), width=140, sortable=False),
        ]

    def cells(self, line: PeerLine) -> Sequence[Any]:
        """The words of a device."""
        return line.name, line.ae_title, number(line.received), line.address or _(N_("any address"))

    def values_of(self, line: PeerLine) -> Values:
        """Its columns, as the form holds them."""
        return super().values_of(line) | {
            "rights": tuple(right.value for right in PeerRight if right in line.rights),
            "flags": ("tls_only",) if line.tls_only else (), "equipment_id": line.equipment_id or "",
        }  # fmt: skip

    def fresh_values(self) -> Values:
        """What an X-ray unit needs."""
        rights = tuple(right.value for right in UNIT_RIGHTS)
        return {"rights": rights, "flags": (), "character_set": CharacterSet.LATIN_1.value, "equipment_id": ""}

    def reload(self) -> None:
        """Equipment for the form, then devices."""
        self.view.ask(equipment, self._know_equipment)
        self.ask(dicom_peers)

    def _know_equipment(self, lines: tuple[EquipmentLine, ...]) -> None:
        self._equipment = lines
        self.form.retranslate()

    def show_more(self, line: PeerLine | None) -> None:
        """What to enter on it."""
        self._box.show_device(line)

    def retranslate(self) -> None:
        """The box too."""
        super().retranslate()
        self._box.words.again()

    def send(self, values: Values, line: PeerLine | None, seen: str) -> tuple[Any, tuple[Any, ...], Values]:
        """Add or change."""
        device = str(values["equipment_id"] or "")
        given: Values = {
            "address": str(values["address"] or ""), "port": int(values["port"] or 0),
            "rights": [PeerRight(str(one)) for one in values["rights"]], "tls_only": bool(values["flags"]),
            "character_set": CharacterSet(values["character_set"]),
            "equipment_id": EquipmentId(device) if device else None,
        }  # fmt: skip
        if line is None:
            return add_peer, (str(values["name"] or ""), str(values["ae_title"] or "")), given
        given |= {"name": values["name"], "ae_title": values["ae_title"], "no_equipment": not device}
        return change_peer, (line.peer_id,), given
