"""Days computed by hand, to the minute. Each docstring is the computation; the program is given only the file.

Notation: K 9:00–9:10 is the assistant K at work, G is the doctor, F1 a chair. Of those who can begin in the same
minute, seated patients go first, then urgent ones, then the earlier planned begin, then the name.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.cli.entry import main

HANDS = ("K", "S", "M")


def person(id: str, *off: list[str], kind: str = "assistant", shifts: Any = ()) -> dict[str, Any]:
    return {"id": id, "kind": kind, "off": list(off), "shifts": list(shifts)}


def visit(id: str, chair: str, at: str, segments: str, hand: str | None = None, **more: Any) -> dict[str, Any]:
    return {"id": id, "chair": chair, "at": at, "segments": segments, "doctor": "G", "assistant": hand, **more}


def event(visit: str, kind: str, at: str, **more: Any) -> dict[str, Any]:
    return {"visit": visit, "kind": kind, "at": at, **more}


def written(visits: list[Any], events: list[Any] = (), **more: Any) -> dict[str, Any]:
    chairs = sorted({item["chair"] for item in visits})
    day = {
        "date": "2026-11-24", "zone": "America/Toronto", "walk_minutes": 1, "visits": visits, "events": list(events),
        "people": [person("G", kind="doctor"), *(person(hand) for hand in HANDS)],
    }  # fmt: skip
    return {**day, "chairs": [{"id": chair} for chair in chairs], **more}


class Projection:
    """Runs the verb on a written day."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys

    def __call__(self, day: dict[str, Any], now: str) -> dict[str, Any]:
        file = self.folder / "day.json"
        file.write_text(json.dumps(day), encoding="utf-8")
        assert main(["day", "--events", str(file), "--now", now, "--json"]) == 0
        answer: dict[str, Any] = json.loads(self.capsys.readouterr().out)
        return answer

    def clocks(self, day: dict[str, Any], now: str) -> dict[str, tuple[str, str] | None]:
        """Begin and end of each visit on the clock."""
        found = {}
        for item in self(day, now)["visits"]:
            times = (item["projected_start"], item["projected_end"])
            found[item["id"]] = None if times[0] is None else (times[0][11:16], times[1][11:16])
        return found


@pytest.fixture
def projected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Projection:
    return Projection(tmp_path, capsys)


def test_one_doctor_for_two_chairs(projected: Projection) -> None:
    """a: K 9:00–9:08. b: S 9:00–9:08. Both want G at 9:08; both planned 9:00, “a” is the earlier name.
    a: G 9:08–9:12, K 9:12–9:20. b: G is free 9:12, walks 1, 9:13–9:19, S 9:19–9:25.
    c: F1 and K are free 9:20: K 9:20–9:25; G is free 9:19, at F1 by 9:20: G 9:25–9:30.
    d: F2 and S are free 9:25: S 9:25–9:30; G is free 9:30, walks: 9:31–9:36."""
    day = written(
        [
            visit("a", "F1", "9:00", "A8 D4 A8", "K"), visit("b", "F2", "9:00", "A8 D6 A6", "S"),
            visit("c", "F1", "9:20", "A5 D5", "K"), visit("d", "F2", "9:20", "A5 D5", "S"),
        ]
    )  # fmt: skip
    assert projected.clocks(day, "8:00") == {
        "a": ("09:00", "09:20"), "b": ("09:00", "09:25"), "c": ("09:20", "09:30"), "d": ("09:25", "09:36"),
    }  # fmt: skip


def test_one_assistant_for_two_chairs(projected: Projection) -> None:
    """a: K 9:00–9:10, G 9:10–9:15. b waits for K: K 9:10–9:20 (planned 9:05, begins 9:10).
    a wants K again at 9:15: 9:20–9:25. b: G is free 9:15 and needs 1 to F2, ready 9:20: 9:20–9:25; K is free 9:25:
    9:25–9:30. c: F1 is free 9:25, planned 9:30, K is free 9:30: 9:30–9:35."""
    day = written(
        [
            visit("a", "F1", "9:00", "A10 D5 A5", "K"), visit("b", "F2", "9:05", "A10 D5 A5", "K"),
            visit("c", "F1", "9:30", "A5", "K"),
        ]
    )  # fmt: skip
    assert projected.clocks(day, "8:30") == {
        "a": ("09:00", "09:25"), "b": ("09:10", "09:30"), "c": ("09:30", "09:35"),
    }  # fmt: skip


