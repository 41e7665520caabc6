"""Reading files of every form: encodings, separators, cells, days, amounts, and odd bytes of any kind."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.conversion.cells import (
    CellError,
    date_orders,
    read_day,
    read_money,
    read_time,
    read_whole,
    read_yes_no,
)
from app.conversion.fields import FIELDS, guess_columns, guess_kind
from app.conversion.mapping import (
    FileMapping,
    GivenFile,
    Mapping,
    as_body,
    check_pattern,
    given_files,
    read_mapping,
    with_words,
)
from app.conversion.previewing import preview
from app.conversion.rows import BadRow, GivenRow, RowReader, survey
from app.conversion.sheets import open_sheet
from app.conversion.vocabulary import DateOrder, RowKind
from app.core.errors import RuleViolation
from app.core.i18n import set_language, translate

TEXT = "Numéro;Nom\r\n1;Côté\r\n2;Lavoie\r\n"


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"),
    ],
)  # fmt: skip
def test_an_encoding_is_found_out(tmp_path: Path, encoding: str, found: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode(encoding))
    sheet = open_sheet(path)
    assert sheet.encoding == found
    assert sheet.headings == ("Numéro", "Nom")
    assert [record.cells for record in sheet.records()] == [("1", "Côté"), ("2", "Lavoie")]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_a_separator_is_found_out_in_spite_of_the_others_in_cells(tmp_path: Path, separator: str) -> None:
    rows = [["No", "Nom", "Adresse"], ["1", "Roy", "12, rue A; app. 3"], ["2", "Côté", "1, rue B|C"]]
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    path = tmp_path / "a.csv"
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    sheet = open_sheet(path)
    assert sheet.separator == separator
    assert [list(record.cells) for record in sheet.records()] == rows[1:]


def test_lines_are_those_of_the_file_where_cells_hold_line_breaks(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,"x\ny\nz"\n\n2,"say ""hi"""\n', encoding="utf-8")
    assert [(one.line, one.cells) for one in open_sheet(path).records()] == [
        (2, ("1", "x\ny\nz")),
        (6, ("2", 'say "hi"')),
    ]


def test_a_file_without_anything_is_refused_in_a_sentence(tmp_path: Path) -> None:
    for content in (b"", b"\r\n\r\n", b"\xef\xbb\xbf"):
        path = tmp_path / "a.csv"
        path.write_bytes(content)
        with pytest.raises(RuleViolation, match="is empty"):
            open_sheet(path)
    with pytest.raises(RuleViolation, match="cannot be read"):
        open_sheet(tmp_path / "nowhere.csv")


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("17/05/2012", DateOrder.DAY_FIRST, "2012-05-17"), ("05/17/2012", DateOrder.MONTH_FIRST, "2012-05-17"),
        ("2012-05-17", None, "2012-05-17"), ("20120517", None, "2012-05-17"), ("2012/5/7 14:30", None, "2012-05-07"),
        ("7-5-2012", DateOrder.DAY_FIRST, "2012-05-07"), ("17.05.2012 00:00:00", DateOrder.DAY_FIRST, "2012-05-17"),
    ],
)  # fmt: skip
def test_days(text: str, order: DateOrder | None, day: str) -> None:
    assert read_day(text, order) == day


@pytest.mark.parametrize("text", ["31/02/2012", "17/05/12", "5/2012", "hier", "17/05/2012"])
def test_what_is_no_day_is_not_guessed(text: str) -> None:
    with pytest.raises(CellError):
        read_day(text, DateOrder.MONTH_FIRST)


def test_the_order_of_days_follows_from_the_column_or_is_asked() -> None:
    assert date_orders(["03/04/2012", "17/05/2012"]).order is DateOrder.DAY_FIRST
    assert date_orders(["03/04/2012", "05/17/2012"]).order is DateOrder.MONTH_FIRST
    assert date_orders(["03/04/2012", "01/02/2013"]).order is None
    assert date_orders(["2012-03-04"]).order is DateOrder.YEAR_FIRST
    assert date_orders(["17/05/2012", "18/05/2012", "05/31/2012"]).order is DateOrder.DAY_FIRST
    assert date_orders(["2012-03-04", "2011-02-31", "31/02/2012"]).order is DateOrder.YEAR_FIRST


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1 234,50 $", "123450"), ("$1,234.50", "123450"), ("1234.5", "123450"), ("(12.00)", "-1200"), ("-12", "-1200"),
        ("0,00", "0"), ("1,234", "123400"), ("1.234,56", "123456"), ("7", "700"),
        ("1\u00a0234,50", "123450"), (".5", "50"), ("1,234,567.89", "123456789"),
    ],
)  # fmt: skip
def test_amounts(text: str, cents: str) -> None:
    assert read_money(text) == cents


