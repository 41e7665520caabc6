"""What stands round the views: the strip of figures, and at the right visit, queue, alerts, suggestions, devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QMenu, QWidget

from app.core.i18n import N_, _
from app.measures.queries import DayFigures, Journey, day_figures, day_journey
from app.orchestration.queries import (
    DayQuality,
    DaySnapshot,
    DayUse,
    MessageLine,
    Outlook,
    Suggestion,
    day_messages,
    day_outlook,
    day_quality,
    day_suggestions,
    day_use,
    own_states,
)
from app.orchestration.settings import DAY_PANELS
from ui.orchestration.alerts_panel import AlertsPanel
from ui.orchestration.beside import Beside
from ui.orchestration.day_bar import FLOOR
from ui.orchestration.devices import DevicesCard
from ui.orchestration.flow_panel import JourneyPanel, UsePanel
from ui.orchestration.kpi_panel import KpiPanel
from ui.orchestration.kpi_strip import KpiStrip, tiles_of
from ui.orchestration.messages_panel import MessagesPanel
from ui.orchestration.picture import DayPicture
from ui.orchestration.plan_panel import PlanPanel
from ui.orchestration.queue_panel import QueuePanel
from ui.orchestration.suggestions_panel import SuggestionsPanel
from ui.orchestration.visit_card import VisitCard
from ui.widgets.buttons import IconButton

if TYPE_CHECKING:
    from ui.orchestration.day_view import DayView

THINK_AFTER: Final = 1_500
"""Milliseconds of rest before the rest of the day is played through: a tap comes first."""


class DayPanels:
    """Asks for what the panels show, and tells it to them."""

    def __init__(self, view: DayView) -> None:
        self._view, bench = view, view.bench
        self._figures: DayFigures | None = None
        self._quality: DayQuality | None = None
        self._outlooks: tuple[Outlook, ...] = ()
        self._suggestions: tuple[Suggestion, ...] = ()
        self._journey: Journey | None = None
        self._use: DayUse | None = None
        self._messages: tuple[MessageLine, ...] = ()
        self.strip, self.figure = KpiStrip(), KpiPanel()
        self.visit_card, self.queue, self.alerts = VisitCard(bench), QueuePanel(bench), AlertsPanel(bench)
        self.suggestions, self.devices = SuggestionsPanel(bench), DevicesCard()
        self.messages, self.journey, self.use = MessagesPanel(bench), JourneyPanel(), UsePanel()
        self.plan = PlanPanel(bench)
        self.side = Beside(
            self.figure, self.visit_card, self.alerts, self.suggestions, self.messages, self.queue, self.plan,
            self.journey, self.use, self.devices,
        )  # fmt: skip
        self._named: dict[str, tuple[str, QWidget]] = {
            "visit": (N_("Chosen visit"), self.visit_card), "alerts": (N_("Alerts"), self.alerts),
            "suggestions": (N_("Suggestions"), self.suggestions), "messages": (N_("Messages to send"), self.messages),
            "queue": (N_("Queue"), self.queue), "plan": (N_("Better plan"), self.plan),
            "journey": (N_("The way of the patients"), self.journey),
            "use": (N_("How the day is used"), self.use), "devices": (N_("Equipment"), self.devices),
        }  # fmt: skip
        self.arrange = IconButton("sliders-horizontal", "", size="compact")
        self.arrange.clicked.connect(self._offer)
        self.side.put_first(self.arrange)
        self._thinker = QTimer(view, singleShot=True, interval=THINK_AFTER)
        self._thinker.timeout.connect(self.think)
        card, hands = self.visit_card, view.hands
        card.acted.connect(hands.act)
        card.chart_asked.connect(hands.chart)
        card.edit_asked.connect(hands.edit)
        card.menu_asked.connect(hands.menu)
        card.checkout_asked.connect(lambda key: view.open_screen.emit("checkout", {"appointment_id": key}))
        self.queue.acted.connect(hands.act)
        for panel in (self.alerts, self.suggestions):
            panel.visit_asked.connect(view.take_choice)
        self.queue.chosen.connect(view.take_choice)
        self.figure.visit_chosen.connect(view.take_choice)
        self.figure.closed.connect(self._put_away)
        self.strip.asked.connect(self.figure.show_figure)

    def ask(self, shot: DaySnapshot) -> None:
        """Ask for the figures of a day; the simulation waits for rest."""
        view, bench = self._view, self._view.bench
        if bench.may(day_figures):
            view.ask(day_figures, self._keep_figures, shot.clinic_id, shot.on)
            view.ask(day_journey, self._keep_journey, shot.clinic_id, shot.on)
            view.ask(day_use, self._keep_use, shot.clinic_id, shot.on)
        view.ask(own_states, self.visit_card.show_own_states)
        view.ask(day_messages, self._keep_messages, shot.clinic_id, shot.on)
        view.ask(day_quality, self._keep_quality, shot.clinic_id, shot.on)
        if shot.span[0] <= shot.now < shot.span[1]:
            self._thinker.start()

    def think(self) -> None:
        """Play the rest of the day through: ranges of waits, and what would shorten them."""
        picture = self._view.picture
        if picture is not None and self._view.isVisible():
            shot, bench = picture.shot, self._view.bench
            bench.ask_for(None, day_outlook, self._keep_outlooks, shot.clinic_id, shot.on)
            bench.ask_for(None, day_suggestions, self._keep_suggestions, shot.clinic_id, shot.on)

    def _keep_figures(self, figures: DayFigures) -> None:
        self._figures = figures
        self._show_figures()

    def _keep_journey(self, journey: Journey) -> None:
        self._journey = journey
        self.journey.show_journey(journey)
        self._clear_away()

    def _keep_use(self, use: DayUse) -> None:
        self._use = use
        self.use.show_use(use)
        self._clear_away()

    def _keep_messages(self, messages: tuple[MessageLine, ...]) -> None:
        self._messages = messages
        self.messages.show_messages(messages)
        self._clear_away()

    def _keep_quality(self, quality: DayQuality) -> None:
        self._quality = quality
        self._show_figures()

    def _keep_outlooks(self, outlooks: tuple[Outlook, ...]) -> None:
        self._outlooks = outlooks
        if self._view.picture is not None:
            self.queue.show_day(self._view.picture, outlooks)

    def _keep_suggestions(self, found: tuple[Suggestion, ...]) -> None:
        self._suggestions = found
        if self._view.picture is not None:
            self.suggestions.show_suggestions(self._view.picture, found)
            self._clear_away()

    def show_day(self, picture: DayPicture) -> None:
        """Tell every panel the day."""
        self._show_figures()
        if self.side.isHidden():
            return
        today = picture.shot.span[0] <= picture.shot.now < picture.shot.span[1]
        self.show_visit(picture)
        self.queue.show_day(picture, self._outlooks)
        self.alerts.show_alerts(picture, self._view.alerts if today else ())
        self.suggestions.show_suggestions(picture, self._suggestions if today else ())
        self.plan.show_day(picture)
        self.devices.show_day(picture if self._view.bar.value("view") == FLOOR else None)
        self.arrange.set_name(_(N_("Which panels stand here")))
        self._clear_away()

    # -- what each person wants beside the day --------------------------------------------------------------
    def _away(self) -> frozenset[str]:
        return frozenset(self._view.bench.setting(DAY_PANELS).split(","))

    def _clear_away(self) -> None:
        """What the person does not want is hidden, whatever it has to say; the rest shows itself."""
        away = self._away()
        for name, (_title, panel) in self._named.items():
            if name in away:
                panel.hide()

    def set_shown(self, name: str, *, shown: bool) -> None:
        """Put a panel away, or take it out again, for the person at the keyboard."""
        away = (self._away() - {name, ""}) if shown else (self._away() | {name}) - {""}
        self._view.bench.remember(DAY_PANELS, ",".join(sorted(away)))
        self._named[name][1].setVisible(shown)

    def _offer(self) -> None:
        menu, away = QMenu(self._view), self._away()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, (title, _panel) in self._named.items():
            entry = menu.addAction(_(title))
            entry.setCheckable(True)
            entry.setChecked(name not in away)
            entry.toggled.connect(lambda on, name=name: self.set_shown(name, shown=on))
        menu.popup(self.arrange.mapToGlobal(self.arrange.rect().bottomLeft()))

    def show_visit(self, picture: DayPicture) -> None:
        """Tell the card of the chosen visit."""
        self.visit_card.show_visit(picture, picture.visits.get(self._view.chosen))

    def _show_figures(self) -> None:
        picture = self._view.picture
        if picture is None:
            return
        same = self._figures is not None and self._figures.on == picture.shot.on
        figures = self._figures if same else None
        quality = self._quality if self._quality is not None and self._quality.on == picture.shot.on else None
        self.strip.show_tiles(tiles_of(picture, figures, quality))
        self.figure.take(picture, figures, quality)

    def _put_away(self) -> None:
        self.figure.show_figure("")
        self.strip.let_go()

    def fold(self, width: float, *, wanted: bool) -> None:
        """Less in a narrow window."""
        self.strip.fold(width)
        if self.side.isHidden() == wanted:
            self.side.setVisible(wanted)
            if wanted and self._view.picture is not None:
                self.show_day(self._view.picture)