def test_an_overrun_moves_what_follows_until_a_gap_takes_it(projected: Projection) -> None:
    """a should have ended at 9:20 and still sits at 9:30: it is taken to end now, and F1 is cleaned until 9:35.
    b (planned 9:25): 9:35–9:45, cleaned until 9:50. c (planned 9:45): 9:50–10:00, cleaned until 10:05.
    d (planned 10:30): 10:30. Late in all: 10 + 5 = 15 minutes."""
    day = written(
        [
            visit("a", "F1", "9:00", "A20", "K", cleaning=5), visit("b", "F1", "9:25", "A10", "K", cleaning=5),
            visit("c", "F1", "9:45", "A10", "K", cleaning=5), visit("d", "F1", "10:30", "A10", "K"),
        ],
        [event("a", "seated", "9:00"), event("b", "arrived", "9:20")],
    )  # fmt: skip
    assert projected.clocks(day, "9:30") == {
        "a": ("09:00", "09:30"), "b": ("09:35", "09:45"), "c": ("09:50", "10:00"), "d": ("10:30", "10:40"),
    }  # fmt: skip
    answer = projected(day, "9:30")
    assert answer["delay_minutes"] == 15
    assert answer["chairs"] == [{"id": "F1", "visits": ["a"], "free_at": "2026-11-24T09:35-05:00"}]


def test_the_doctor_goes_where_she_is_wanted_first(projected: Projection) -> None:
    """At 9:12 G is at F3 since 9:05, until 9:15; then M 9:15–9:20 ends c.
    a and b wait for G; b is wanted first: G walks, 9:16–9:26, S 9:26–9:31.
    d: F3 and M are free 9:20, M 9:20–9:25, then wants G. G is free 9:26 at F2: a and d could both have G at 9:27;
    a is planned earlier: 9:27–9:37, K 9:37–9:42; d: 9:38–9:43."""
    day = written(
        [
            visit("a", "F1", "9:00", "A5 D10 A5", "K"), visit("b", "F2", "9:00", "A5 D10 A5", "S"),
            visit("c", "F3", "9:00", "A5 D10 A5", "M"), visit("d", "F3", "9:20", "A5 D5", "M"),
        ],
        [
            event("a", "seated", "9:00"), event("c", "seated", "9:00"), event("b", "seated", "9:02"),
            event("c", "doctor_arrived", "9:05"), event("a", "doctor_needed", "9:06"),
            event("b", "doctor_needed_first", "9:09"), event("d", "arrived", "9:11"),
        ],
    )  # fmt: skip
    assert projected.clocks(day, "9:12") == {
        "a": ("09:00", "09:42"), "b": ("09:02", "09:31"), "c": ("09:00", "09:20"), "d": ("09:20", "09:43"),
    }  # fmt: skip


def test_one_x_ray_machine_and_its_maintenance(projected: Projection) -> None:
    """a: pano 9:00–9:10, K 9:10–9:15. b waits for the pano: 9:10–9:20, S 9:20–9:25.
    c: room and K are free 9:15, the pano 9:20; 15 minutes from 9:20 run into its maintenance (9:25–9:40): 9:40–9:55.
    d: planned 9:25, room and S free, the pano is under maintenance; at 9:40 c is planned earlier: 9:55–10:00."""
    day = written(
        [
            visit("a", "R1", "9:00", "X10 A5", "K", equipment="pano"),
            visit("b", "R2", "9:00", "X10 A5", "S", equipment="pano"),
            visit("c", "R1", "9:15", "X15", "K", equipment="pano"),
            visit("d", "R2", "9:25", "X5", "S", equipment="pano"),
        ],
        equipment=[{"id": "pano", "off": [["9:25", "9:40"]]}],
    )
    assert projected.clocks(day, "8:50") == {
        "a": ("09:00", "09:15"), "b": ("09:10", "09:25"), "c": ("09:40", "09:55"), "d": ("09:55", "10:00"),
    }  # fmt: skip


