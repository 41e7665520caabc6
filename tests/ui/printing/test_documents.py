"""Every document on its pages: nothing is cut, nothing lies over anything, names and days are those of the clinic."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.errors import NotFound, PermissionDenied, RuleViolation
from app.core.i18n import language, set_language
from app.journal.queries import Actor
from app.patients.commands import create_patient
from app.patients.queries import Language
from app.scheduling.commands import book_appointment
from tests.app.clinic_world import local
from tests.conftest import NOW
from tests.ui.printing.conftest import LONG
from tests.ui.scheduling.conftest import Desk
from ui.printing.documents import PRINTS, compose, note_print
from ui.printing.label_sheets import PAD
from ui.printing.marks import SMALLEST_POINTS, Composition, Modules, Sign, Text
from ui.printing.orders import TRAINING_WORDS, Order, Sources
from ui.printing.painting import picture_of, write_pdf
from ui.printing.papers import SHEETS
from ui.printing.preview import text_of

NO_ADDRESS = ("address_labels", 1)
"""The second patient has none: `test_address_labels_are_refused_without_an_address`."""


def faults(composition: Composition) -> list[str]:
    """Text that is too small, wider than its room, outside the page or over other text."""
    across, down = composition.page_size()
    found = []
    for number, page in enumerate(composition.pages, 1):
        texts = [mark for mark in page.marks if isinstance(mark, Text) and mark.text.strip()]
        for mark in texts:
            if mark.style.size < SMALLEST_POINTS:
                found.append(f"{number}: small {mark.text}")
            if mark.width > mark.room + 0.05:
                found.append(f"{number}: cut {mark.text}")
            if mark.x < 8 or mark.y < 8 or mark.x + mark.width > across - 8 or mark.y + mark.style.leading > down - 8:
                found.append(f"{number}: outside {mark.text}")
        boxes = [(m.x, m.y + 2, m.x + m.width, m.y + m.style.size, m.text) for m in texts]
        boxes += [(m.x, m.y, m.x + m.width, m.y + m.height, m.holds) for m in page.marks if isinstance(m, Modules)]
        boxes += [(m.x, m.y, m.x + m.size, m.y + m.size, m.shape) for m in page.marks if isinstance(m, Sign)]
        for at, one in enumerate(boxes):
            found += [
                f"{number}: {one[4]} over {other[4]}"
                for other in boxes[at + 1 :]
                if one[0] < other[2] - 0.1
                and other[0] < one[2] - 0.1
                and one[1] < other[3] - 0.1
                and other[1] < one[3] - 0.1
            ]
    return found


def words(composition: Composition) -> str:
    """All that can be read."""
    return "\n".join(text_of(composition, number) for number in range(len(composition.pages)))


@pytest.mark.parametrize("speak", ["fr", "en"])
@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize(("document", "place"), [(n, at) for n in PRINTS for at in (0, 1) if (n, at) != NO_ADDRESS])
def test_nothing_is_cut(sources: Sources, desk: Desk, document: str, place: int, paper: str, speak: str) -> None:
    order = Order(document, desk.patients[place], on=NOW.date(), paper=paper, language=speak, count=3, first=1)
    composition = compose(sources, order)
    assert faults(composition) == []
    assert composition.language == speak
    assert all(TRAINING_WORDS in text_of(composition, number) for number in range(len(composition.pages)))


def test_a_planted_fault_is_reported(sources: Sources, desk: Desk) -> None:
    from dataclasses import replace

    composition = compose(sources, Order("summary", desk.patients[0]))
    page = composition.pages[0]
    first = next(mark for mark in page.marks if isinstance(mark, Text))
    planted = replace(first, room=first.width / 2)
    broken = replace(composition, pages=(replace(page, marks=(*page.marks, planted)),))
    assert any("cut" in fault for fault in faults(broken))
    assert any("over" in fault for fault in faults(broken))


@pytest.mark.parametrize("document", ["day_by_chair", "day_by_doctor", "paper_mode", "evacuation"])
@pytest.mark.parametrize("speak", ["fr", "en"])
def test_120_visits_break_over_pages(sources: Sources, crowd: Callable[[int], None], document: str, speak: str) -> None:
    crowd(120)
    composition = compose(sources, Order(document, on=NOW.date(), language=speak))
    assert len(composition.pages) > 5
    assert faults(composition) == []
    head = "Telephone" if speak == "en" else "Téléphone"
    pages = [text_of(composition, number) for number in range(len(composition.pages))]
    with_visits = [text for text in pages if "Florence Bergeron" in text.replace("\n", " ")]
    assert len(with_visits) >= 5
    assert all(head in text for text in with_visits), "each page repeats the head"
    last = text_of(composition, len(composition.pages) - 1)
    count = len(composition.pages)
    assert (f"Page {count} de {count}" if speak == "fr" else f"Page {count} of {count}") in last
    visits = 120 if document != "evacuation" else 240  # of yesterday, too
    whole = words(composition).replace("\n", " ")
    assert len(re.findall(r"Florence\s+Bergeron", whole)) == visits // 3


def test_long_names_are_whole(sources: Sources, desk: Desk) -> None:
    for document in ("day_by_chair", "evacuation", "slip", "summary"):
        text = re.sub(r"\s+", "", words(compose(sources, Order(document, desk.patients[1], on=NOW.date()))))
        assert all(part.replace(" ", "") in text for part in LONG), document


def test_a_day_sheet_keeps_money_and_custody_from_the_wall(sources: Sources, desk: Desk) -> None:
    sheet = words(compose(sources, Order("day_by_chair", on=NOW.date())))
    assert "Latex" in sheet
    assert "versements" not in sheet
    assert "Garde" not in sheet
    desk_paper = words(compose(sources, Order("paper_mode", on=NOW.date())))
    assert "Garde partagée" in desk_paper.replace("\n", " ")
    slip = words(compose(sources, Order("slip", desk.patients[0])))
    assert "Latex" in slip
    assert "Garde" not in slip


def test_alerts_are_told_apart_without_colour(sources: Sources, desk: Desk) -> None:
    marks = [m for page in compose(sources, Order("summary", desk.patients[0])).pages for m in page.marks]
    assert {mark.shape for mark in marks if isinstance(mark, Sign)} == {"octagon", "triangle", "circle"}


def test_who_is_in_the_building(sources: Sources, desk: Desk) -> None:
    composition = compose(sources, Order("evacuation", language="en"))
    text = words(composition)
    assert "Olivia Lavoie" in text
    assert "Bergeron" not in text, "not arrived yet"
    assert "2 patients in the building" in text
    assert "3 persons of the team on shift" in text
    assert set(composition.subjects) == set(desk.patients[:2])


def test_the_family_is_spoken_to_in_its_language(sources: Sources, desk: Desk) -> None:
    runner, boss = sources.runner, sources.actor
    child = runner.run(boss, create_patient, "Smith", "Emma", language=Language.ENGLISH)
    runner.run(boss, book_appointment, child, "ADJ", desk.chairs[1], local(2026, 11, 24, 14), None, desk.hands[1])
    assert language() == "fr"
    slip = compose(sources, Order("slip", child))
    assert "Routing slip" in words(slip)
    assert "Tuesday, November" in words(slip)
    assert "Sommaire du patient" in words(compose(sources, Order("summary", child))), (
        "the clinic reads its own language"
    )
    assert language() == "fr"


def test_codes_hold_the_file_number(sources: Sources, desk: Desk) -> None:
    from app.patients.queries import patient_banner
    from ui.shell.scanning import read_mark

    number = sources.ask(patient_banner, desk.patients[0]).file_number
    for document in ("slip", "card", "chart_labels"):
        composition = compose(sources, Order(document, desk.patients[0]))
        held = [mark.holds for page in composition.pages for mark in page.marks if isinstance(mark, Modules)]
        assert held
        for text in held:
            scanned = read_mark(text)
            assert scanned is not None
            assert (scanned.file_number, scanned.ours) == (number, True)


def test_labels_lie_inside_their_cut(sources: Sources, desk: Desk) -> None:
    for code in PRINTS["chart_labels"].sheets:
        sheet = SHEETS[code]
        for document in ("chart_labels", "address_labels"):
            order = Order(document, desk.patients[0], sheet=code, first=2, count=sheet.count)
            composition = compose(sources, order)
            assert len(composition.pages) == 2, "two places are taken, so two labels go to another sheet"
            assert composition.paper is sheet.paper
            width, height = sheet.label_size()
            cuts = [sheet.place(index) for index in range(sheet.count)]
            for mark in (m for page in composition.pages for m in page.marks if isinstance(m, Text | Modules)):
                high = mark.style.size if isinstance(mark, Text) else mark.height
                assert any(
                    x <= mark.x
                    and mark.x + mark.width <= x + width
                    and y <= mark.y
                    and mark.y + high <= y + height - PAD / 2
                    for x, y in cuts
                ), (code, document, mark)


def test_address_labels(sources: Sources, desk: Desk) -> None:
    text = words(compose(sources, Order("address_labels", desk.patients[0])))
    assert "Anne Lavoie" in text
    assert "Montréal QC  H2X 1Y4" in text


def test_address_labels_are_refused_without_an_address(sources: Sources, desk: Desk) -> None:
    with pytest.raises(RuleViolation):
        compose(sources, Order("address_labels", desk.patients[2]))


def test_card_names_the_next_visit_and_the_one_after(sources: Sources, desk: Desk) -> None:
    text = words(compose(sources, Order("card", desk.patients[0], language="en")))
    assert "Wednesday, November\u00a025, 2026" in text, "today’s visit has begun"
    assert "Then Dec.\u00a015, 2026" in text


def test_refusals(sources: Sources, desk: Desk) -> None:
    with pytest.raises(NotFound):
        compose(sources, Order("nothing"))
    with pytest.raises(RuleViolation):
        compose(sources, Order("summary"))
    with pytest.raises(RuleViolation):
        compose(sources, Order("chart_labels", desk.patients[0], first=30))
    guest = Sources(sources.runner, Actor("guest", "Noé"))
    for spec in PRINTS.values():
        with pytest.raises(PermissionDenied):
            compose(guest, Order(spec.name, desk.patients[0], on=NOW.date()))


def test_every_print_is_logged_for_each_patient(sources: Sources, desk: Desk) -> None:
    note_print(sources, compose(sources, Order("day_by_chair", on=NOW.date())))
    sources.runner.flush()
    with sources.runner.read(sources.actor) as read:
        rows = read.sql("SELECT subject FROM access_log WHERE kind = 'print' AND detail = 'day_by_chair'")
    assert {row[0] for row in rows} == set(desk.patients[:3])


def test_a_pdf_has_every_page_and_only_its_owner_reads_it(
    sources: Sources, crowd: Callable[[int], None], tmp_path: Path
) -> None:
    crowd(40)
    composition = compose(sources, Order("paper_mode", on=NOW.date()))
    path = tmp_path / "paper" / "p.pdf"
    write_pdf(composition, path)
    content = path.read_bytes()
    assert content.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", content)) == len(composition.pages)
    assert path.stat().st_mode & 0o077 == 0
    assert [file.name for file in path.parent.iterdir()] == ["p.pdf"]


def test_pages_are_painted_black_on_white(sources: Sources, desk: Desk) -> None:
    for document in PRINTS:
        composition = compose(sources, Order(document, desk.patients[0], on=NOW.date()))
        image = picture_of(composition, 0, 1.0)
        inks = {
            image.pixelColor(x, y).saturation() for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)
        }
        assert inks == {0}, document
        border = [image.pixelColor(x, 5).lightness() for x in range(image.width())]
        assert set(border) == {255}, f"{document} has ink where printers cannot print"
        dark = sum(
            image.pixelColor(x, y).lightness() < 100
            for x in range(0, image.width(), 2)
            for y in range(0, image.height(), 2)
        )
        assert dark > 100, document


def test_set_language_is_not_touched(sources: Sources, desk: Desk) -> None:
    set_language("en")
    try:
        assert "Résumé" not in words(compose(sources, Order("summary", desk.patients[0], language="fr")))
        assert language() == "en"
    finally:
        set_language("fr")