@pytest.mark.parametrize("text", ["abc", "1.234", "12.345", "--", "1e5", "", "٣"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        read_money(text)


@pytest.mark.parametrize(
    ("text", "time"),
    [("9:00", "09:00"), ("14 h 30", "14:30"), ("2:30 PM", "14:30"), ("12:05 am", "00:05"), ("14h", "14:00"),
     ("2026-10-20 09:15:00", "09:15")],
)  # fmt: skip
def test_times(text: str, time: str) -> None:
    assert read_time(text) == time
    for wrong in ("25:00", "9:75", "midi"):
        with pytest.raises(CellError):
            read_time(wrong)


def test_numbers_and_yes_or_no() -> None:
    assert [read_whole("60 %"), read_whole("50,00")] == ["60", "50"]
    assert [read_yes_no("Oui"), read_yes_no("N")] == ["1", ""]
    for read, wrong in ((read_whole, "half"), (read_yes_no, "peut-être")):
        with pytest.raises(CellError):
            read(wrong)


def test_heads_written_in_one_word_are_found() -> None:
    found = guess_columns(RowKind.PATIENTS, ("PatientID", "LastName", "FirstName", "BirthDate", "DOB"))
    assert found == {
        "number": "PatientID", "family_name": "LastName", "given_name": "FirstName", "born_on": "BirthDate",
    }  # fmt: skip


def test_heads_are_guessed_in_both_languages_and_each_is_used_once() -> None:
    english = ("Patient ID", "Last Name", "First Name", "DOB", "Gender", "Home Phone", "Cell Phone", "Email", "Zip")
    found = guess_columns(RowKind.PATIENTS, english)
    assert found == {
        "number": "Patient ID", "family_name": "Last Name", "given_name": "First Name", "born_on": "DOB",
        "sex": "Gender", "home": "Home Phone", "mobile": "Cell Phone", "email": "Email", "postal_code": "Zip",
    }  # fmt: skip
    assert guess_kind("export_rdv_2026", ("a",)) is RowKind.APPOINTMENTS
    assert guess_kind("x", ("Patient ID", "Balance", "Date")) is RowKind.BALANCES
    for kind, specs in FIELDS.items():
        assert len({spec.name for spec in specs}) == len(specs), kind


def test_a_mapping_reads_back_and_wrong_ones_are_refused() -> None:
    mapping = Mapping(
        "Vieux", "Vieux", (FileMapping(RowKind.PATIENTS, "p*.csv", {"number": "No"}),), "{number}_{date}.jpg"
    )

    assert read_mapping(as_body(mapping)) == mapping
    for wrong in (3, {"name": "a"}, as_body(mapping) | {"name": " "}, as_body(mapping) | {"image_pattern": "{date}"}):
        with pytest.raises(RuleViolation):
            read_mapping(wrong)
    unknown = FileMapping(RowKind.PATIENTS, "p", {"shoe_size": "Pointure"})
    with pytest.raises(RuleViolation, match="is not a field"):
        read_mapping(as_body(Mapping("a", "a", (unknown,))))
    for pattern in ("{number}{number}", "{nam}.jpg", "{number", "{}"):
        with pytest.raises(RuleViolation):
            check_pattern(pattern)


def test_words_of_the_old_system_are_mapped_by_the_clinic(tmp_path: Path) -> None:
    path = tmp_path / "patients.csv"
    path.write_text("No;Nom;Prénom;Sexe\n1;Roy;Léa;Dame\n", encoding="utf-8")
    mapping = FileMapping(RowKind.PATIENTS, "patients.csv", guess_columns(RowKind.PATIENTS, open_sheet(path).headings))
    first = preview(GivenFile(open_sheet(path), mapping))
    assert [(word.given, word.ours) for word in first.words] == [("Dame", "")]
    assert "Dame" in first.rows[0].problem
    told = preview(GivenFile(open_sheet(path), with_words(mapping, "sex", [("Dame", "F")])))
    assert told.rows[0].problem == ""
    assert told.words[0].ours == "F"


def test_mended_rows_of_a_file_fit_its_mapping(tmp_path: Path) -> None:
    path = tmp_path / "Patients.rejected.csv"
    path.write_text("No;Nom\n1;Roy\n", encoding="utf-8")
    files, unknown = given_files([path], Mapping("a", "a", (FileMapping(RowKind.PATIENTS, "patients.csv"),)))
    assert [one.name for one in files] == ["Patients.rejected.csv"]
    assert unknown == []


def reader_of(path: Path) -> RowReader:
    sheet = open_sheet(path)
    columns = {"number": sheet.headings[0], "family_name": sheet.headings[1], "given_name": sheet.headings[-1]}
    given_file = GivenFile(sheet, FileMapping(RowKind.PATIENTS, path.name, columns))
    return RowReader(given_file, survey(given_file).orders)


def test_a_cell_of_a_megabyte_nul_and_missing_cells_reject_their_row_only(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    rows = [b"No;Nom;Prenom", b"1;Roy;Lea", b"2;" + b"x" * 1_000_000 + b";Leo", b"3;R\x00y;Max", b"4;Roy", b"5;Roy;Eve"]
    path.write_bytes(b"\r\n".join(rows))
    found = list(reader_of(path))
    assert [(row.line, isinstance(row, GivenRow)) for row in found] == [
        (2, True), (3, False), (4, False), (5, False), (6, True),
    ]  # fmt: skip
    for row in found:
        for problem in row.problems if isinstance(row, BadRow) else ():
            for language in ("fr", "en"):
                set_language(language)
                assert "{" not in translate(problem.message, **problem.values)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400))
def test_no_bytes_whatever_stop_the_reading(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(b"No;Nom;Prenom\r\n" + data)
    for row in reader_of(path):
        assert isinstance(row, GivenRow) or row.problems


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=st.lists(
        st.tuples(*[st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=20)] * 2),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_what_is_written_is_read_back(tmp_path: Path, cells: list[tuple[str, str]]) -> None:
    path = tmp_path / "p.csv"
    rows = [(str(number), one, two) for number, (one, two) in enumerate(cells)]
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        csv.writer(handle, delimiter=";", quoting=csv.QUOTE_ALL).writerows([("No", "Nom", "Prenom"), *rows])
    sheet = open_sheet(path, separator=";")
    assert [record.cells for record in sheet.records()] == rows