def test_the_lunch_of_the_doctor(projected: Projection) -> None:
    """At 11:56 G is at F2 since 11:50 for 15 minutes: 12:05, five of them of the lunch (12:00–13:00); S 12:05–12:10.
    a arrived late: K 11:56–12:06; ten minutes of G would run into the lunch: 13:00–13:10, K 13:10–13:15.
    c: F2 and S are free 12:10: 12:10–12:15. d has not come, at the earliest now: M 11:56–12:01, then G: at 13:00 a is
    planned earlier, G walks: 13:11–13:16."""
    day = written(
        [
            visit("a", "F1", "11:40", "A10 D10 A5", "K"), visit("b", "F2", "11:30", "A10 D15 A5", "S"),
            visit("c", "F2", "12:10", "A5", "S"), visit("d", "F3", "11:48", "A5 D5", "M"),
        ],
        [
            event("b", "seated", "11:30"), event("b", "doctor_arrived", "11:50"), event("a", "arrived", "11:55"),
        ],
        people=[person("G", ["12:00", "13:00"], kind="doctor"), *(person(hand) for hand in HANDS)],
    )  # fmt: skip
    assert projected.clocks(day, "11:56") == {
        "a": ("11:56", "13:15"), "b": ("11:30", "12:10"), "c": ("12:10", "12:15"), "d": ("11:56", "13:16"),
    }  # fmt: skip


def test_two_pairs_of_hands_for_three_chairs(projected: Projection) -> None:
    """Nobody is named: whoever of K and S is free first. 9:00: a and b; c waits. 9:10: both are free; c (planned 9:00)
    and d (planned 9:10, “d” before “e”) take them until 9:20; e: 9:20–9:25. f begins at 11:55 and keeps its hands
    five minutes past the end of the shift, 12:00–12:05."""
    shift = ["8:00", "12:00"]
    day = written(
        [
            visit("a", "F1", "9:00", "A10"), visit("b", "F2", "9:00", "A10"), visit("c", "F3", "9:00", "A10"),
            visit("d", "F1", "9:10", "A10"), visit("e", "F2", "9:10", "A5"), visit("f", "F3", "11:55", "A10"),
        ],
        people=[person("K", shifts=[shift]), person("S", shifts=[shift])],
    )  # fmt: skip
    assert projected.clocks(day, "8:00") == {
        "a": ("09:00", "09:10"), "b": ("09:00", "09:10"), "c": ("09:10", "09:20"), "d": ("09:10", "09:20"),
        "e": ("09:20", "09:25"), "f": ("11:55", "12:05"),
    }  # fmt: skip


def test_the_hour_that_comes_twice(projected: Projection) -> None:
    """1 November 2026: 1:00 to 2:00 comes twice. a sits since 0:50 for 40 minutes: until the first 1:30 (−04:00).
    c is planned for the first 1:20: begins at the first 1:30, ends at the first 1:50. b is planned for the second 1:20
    (−05:00), an hour after the first, when F1 has long been free: on time, for 60 minutes. d at 2:30: on time."""
    day = written(
        [
            visit("a", "F1", "0:50", "A40", "K"), visit("b", "F1", "2026-11-01T01:20-05:00", "A60", "K"),
            visit("c", "F1", "1:20", "A20", "K"), visit("d", "F1", "2:30", "A10", "K"),
        ],
        [event("a", "seated", "0:50")],
        date="2026-11-01",
    )  # fmt: skip
    times = [(item["projected_start"], item["projected_end"]) for item in projected(day, "1:10")["visits"]]
    assert times == [
        ("2026-11-01T00:50-04:00", "2026-11-01T01:30-04:00"), ("2026-11-01T01:20-05:00", "2026-11-01T02:20-05:00"),
        ("2026-11-01T01:30-04:00", "2026-11-01T01:50-04:00"), ("2026-11-01T02:30-05:00", "2026-11-01T02:40-05:00"),
    ]  # fmt: skip


def test_the_hour_that_never_comes(projected: Projection) -> None:
    """14 March 2027: after 1:59 (−05:00) comes 3:00 (−04:00). a sits since 1:30 for 45 minutes: 30 to 3:00, 15 more,
    3:15. b, planned 3:00 at the same chair: 3:15–3:25. c is written 2:15, which never comes; it runs on to 3:15: at F2
    on time."""
    day = written(
        [
            visit("a", "F1", "1:30", "A45", "K"), visit("b", "F1", "3:00", "A10", "K"),
            visit("c", "F2", "2:15", "A10", "S"),
        ],
        [event("a", "seated", "1:30")],
        date="2027-03-14",
    )  # fmt: skip
    answer = projected(day, "1:40")
    times = [(item["projected_start"], item["projected_end"]) for item in answer["visits"]]
    assert times == [
        ("2027-03-14T01:30-05:00", "2027-03-14T03:15-04:00"), ("2027-03-14T03:15-04:00", "2027-03-14T03:25-04:00"),
        ("2027-03-14T03:15-04:00", "2027-03-14T03:25-04:00"),
    ]  # fmt: skip
    assert answer["delay_minutes"] == 15


