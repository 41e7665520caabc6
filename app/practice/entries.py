"""What a form of each entry of the set-up holds: the values whose change by somebody else stops a correction."""

from __future__ import annotations

from typing import Final

CLINIC: Final = ("name", "short_name", "time_zone", "languages", "phone", "address")
OPERATORY: Final = ("name", "short_name", "kind", "virtual")
EQUIPMENT: Final = ("name", "kind", "serial_number", "operatory_id")
PROVIDER: Final = ("name", "kind", "licence_number", "licence_order", "colour")
CLOSURE: Final = ("clinic_id", "kind", "from_on", "to_on", "start_minute", "end_minute", "reason")
ABSENCE: Final = ("kind", "starts_at", "ends_at", "note")
