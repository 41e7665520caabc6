"""The dry run: where past images would go by the rules with what is typed, beside where they go now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.archives.queries import DryRunLine, Rule, dry_run
from app.core.i18n import N_, _
from ui.archives.explained import Explained
from ui.patients.facts import Facts
from ui.practice.pane import Pane
from ui.shell.formats import counted, number
from ui.shell.words import Words
from ui.widgets.buttons import Button
from ui.widgets.cards import Hairline
from ui.widgets.labels import WrapLabel, section
from ui.widgets.layout import Flow

IMAGES = 500


class DryRun(QWidget):
    """`rules` gives those to try: the saved ones, with the one that is being typed in its place."""

    def __init__(self, pane: Pane, rules: Callable[[], list[Rule]]) -> None:
        super().__init__()
        self._pane, self._rules = pane, rules
        self._now: Sequence[DryRunLine] | None = None
        self.words = Words()
        self._head, self._told = section(""), WrapLabel("", "body", "muted")
        self._facts = Facts()
        self.lines = Explained(N_("Where past images would go"))
        self._try = Button("", "secondary", "play")
        self._try.clicked.connect(self.run)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Hairline())
        column.addWidget(self._head)
        column.addWidget(self._told)
        column.addWidget(Flow(self._try))
        column.addWidget(self._facts)
        column.addWidget(self.lines)
        self.words.put(self._head.setText, N_("Try on past images"))
        self.words.put(self._try.setText, N_("Try the rules"))
        self.clear()

    def clear(self) -> None:
        """Another rule is on show: what was tried before is not about it."""
        self._told.setText(_(N_("Nothing is sent: it only tells where the latest images would go, and why.")))
        self._facts.setVisible(False)
        self.lines.setVisible(False)
        reason = self._pane.bench.reason(dry_run)
        self._try.set_available(not reason, reason)

    def run(self) -> None:
        """Ask where the latest images go now, then where they would go."""
        self._try.setEnabled(False)
        self._pane.bench.ask_for(None, dry_run, self._take_now, most=IMAGES)

    def _take_now(self, lines: list[DryRunLine]) -> None:
        self._now = lines
        self._pane.bench.ask_for(None, dry_run, self._take, rules=self._rules(), most=IMAGES)

    def _take(self, lines: list[DryRunLine]) -> None:
        self._try.setEnabled(True)
        before = {line.instance_id: line.destinations for line in self._now or ()}
        changed = [line for line in lines if before.get(line.instance_id) != line.destinations]
        others = [line for line in lines if before.get(line.instance_id) == line.destinations]
        self._told.setText(_told(len(lines), len(changed)))
        counts, old = _counts(lines), _counts(self._now or ())
        self._facts.setVisible(bool(lines))
        self._facts.show_facts([(name or _(N_("Nowhere")), _count_words(counts[name], old[name])) for name in
                                sorted(set(counts) | set(old))])  # fmt: skip
        self.lines.setVisible(bool(lines))
        self.lines.show_lines([*changed, *others])


def _counts(lines: Sequence[DryRunLine]) -> Counter[str]:
    return Counter(name for line in lines for name in line.destinations or ("",))


def _count_words(count: int, before: int) -> str:
    said = counted(N_("{n} image"), N_("{n} images"), count)
    return said if count == before else f"{said} ({_(N_('now {n}'), n=number(before))})"


def _told(total: int, changed: int) -> str:
    if not total:
        return _(N_("There is no image yet to try the rules on."))
    if not changed:
        return _(N_("The latest images would all go where they go now."))
    return counted(
        N_("{n} image would go elsewhere than now; it stands first."),
        N_("{n} images would go elsewhere than now; they stand first."), changed,
    )  # fmt: skip