def test_past_midnight(projected: Projection) -> None:
    """0:02. a: G is at F1 since 23:55 for 10 minutes: 0:05, K 0:05–0:15, cleaned until 0:18. b (planned 0:10): 0:18.
    c came at 23:58 for 0:00: S 0:02–0:07; G is free 0:05, at F2 by 0:06: 0:07–0:12."""
    day = written(
        [
            visit("a", "F1", "23:40", "A10 D10 A10", "K", cleaning=3), visit("b", "F1", "24:10", "A10", "K"),
            visit("c", "F2", "24:00", "A5 D5", "S"),
        ],
        [
            event("a", "seated", "23:45"), event("a", "doctor_arrived", "23:55"), event("c", "arrived", "23:58"),
        ],
    )  # fmt: skip
    answer = projected(day, "24:02")
    assert [(item["projected_start"], item["delay_minutes"]) for item in answer["visits"]] == [
        ("2026-11-24T23:45-05:00", 5), ("2026-11-25T00:18-05:00", 8), ("2026-11-25T00:02-05:00", 2),
    ]  # fmt: skip
    assert answer["visits"][2]["projected_end"] == "2026-11-25T00:12-05:00"


def test_paused_announced_late_cancelled_and_a_column_for_many(projected: Projection) -> None:
    """9:25. a was paused at 9:10, ten of its twenty minutes done: K 9:25–9:35, G 9:35–9:40, cleaned until 9:42.
    b (planned 9:25, here): 9:42. c said 20 minutes late of 9:20: 9:40 at the earliest, but d (planned 9:35) has F2
    from 9:35 to 9:45: c 9:45. e was cancelled. U holds any number: f and g both begin now, M is not named."""
    day = written(
        [
            visit("a", "F1", "9:00", "A20 D5", "K", cleaning=2), visit("b", "F1", "9:25", "A10", "K"),
            visit("c", "F2", "9:20", "A10", "S"), visit("d", "F2", "9:35", "A10", "S"),
            visit("e", "F2", "9:30", "A10", "S"), visit("f", "U", "9:20", "A5"), visit("g", "U", "9:20", "A5"),
        ],
        [
            event("c", "running_late", "8:50", minutes=20), event("e", "cancelled_late", "8:55"),
            event("a", "seated", "9:00"), event("a", "paused", "9:10"), event("b", "arrived", "9:20"),
            event("d", "arrived", "9:40"),
        ],
        chairs=[{"id": "F1"}, {"id": "F2"}, {"id": "U", "virtual": True}],
    )  # fmt: skip
    assert projected.clocks(day, "9:25") == {
        "a": ("09:00", "09:40"), "b": ("09:42", "09:52"), "c": ("09:45", "09:55"), "d": ("09:35", "09:45"),
        "e": None, "f": ("09:25", "09:30"), "g": ("09:25", "09:30"),
    }  # fmt: skip


def test_the_clinics_own_minutes(projected: Projection) -> None:
    """The clinic takes 10, 6 and 9 minutes for what is planned 8, 4 and 8. a (seated 9:02, G here 9:14 until 9:21):
    K since 9:21 for 9 minutes: 9:30. b (planned 9:20): K 9:30–9:40, G 9:40–9:46, K 9:46–9:55."""
    own = [10, 6, 9]
    day = written(
        [
            visit("a", "F1", "9:00", "A8 D4 A8", "K", expected=own),
            visit("b", "F1", "9:20", "A8 D4 A8", "K", expected=own),
        ],
        [
            event("a", "seated", "9:02"), event("a", "doctor_arrived", "9:14"), event("a", "doctor_left", "9:21"),
            event("b", "arrived", "9:18"),
        ],
    )  # fmt: skip
    assert projected.clocks(day, "9:25") == {"a": ("09:02", "09:30"), "b": ("09:30", "09:55")}


def test_a_file_that_is_no_day_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence, exit 2."""
    file = tmp_path / "day.json"
    for text, now in (('{"date": 3}', "9:00"), (json.dumps(written([visit("a", "F1", "9:00", "A9")])), "nine")):
        file.write_text(text, encoding="utf-8")
        assert main(["day", "--events", str(file), "--now", now, "--json"]) == 2
        assert json.loads(capsys.readouterr().out)["exit"] == 2
    seated = [event("a", "seated", "9:00"), event("a", "left", "9:05")]
    file.write_text(json.dumps(written([visit("a", "F1", "9:00", "A9")], seated)), encoding="utf-8")
    assert main(["day", "--events", str(file), "--now", "9:10"]) == 2
