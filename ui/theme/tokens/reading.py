"""Reading theme: near black, for imaging; statuses and severities are those of the dark theme."""

from ui.theme.tokens.dark import DARK
from ui.theme.tokens.model import Colours, ThemeTokens

READING = ThemeTokens(
    name="reading",
    dark=True,
    high_contrast=False,
    colours=Colours(
        canvas="#08090B",
        surface="#121519",
        sunken="#000000",
        raised="#1A1E24",
        border="#252B33",
        control="#74808D",
        grid="#2A323C",
        text="#D5DBE2",
        muted="#A2ACB7",
        faint="#87919C",
        accent="#98A8FF",
        accent_hover="#B2BEFF",
        accent_soft="#262F58",
        on_accent="#0D1330",
        focus="#98A8FF",
        now="#FF6F91",
        rail="#060709",
        rail_text="#A3AEBB",
        rail_on="#FFFFFF",
        rail_active="#222B36",
        doctor="#DCE3EC",
        assistant="#55606C",
        tc="#B9A375",
        xray="#69B3A8",
        danger="#EE5579",
        on_danger="#2A0710",
        danger_hover="#F47D99",
        call="#E05BB5",
        on_call="#2A0A20",
    ),
    statuses=DARK.statuses,
    severities=DARK.severities,
)
