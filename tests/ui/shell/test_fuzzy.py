"""Matching without accents: beginnings before parts before scattered letters, and where the letters stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.shell.fuzzy import match


@pytest.mark.parametrize(
    ("typed", "text", "bold"),
    [
        ("flor", "Florence Bergeron", ["Flor"]),
        ("eloi", "Éloïse Tremblay", ["Éloï"]),
        ("berg flo", "Florence Bergeron", ["Flo", "Berg"]),
        ("oconnor", "Aidan O’Connor", ["O", "Connor"]),
        ("o connor", "Aidan O’Connor", ["O", "Connor"]),
        ("soeur", "Sœur Marie", ["Sœur"]),
        ("", "Anything", []),
    ],
)
def test_what_is_typed_is_found_and_marked(typed: str, text: str, bold: list[str]) -> None:
    found = match(typed, text)
    assert found is not None
    assert [text[start:end] for start, end in found.ranges] == bold


def test_beginnings_beat_parts_and_parts_beat_scattered_letters() -> None:
    start, inside, scattered = (
        match("pat", "Patients"),
        match("pat", "Compatible"),
        match("pat", "Plan of the day, a test"),
    )
    assert start is not None
    assert inside is not None
    assert scattered is not None
    assert start.score > inside.score > scattered.score
    assert (start.loose, inside.loose, scattered.loose) == (False, False, True)


def test_a_word_that_is_nowhere_refuses() -> None:
    assert match("flor x", "Florence Bergeron") is None
    assert match("zz", "Florence") is None


@given(st.text(max_size=12), st.text(max_size=30))
def test_places_lie_inside_the_text_in_order(typed: str, text: str) -> None:
    found = match(typed, text)
    if found is not None:
        flat = [place for pair in found.ranges for place in pair]
        assert flat == sorted(flat)
        assert all(0 <= place <= len(text) for place in flat)
