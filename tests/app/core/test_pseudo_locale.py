"""The language that nobody speaks keeps places for values, and every text grows."""

import pytest

from app.core import i18n
from app.core.pseudo_locale import PseudoTranslations, pseudo


@pytest.mark.parametrize("text", ["Save", "{name} is booked", "The chair {chair} is taken from {start} to {end}."])
def test_every_text_grows_and_keeps_its_places(text: str) -> None:
    longer = pseudo(text)
    assert len(longer) >= 1.3 * len(text)
    assert longer != text
    assert longer.format(name="Léa", chair=2, start=1, end=2)


def test_nothing_stays_nothing() -> None:
    assert pseudo(" ") == " "


def test_it_takes_the_place_of_a_language_and_gives_it_back() -> None:
    heard: list[str] = []
    stop = i18n.on_language_change(heard.append)
    i18n.use_catalogue("en", PseudoTranslations())
    try:
        assert i18n.translate(i18n.N_("Save")) == pseudo("Save")
        assert i18n.plural("{n} visit", "{n} visits", 2) != "2 visits"
    finally:
        i18n.use_catalogue("en", None)
        stop()
    assert i18n.translate(i18n.N_("Save")) == "Save"
    assert heard == ["en", "en"]
