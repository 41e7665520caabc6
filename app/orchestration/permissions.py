"""Who may see and steer the day."""

from __future__ import annotations

from app.core.i18n import N_
from app.core.permissions import EVERY_ROLE, LEADERS, Permission, Role

_CLINIC = (Role.ORTHODONTIST, Role.PRACTICE_MANAGER, Role.FRONT_DESK, Role.CLINICAL_STAFF)

SEE_DAY = Permission("see_day", N_("See the day as it goes"), EVERY_ROLE)
STEER_DAY = Permission("steer_day", N_("Say who goes first and follow suggestions"), _CLINIC)
ANSWER_ALERTS = Permission("answer_alerts", N_("Acknowledge alerts of the day"), EVERY_ROLE)
SEE_FLOW_FIGURES = Permission("see_flow_figures", N_("See figures of the day and the history of alerts"), LEADERS)
LEARN_DURATIONS = Permission("learn_durations", N_("Learn how long visits really take"), LEADERS)
WATCH_DAY = Permission("watch_day", N_("Let the program look for alerts"), LEADERS)
DRAW_FLOOR = Permission("draw_floor", N_("Draw the plan of the clinic"), LEADERS)
SHARE_DAY_LOOKS = Permission("share_day_looks", N_("Save views of the day for everybody"), LEADERS)
OWN_STATES = Permission("own_states", N_("Name states of visits as the clinic does"), LEADERS)
EXPORT_DAY = Permission("export_day", N_("Export the visits of the day"), (*LEADERS, Role.FRONT_DESK))
