"""Everything that staff and automation can do to the day as it goes."""

from __future__ import annotations

from app.orchestration.commands.alerts import (
    acknowledge_alert,
    infer_departures,
    mark_alert_false,
    settle_alert,
    watch_day,
)
from app.orchestration.commands.arranging import (
    change_day_look,
    draw_floor,
    save_day_look,
    take_off_floor,
    withdraw_day_look,
)
from app.orchestration.commands.at_chair import note_chart_opened, note_signed_on, note_visit_signed
from app.orchestration.commands.better_plan import VisitMove, take_over_plan
from app.orchestration.commands.own_states import (
    add_own_state,
    change_own_state,
    leave_own_state,
    put_in_own_state,
    withdraw_own_state,
)
from app.orchestration.commands.reception import (
    call_to_chair,
    check_out_with_next,
    check_out_without_next,
    draft_delay_messages,
    drop_message,
    end_call,
    mark_message_sent,
    take_checkout_back,
)
from app.orchestration.commands.steering import end_priority, learn_durations, prioritise_visit
from app.orchestration.commands.suggested import follow_suggestion, take_suggestion_back
from app.orchestration.commands.together import step_back, step_together

__all__ = [
    "VisitMove",
    "acknowledge_alert",
    "add_own_state",
    "call_to_chair",
    "change_day_look",
    "change_own_state",
    "check_out_with_next",
    "check_out_without_next",
    "draft_delay_messages",
    "draw_floor",
    "drop_message",
    "end_call",
    "end_priority",
    "follow_suggestion",
    "infer_departures",
    "learn_durations",
    "leave_own_state",
    "mark_alert_false",
    "mark_message_sent",
    "note_chart_opened",
    "note_signed_on",
    "note_visit_signed",
    "prioritise_visit",
    "put_in_own_state",
    "save_day_look",
    "settle_alert",
    "step_back",
    "step_together",
    "take_checkout_back",
    "take_off_floor",
    "take_over_plan",
    "take_suggestion_back",
    "watch_day",
    "withdraw_day_look",
    "withdraw_own_state",
]
