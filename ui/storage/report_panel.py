"""What the bucket saves: stored, moved and cost apart, and a bar for each kind of object."""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_, _
from app.core.money import Money
from app.storage.queries import KIND_LABELS, StorageReport
from ui.patients.facts import Facts
from ui.shell.formats import amount, counted, percent
from ui.storage.chart import Bar, BarChart
from ui.storage.words import saved, size
from ui.widgets.cards import Card, EmptyState
from ui.widgets.labels import WrapLabel

SOURCE_WORDS: Final = {
    "radiographs": N_("Radiographs"), "photographs": N_("Photographs"), "others": N_("Everything else"),
}  # fmt: skip


class ReportPanel(Card):
    """The report as a card."""

    def __init__(self) -> None:
        super().__init__(" ", icon="chart-bar")
        self._nothing = EmptyState("chart-bar", "", "")
        self._chart, self._sources, self._facts = BarChart(), Facts(), Facts()
        self._note = WrapLabel("", "small", "muted")
        for part in (self._nothing, self._chart, self._sources, self._facts, self._note):
            self.add(part)

    def show_report(self, report: StorageReport) -> None:
        """Say it."""
        self.set_title(_(N_("What it saves")))
        self._nothing.setVisible(not report.kinds)
        self._nothing.tell(_(N_("Nothing is stored yet")), _(N_("The figures come with the first images.")))
        for part in (self._chart, self._sources, self._facts, self._note):
            part.setVisible(bool(report.kinds))
        self._chart.show_bars(
            [
                Bar(
                    _(KIND_LABELS[share.kind]), share.stored_bytes, max(share.raw_bytes, share.stored_bytes),
                    f"{counted(N_('{n} object'), N_('{n} objects'), share.objects)} · {size(share.stored_bytes)}",
                )
                for share in report.kinds
            ]
        )  # fmt: skip
        self._sources.show_facts(
            [
                (
                    _(SOURCE_WORDS[share.source]),
                    _(
                        N_("{share} smaller than their unpacked pixels (median)"),
                        share=percent(round(share.saved_per_mille / 10)),
                    ),
                )
                for share in report.sources
            ]
        )
        self._facts.show_facts(self._figures(report))
        self._note.setText(
            _(N_("A camera’s JPEG is kept as it came and counts as 0 %. Prices are those of the settings."))
        )

    @staticmethod
    def _figures(report: StorageReport) -> list[tuple[str, str]]:
        moved = _(
            N_("{share} less to look at an image ({small} instead of {large})"),
            share=saved(report.view_bytes, report.original_bytes), small=size(report.view_bytes),
            large=size(report.original_bytes),
        )  # fmt: skip
        cost = _(
            N_("{cost} a month; unpacked in the ordinary class {flat}"),
            cost=amount(Money(report.cost_cents)), flat=amount(Money(report.flat_cents)),
        )  # fmt: skip
        return [
            (_(N_("Moved")), moved if report.original_bytes else ""),
            (_(N_("Cost")), cost),
            (_(N_("In the cheaper class")), size(report.cold_bytes) if report.cold_bytes else ""),
        ]
