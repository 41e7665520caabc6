"""What an entry of the access log adds, in words: the setting changed, how the screen was opened, what was seen.

The log keeps names of settings and commands, codes and ids, which no language changes; nobody reads those.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from app.core.i18n import N_, _
from app.core.settings import SETTINGS
from app.journal.commands import COMMANDS, QUERIES

WORDS: Final = {
    "automatic": N_("by itself"), "pin": N_("with the PIN"), "password": N_("with the password"),
    "inactive": N_("the account is closed"), "too_many_tries": N_("too many tries"),
}  # fmt: skip
THINGS: Final = {"image set aside": N_("an image set aside"), "image": N_("an image"), "document": N_("a document")}
_THING: Final = re.compile(r"(image set aside|image|document) [0-9a-f-]{32,36}( .*)?")


def detail_words(detail: str, people: Mapping[str, str]) -> str:
    """The detail of an entry in words; one that has no words is given as it stands."""
    if detail in SETTINGS:
        return _(SETTINGS[detail].label)
    known = COMMANDS.get(detail) or QUERIES.get(detail)
    if known is not None:
        return _(known.label)
    if detail in WORDS:
        return _(WORDS[detail])
    thing = _THING.fullmatch(detail)
    return _(THINGS[thing[1]]) if thing else people.get(detail, detail)
