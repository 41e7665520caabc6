"""Times on the days when the clocks change, as the command line takes them: refused with a sentence, exit 3."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.cli.conftest import Call
from tests.cli.test_do_ask import ask_back


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("2027-03-14T02:30", "2\u00a0h\u00a030 n’existe pas le 2027-03-14"),
        ("2026-11-01T01:30", "1\u00a0h\u00a030 revient deux fois le 2026-11-01"),
    ],
)
def test_a_time_that_is_none_or_two_is_refused(cli: Call, given: str, told: str) -> None:
    refused = cli("--lang", "fr", "ask", "trial_everything", "count=1", f"seen={given}", "--as", "desk")
    assert refused.code == 3
    assert told in refused.err
    at = cli("--lang", "fr", "ask", "trial_time", "--at", given)
    assert at.code == 3
    assert told in at.err


def test_an_offset_says_which(cli: Call) -> None:
    for hour, offset in ((5, "-04:00"), (6, "-05:00")):
        seen = ask_back(cli, "count=1", f"seen=2026-11-01T01:30{offset}")["seen"]
        assert [datetime.fromisoformat(at) for at in seen] == [datetime(2026, 11, 1, hour, 30, tzinfo=UTC)]
